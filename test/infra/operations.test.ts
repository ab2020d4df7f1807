import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseConfig } from "../../infra/config/environment.js";
import { defaultSettings } from "../../infra/config/settings.js";
import { acceptsConnections } from "../../infra/http/accepts-connections.js";
import { createControlToken, writeServerFile } from "../../infra/http/server-file.js";
import { openOperations } from "../../infra/operations.js";
import { createMetrics } from "../../infra/telemetry/metrics.js";
import { silentLogger } from "../support/silent-logger.js";

/** The address of a port that was free a moment ago. */
async function closedAddress(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(acceptsConnections(`http://127.0.0.1:${port}`)).resolves.toBe(true);
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

it("a command opens the database itself when the server it was told of refuses connections", async () => {
  const directory = await mkdtemp(join(tmpdir(), "deskhand-operations-"));
  try {
    const environment = parseConfig({ DESKHAND_DIR: directory });
    const defaults = defaultSettings();
    const settings = { ...defaults, knowledge: { ...defaults.knowledge, demo: false } };
    const server = { address: await closedAddress(), token: createControlToken(), pid: process.pid };
    await writeServerFile(directory, server);
    const telemetry = createMetrics({ withProcessMetrics: false });

    await using operations = await openOperations({ environment, settings }, silentLogger, telemetry);

    await expect(acceptsConnections(server.address)).resolves.toBe(false);
    await expect(operations.status()).resolves.toEqual([]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
