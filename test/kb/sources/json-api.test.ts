import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createJsonApi, readPages, type JsonApi } from "../../../kb/sources/json-api.js";
import { vendorServer, type VendorAnswer, type VendorServer } from "../../support/vendor-server.js";

const ORIGIN = "https://api.vendor.example";
const signal = new AbortController().signal;
const anything = z.unknown();

function apiOf(server: VendorServer): JsonApi {
  const advice = { unauthorized: "Set the secret.", forbidden: "Give it rights." };
  return createJsonApi({
    vendor: "Vendor",
    origin: ORIGIN,
    headers: { authorization: "Bearer s" },
    fetch: server.fetch,
    advice,
  });
}

async function failureOf(answer: VendorAnswer): Promise<unknown> {
  await using server = await vendorServer(ORIGIN, () => answer);
  return await apiOf(server)
    .get({ path: "/things" }, z.object({ results: z.array(z.object({ id: z.string() })) }), signal)
    .then(
      () => null,
      (error: unknown) => error,
    );
}

describe("a vendor's API", () => {
  it.each([
    [{ status: 403, body: {} }, "does not allow reading /things (403), so nothing was changed. Give it rights."],
    [{ status: 404, body: {} }, "has nothing at /things (404)"],
    [{ status: 400, body: {} }, "refuses /things (400)"],
    [{ status: 500, body: {} }, "has a fault (500), so nothing was changed. The next sync tries again."],
    [{ status: 429, headers: { "retry-after": "900" }, body: {} }, "asks for a pause for 900 s (429)"],
    [{ status: 204, body: "" }, "refuses /things (204)"],
    [{ headers: { "content-type": "text/plain" }, body: "[]" }, "something that is no data"],
    [{ headers: { "content-type": "application/json" }, body: "<html>" }, "JSON that cannot be read"],
    [{ body: { results: [{ id: 7 }] } }, "in another form than documented (results.0.id)"],
    [{ body: [] }, "in another form than documented (the whole)"],
  ])("says of %j what to do", async (answer, message) => {
    await expect(failureOf(answer)).resolves.toMatchObject({
      name: "SourceError",
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([
    "https://evil.example/next",
    "//evil.example/next",
    "https://u:p@api.vendor.example/next",
    "http://api.vendor.example/next",
  ])("sends its secret to no other place, as to a next page at %s", async (next) => {
    await using server = await vendorServer(ORIGIN, () => ({ body: {} }));
    await expect(apiOf(server).get({ path: next }, anything, signal)).rejects.toThrow(
      "outside of https://api.vendor.example",
    );
    expect(server.requests).toEqual([]);
  });

  it("follows no redirect to another place", async () => {
    await using server = await vendorServer(ORIGIN, () => ({
      status: 302,
      headers: { location: "https://evil.example/" },
      body: {},
    }));
    await expect(apiOf(server).get({ path: "/things" }, anything, signal)).rejects.toMatchObject({
      name: "SourceError",
      message: expect.stringContaining("leads to https://evil.example/") as string,
    });
    expect(server.requests).toHaveLength(1);
  });

  it("sends a question by POST again after a pause, as it changes nothing", async () => {
    await using server = await vendorServer(ORIGIN, ({ method, body }) => ({ body: { method, body } }));
    server.limitOnce(3);
    const answer = await apiOf(server).get({ path: "/search", body: { query: "" } }, anything, signal);
    expect(answer).toEqual({ method: "POST", body: { query: "" } });
    expect(server.waitsMs).toEqual([3_000]);
  });

  it("gives null for what is not there, where that is an answer", async () => {
    await using server = await vendorServer(ORIGIN, () => ({ status: 404, body: {} }));
    await expect(apiOf(server).find({ path: "/things/1" }, anything, signal)).resolves.toBeNull();
  });

  it("reads page after page, and stops at one that was read before", async () => {
    const read = (at: string) =>
      Promise.resolve({ page: at, next: at === "c" ? "b" : String.fromCharCode(at.charCodeAt(0) + 1) });
    const pages: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const page of readPages("Vendor", "a", read)) pages.push(page);
    };
    await expect(reading()).rejects.toThrow("Vendor gives the same page again and again");
    expect(pages).toEqual(["a", "b", "c"]);
  });
});
