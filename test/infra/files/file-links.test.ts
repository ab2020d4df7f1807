import { randomBytes, randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { createFileLinks } from "../../../infra/files/file-links.js";

const until = new Date("2026-12-01T00:00:00Z");
const before = new Date(until.getTime() - 1_000);
const fileId = randomUUID();
const secret = randomBytes(32);
const links = createFileLinks(secret, "https://help.example");
const query = new URL(links.linkTo(fileId, until)).searchParams;

it("opens its file until its time is over, and nothing else", () => {
  expect(links.isValid(fileId, query, before)).toBe(true);
  expect(links.isValid(fileId, query, until)).toBe(false);
  expect(links.isValid(randomUUID(), query, before)).toBe(false);
  expect(createFileLinks(randomBytes(32), null).isValid(fileId, query, before)).toBe(false);
});

it.each([
  ["until", "9999999999"],
  ["until", `0${query.get("until") ?? ""}`],
  ["until", ""],
  ["signature", ""],
  ["signature", (query.get("signature") ?? "").replace(/.$/u, "!")],
])("does not open with another %s (%s)", (name, value) => {
  const forged = new URLSearchParams(query);
  forged.set(name, value);
  expect(links.isValid(fileId, forged, before)).toBe(false);
});

it("is a path where there is no public address", () => {
  expect(createFileLinks(secret, null).linkTo(fileId, until)).toMatch(
    /^\/files\/[\da-f-]{36}\?until=\d+&signature=[\w-]{43}$/u,
  );
});
