import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { DoctorFinding } from "../../src/commands/operations.js";
import { errorCode } from "../../src/ports/errors.js";
import { findRunningServer } from "../http/server-file.js";
import type { LoadedConfig } from "./program-dependencies.js";
import { checkServices } from "./service-checks.js";

/** The checks that need no database. */
export async function checkMachine(config: LoadedConfig): Promise<readonly DoctorFinding[]> {
  const { environment, settings } = config;
  const server = await findRunningServer(environment.directory);
  return [
    await checkDirectory(environment.directory),
    server === null
      ? await checkPort(environment.host, environment.port)
      : { name: "Server", state: "on", detail: `runs at ${server.address}`, advice: null },
    checkDemo(settings),
    ...(await checkServices(config)),
  ];
}

/** The versions of package.json's `engines`. */
export function checkNode(version: string): DoctorFinding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isFit = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  return isFit
    ? { name: "Node.js", state: "on", detail: version, advice: null }
    : { name: "Node.js", state: "broken", detail: `${version} is not supported`, advice: "install Node.js 24 or 22" };
}

async function checkDirectory(directory: string): Promise<DoctorFinding> {
  const probe = join(directory, `doctor-${randomUUID()}`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(probe, "");
    await rm(probe);
    return { name: "Directory", state: "on", detail: `${directory} is writable`, advice: null };
  } catch (error) {
    return {
      name: "Directory",
      state: "broken",
      detail: `${directory} cannot be written (${errorCode(error)})`,
      advice: "change its owner, or set DESKHAND_DIR to another",
    };
  }
}

function checkPort(host: string, port: number): Promise<DoctorFinding> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error) => {
      resolve({
        name: "Server",
        state: "broken",
        detail: `not running, and ${host}:${port} cannot be used (${errorCode(error)})`,
        advice: "stop what uses it, or set PORT to another",
      });
    });
    probe.listen(port, host, () => {
      const detail = `not running; ${host}:${port} is free`;
      probe.close(() => resolve({ name: "Server", state: "off", detail, advice: "deskhand start" }));
    });
  });
}

function checkDemo({ knowledge }: LoadedConfig["settings"]): DoctorFinding {
  return knowledge.demo
    ? {
        name: "Demo documents",
        state: "on",
        detail: "allowed: answered from only while no documents of your own are there",
        advice: null,
      }
    : { name: "Demo documents", state: "off", detail: "switched off in the settings", advice: null };
}
