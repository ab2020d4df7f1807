import { noFailpoint, type Failpoint } from "../src/ports/failpoints.js";
import type { FailpointSetting } from "./config/failpoint-setting.js";

/** What an armed failpoint in mode `throw` throws. */
class FailpointError extends Error {
  override readonly name = "FailpointError";
}

/** Arms one failpoint, or none. `kill` ends the process as a crash would: nothing is cleaned up. */
export function createFailpoint(setting: FailpointSetting | null): Failpoint {
  if (setting === null) return noFailpoint;
  let calls = 0;
  return async (name) => {
    if (name !== setting.name) return;
    calls += 1;
    if (calls !== setting.nth) return;
    if (setting.mode === "throw") throw new FailpointError(name);
    if (setting.mode === "kill") process.kill(process.pid, "SIGKILL");
    await new Promise<never>(() => undefined);
  };
}
