import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { FetchError } from "../../../kb/sources/http/fetch-error.js";
import { createSafeFetch, type SafeFetchSettings } from "../../../kb/sources/safe-fetch.js";
import { localNames, localWeb } from "../../support/local-web.js";

const file = path.join(process.env["TEST_DATA_DIR"] ?? "/none", "attacks", "attacks.jsonl");
const reason = existsSync(file) ? "" : " (skipped: TEST_DATA_DIR names no folder with attacks/attacks.jsonl)";

const caseSchema = z.object({ id: z.string(), input: z.string(), must_hold: z.string() });
const commandSchema = z.object({ text: z.string().startsWith("add ") });

const cases = (existsSync(file) ? readFileSync(file, "utf8").split("\n") : [])
  .filter((line) => line.includes('"id": "SSR-'))
  .map((line) => caseSchema.parse(JSON.parse(line)))
  .map(({ id, input, must_hold }) => ({
    id,
    mustHold: must_hold,
    url: commandSchema.parse(JSON.parse(input)).text.slice("add ".length),
  }));

const SECRET = "what only this machine may read";
const signal = new AbortController().signal;

async function refusal(url: string, settings: Partial<SafeFetchSettings>): Promise<FetchError> {
  const fetch = createSafeFetch({ version: "1", retries: { waitsMs: [] }, ...settings });
  const error: unknown = await fetch(url, {}, signal).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FetchError)) throw new Error(`${url} was not refused`, { cause: error });
  expect(error.message).not.toContain(SECRET);
  return error;
}

/** How many sockets this process made while the work ran. */
async function socketsMadeBy(work: () => Promise<unknown>): Promise<number> {
  let sockets = 0;
  const count = (): void => void (sockets += 1);
  subscribe("net.client.socket", count);
  try {
    await work();
  } finally {
    unsubscribe("net.client.socket", count);
  }
  return sockets;
}

const byAddress = cases.filter(({ url }) => !url.includes(".test"));

describe.skipIf(cases.length === 0)(`the cases of attacks.jsonl against the server side fetch${reason}`, () => {
  it("there are 14 of them", () => {
    expect(cases.map(({ id }) => id)).toEqual(
      Array.from({ length: 14 }, (_, i) => `SSR-${String(i + 1).padStart(2, "0")}`),
    );
  });

  it.each(byAddress)("$id: no socket is made for $url. $mustHold", async ({ url }) => {
    const names = localNames({ localhost: [["127.0.0.1"]] });
    const sockets = await socketsMadeBy(async () => {
      const { failure } = await refusal(url, { resolve: names.resolve });
      expect(["blocked-address", "credentials-in-url"]).toContain(failure);
    });
    expect(sockets).toBe(0);
    expect(names.asked).toEqual([]);
  });

  it.each(byAddress)("$id: what listens on this machine sees no connection", async ({ url }) => {
    await using ipv4 = await localWeb((_, response) => response.end(SECRET));
    await using ipv6 = await localWeb((_, response) => response.end(SECRET), { address: "::1", port: ipv4.port });
    const withPort = new URL(url);
    withPort.port = String(ipv4.port);
    await refusal(withPort.href, {});
    expect([ipv4.connections, ipv6.connections]).toEqual([0, 0]);
  });

  it("SSR-12: of two answers for a name only the first is asked for, and the address that was checked is used", async () => {
    await using internal = await localWeb((_, response) => response.end(SECRET));
    await using checked = await localWeb((_, response) => response.end("public"), {
      address: "127.0.0.2",
      port: internal.port,
    });
    const names = localNames({ "rebind.test": [["127.0.0.2"], ["127.0.0.1"]] });
    const fetch = createSafeFetch({ version: "1", resolve: names.resolve, allowedPrivateHosts: ["127.0.0.2"] });
    const url = urlOf("SSR-12", internal.port);

    const { bytes } = await fetch(url, {}, signal);

    expect(Buffer.from(bytes).toString()).toBe("public");
    expect([names.asked, checked.connections, internal.connections]).toEqual([["rebind.test"], 1, 0]);
  });

  it("SSR-12: the second answer is refused when a later request has to ask again", async () => {
    await using internal = await localWeb((_, response) => response.end(SECRET));
    const names = localNames({ "rebind.test": [["127.0.0.1"]] });
    const { failure } = await refusal(urlOf("SSR-12", internal.port), { resolve: names.resolve });
    expect([failure, names.asked.length, internal.connections]).toEqual(["blocked-address", 1, 0]);
  });

  it("SSR-13: a redirect to this machine is not followed", async () => {
    await using internal = await localWeb((_, response) => response.end(SECRET));
    const location = `http://127.0.0.1:${internal.port}/`;
    await using redirector = await localWeb((_, response) => response.writeHead(302, { location }).end(SECRET));
    const { failure } = await refusal(urlOf("SSR-13", redirector.port), {
      resolve: localNames({ "redirector.test": [["127.0.0.1"]] }).resolve,
      allowedPrivateHosts: ["redirector.test"],
    });
    expect([failure, redirector.connections, internal.connections]).toEqual(["blocked-address", 1, 0]);
  });

  it("SSR-14: a name with one private address among its addresses is refused", async () => {
    await using internal = await localWeb((_, response) => response.end(SECRET));
    const names = localNames({ "multi.test": [["8.8.8.8", "127.0.0.1"]] });
    const { failure } = await refusal(urlOf("SSR-14", internal.port), { resolve: names.resolve });
    expect([failure, names.asked, internal.connections]).toEqual(["blocked-address", ["multi.test"], 0]);
  });
});

function urlOf(id: string, port: number): string {
  const url = new URL(cases.find((one) => one.id === id)?.url ?? "");
  url.port = String(port);
  return url.href;
}
