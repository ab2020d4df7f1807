import { describe, expect, it } from "vitest";
import { ConsoleHarness } from "./console-harness.js";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe("a sign-in link", () => {
  it("is exchanged for a cookie that scripts and other sites cannot use", async () => {
    const harness = new ConsoleHarness();
    const { pathname, search } = harness.signInLink();

    const response = await harness.get(pathname + search);

    expect(response.status).toBe(303);
    expect(response.headers?.["location"]).toBe("/");
    expect(response.headers?.["set-cookie"]).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/u);
    expect(response.headers?.["cache-control"]).toBe("no-store");
  });

  it("works once", async () => {
    const harness = new ConsoleHarness();
    const { pathname, search } = harness.signInLink();
    await harness.get(pathname + search);

    const second = await harness.get(pathname + search);

    expect(second.headers?.["set-cookie"]).toBeUndefined();
    expect(second.headers?.["location"]).toBe("/?link=expired");
  });

  it("works for ten minutes", async () => {
    const harness = new ConsoleHarness();
    const inTime = harness.signInLink();
    const late = harness.signInLink();

    harness.now = new Date(harness.now.getTime() + 10 * MINUTE_MS - 1);
    expect((await harness.get(inTime.pathname + inTime.search)).headers?.["set-cookie"]).toBeDefined();
    harness.now = new Date(harness.now.getTime() + 1);
    expect((await harness.get(late.pathname + late.search)).headers?.["set-cookie"]).toBeUndefined();
  });

  it.each(["/signin", "/signin?token=", "/signin?token=guess"])("opens nothing as %s", async (path) => {
    const response = await new ConsoleHarness().get(path);

    expect(response.headers?.["set-cookie"]).toBeUndefined();
    expect(response.headers?.["location"]).toBe("/?link=expired");
  });

  it("leads somebody who is signed in to the page when it is used up", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();

    const response = await harness.get("/signin?token=used", { cookie });

    expect(response.headers?.["location"]).toBe("/");
  });
});

describe("a new link", () => {
  const sessionOf = (setCookie: string | undefined): string => {
    const payload = setCookie?.split("=", 2)[1]?.split(".", 1)[0] ?? "";
    return (JSON.parse(Buffer.from(payload, "base64url").toString()) as { id: string }).id;
  };

  it("lets a browser that is signed in go on with its session, and with its conversations", async () => {
    const harness = new ConsoleHarness();
    const { cookie, sessionId } = await harness.signIn();
    const { pathname, search } = harness.signInLink();

    const response = await harness.get(pathname + search, { cookie });

    expect(sessionOf(response.headers?.["set-cookie"])).toBe(sessionId);
  });

  it("starts another session for another role", async () => {
    const harness = new ConsoleHarness();
    const { cookie, sessionId } = await harness.signIn("customer");
    const { pathname, search } = harness.signInLink("admin");

    const response = await harness.get(pathname + search, { cookie });

    expect(sessionOf(response.headers?.["set-cookie"])).not.toBe(sessionId);
  });
});

describe("a session", () => {
  it("opens the console for a week", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();

    harness.now = new Date(harness.now.getTime() + 7 * DAY_MS - 1);
    expect((await harness.get("/api/session", { cookie })).status).toBe(200);
    harness.now = new Date(harness.now.getTime() + 1);
    expect((await harness.get("/api/session", { cookie })).status).toBe(401);
  });

  it("is refused when another installation signed it", async () => {
    const { cookie } = await new ConsoleHarness().signIn();
    const other = new ConsoleHarness();
    const own = await other.signIn();
    const forged = `${own.cookie.split("=", 1)[0] ?? ""}=${cookie.split("=")[1] ?? ""}`;

    expect((await other.get("/api/session", { cookie: forged })).status).toBe(401);
  });

  it("is refused when its contents were changed", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const [name = "", value = ""] = cookie.split("=");
    const [payload = "", signature = ""] = value.split(".");
    const contents = JSON.parse(Buffer.from(payload, "base64url").toString()) as { id: string; expiresAt: number };
    const changed = Buffer.from(JSON.stringify({ ...contents, expiresAt: contents.expiresAt + DAY_MS })).toString(
      "base64url",
    );

    expect((await harness.get("/api/session", { cookie: `${name}=${changed}.${signature}` })).status).toBe(401);
    expect((await harness.get("/api/session", { cookie: `${name}=${payload}` })).status).toBe(401);
    expect((await harness.get("/api/session", { cookie: `${name}=${payload}.${signature}.x` })).status).toBe(401);
    expect((await harness.get("/api/session", { cookie })).status).toBe(200);
  });

  it("is needed by every route but the one that makes it", async () => {
    const harness = new ConsoleHarness();
    const guarded = harness.routes.filter(({ path }) => path !== "/signin");

    const statuses = await Promise.all(
      guarded.map(async ({ method, path }) => {
        const filled = path.replaceAll(/:\w+/gu, "1");
        const response = method === "GET" ? await harness.get(filled) : await harness.post(filled, {});
        return `${method} ${path} ${response.status}`;
      }),
    );

    expect(guarded.length).toBeGreaterThan(9);
    expect(statuses.filter((line) => !line.endsWith(" 401"))).toEqual([]);
    expect(harness.sink.events).toEqual([]);
    expect(harness.live.listeners).toBe(0);
  });
});
