import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRemoteOperations, ServerError } from "../../../infra/cli/remote-operations.js";
import { createControlRoutes } from "../../../infra/http/control-routes.js";
import { createHttpServer } from "../../../infra/http/http-server.js";
import {
  createControlToken,
  findRunningServer,
  removeServerFile,
  writeServerFile,
} from "../../../infra/http/server-file.js";
import { createMetrics } from "../../../infra/telemetry/metrics.js";
import type { Operations } from "../../../src/commands/operations.js";
import { operationsContract, type OperationsHarness } from "../../contracts/operations-contract.js";
import { TerminalInstallation } from "../../fakes/terminal-installation.js";
import { silentLogger } from "../../support/silent-logger.js";

interface Served extends OperationsHarness {
  readonly address: string;
  readonly token: string;
}

async function serve(operations: Operations, heartbeatMs = 15_000): Promise<Served> {
  const token = createControlToken();
  const server = await createHttpServer({
    routes: createControlRoutes({ operations, token, logger: silentLogger, heartbeatMs }),
    staticRoot: null,
    readiness: [],
    metrics: createMetrics({ withProcessMetrics: false }),
    logger: silentLogger,
    publicUrl: null,
  });
  const { address } = await server.listen("127.0.0.1", 0);
  return {
    address,
    token,
    operations: createRemoteOperations({ address, token }),
    [Symbol.asyncDispose]: () => server.close(100),
  };
}

operationsContract("the database's own process", ({ operations }) =>
  Promise.resolve({ operations, [Symbol.asyncDispose]: () => Promise.resolve() }),
);
operationsContract("a running server", ({ operations }) => serve(operations));

describe("a running server's control address", () => {
  const unaborted = new AbortController().signal;

  it.each([
    ["no token", undefined],
    ["a wrong token", `Bearer ${"x".repeat(43)}`],
    ["another scheme", "Basic abc"],
  ])("refuses %s", async (_name, authorization) => {
    await using served = await serve(new TerminalInstallation().operations);
    const headers = authorization === undefined ? {} : { authorization };
    const response = await fetch(`${served.address}/control/v1/status`, { method: "POST", body: "{}", headers });
    expect(response.status).toBe(401);
  });

  it("knows only the operations", async () => {
    await using served = await serve(new TerminalInstallation().operations);
    const headers = { authorization: `Bearer ${served.token}` };
    for (const name of ["toString", "__proto__", "drop"]) {
      const response = await fetch(`${served.address}/control/v1/${name}`, { method: "POST", body: "{}", headers });
      expect(response.status).toBe(404);
    }
  });

  it("names the wrong fields of a request without their values", async () => {
    await using served = await serve(new TerminalInstallation().operations);
    const wrong = { conversationKey: "k", messageId: "hunter2", text: "x", displayName: "y" };
    await expect(served.operations.say(wrong, unaborted)).rejects.toThrow(/^The request is wrong: messageId: /u);
    await expect(served.operations.say(wrong, unaborted)).rejects.not.toThrow(/hunter2/u);
  });

  it("keeps what a fault says to itself", async () => {
    const { operations } = new TerminalInstallation();
    const broken = { ...operations, status: () => Promise.reject(new Error("password hunter2")) };
    await using served = await serve(broken);
    await expect(served.operations.status()).rejects.toThrow(
      /^The server failed\. Its log has more under [\da-f-]{36}\.$/u,
    );
  });

  it("keeps a quiet answer alive", async () => {
    const { operations } = new TerminalInstallation();
    let finish: (value: readonly never[]) => void = () => undefined;
    const slow = { ...operations, status: () => new Promise<readonly never[]>((resolve) => (finish = resolve)) };
    await using served = await serve(slow, 5);
    const response = await fetch(`${served.address}/control/v1/status`, {
      method: "POST",
      body: "{}",
      headers: { authorization: `Bearer ${served.token}` },
    });
    const reader = response.body!.getReader();
    expect(Buffer.from((await reader.read()).value).toString()).toBe('{"ping":true}\n');
    finish([]);
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read())
      rest += Buffer.from(part.value).toString();
    expect(rest).toMatch(/\{"result":\[\]\}\n$/u);
  });

  it("that is gone is said to be gone", async () => {
    const served = await serve(new TerminalInstallation().operations);
    await served[Symbol.asyncDispose]();
    await expect(served.operations.status()).rejects.toThrow(ServerError);
    await expect(served.operations.status()).rejects.toThrow(/does not answer/u);
  });
});

describe("the file that tells where the server is", () => {
  let directory = "";
  beforeAll(async () => {
    directory = join(await mkdtemp(join(tmpdir(), "deskhand-server-")), "inside");
  });
  afterAll(() => rm(join(directory, ".."), { recursive: true, force: true }));

  it("is for its owner's eyes and counts while the server runs", async () => {
    await expect(findRunningServer(directory)).resolves.toBeNull();
    const server = { address: "http://127.0.0.1:3000", token: createControlToken(), pid: process.pid };
    await writeServerFile(directory, server);
    expect((await stat(join(directory, "server.json"))).mode & 0o777).toBe(0o600);
    await expect(findRunningServer(directory)).resolves.toEqual(server);

    await removeServerFile(directory, createControlToken());
    await expect(findRunningServer(directory)).resolves.toEqual(server);
    await removeServerFile(directory, server.token);
    await expect(findRunningServer(directory)).resolves.toBeNull();
  });

  it("does not count when its process has ended", async () => {
    await writeServerFile(directory, { address: "http://127.0.0.1:1", token: createControlToken(), pid: 2 ** 22 + 1 });
    await expect(findRunningServer(directory)).resolves.toBeNull();
  });

  it.runIf(process.platform === "linux")("does not count when its pid belongs to a later process (Linux)", async () => {
    const server = { address: "http://127.0.0.1:1", token: createControlToken(), pid: process.pid };
    await writeServerFile(directory, server);
    const file = join(directory, "server.json");
    const written = JSON.parse(await readFile(file, "utf8")) as object;
    await writeFile(file, JSON.stringify({ ...written, startedAt: "an-earlier-start" }));
    await expect(findRunningServer(directory)).resolves.toBeNull();
  });
});
