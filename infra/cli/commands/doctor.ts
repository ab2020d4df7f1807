import type { Command } from "commander";
import { doctorReply } from "../../../src/commands/doctor-reply.js";
import type { DoctorFinding } from "../../../src/commands/operations.js";
import { DeskhandError, errorCode } from "../../../src/ports/errors.js";
import { ConfigError } from "../../config/config-error.js";
import { settingsFileInUse } from "../../config/settings-file.js";
import type { CommandContext } from "../command-context.js";
import { checkMachine, checkNode } from "../doctor-checks.js";
import type { LoadedConfig } from "../program-dependencies.js";

export function addDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command("doctor")
    .description("Says what is on, off and broken, and what to do about it. Exits with 1 when something is broken.")
    .option("--json", 'print {"checks":[{name, state, detail, advice}]}')
    .addHelpText("after", "\nExample:\n  $ deskhand doctor")
    .action(async ({ json }: { json?: boolean }) => {
      const checks = await allChecks(context);
      if (json === true) context.terminal.printJson({ checks });
      else context.terminal.printReply(doctorReply({ checks }));
      if (checks.some(({ state }) => state === "broken")) context.deps.setExitCode(1);
    });
}

async function allChecks(context: CommandContext): Promise<readonly DoctorFinding[]> {
  const node = checkNode(process.versions.node);
  const config = await loadOrExplain(context);
  if ("findings" in config) return [node, ...config.findings];
  return [
    node,
    ...config.well,
    ...(await checkMachine(config.loaded)),
    ...(await databaseChecks(context, config.loaded)),
  ];
}

type Loading =
  | { readonly findings: readonly DoctorFinding[] }
  | { readonly loaded: LoadedConfig; readonly well: readonly DoctorFinding[] };

async function loadOrExplain({ loadConfig }: CommandContext): Promise<Loading> {
  try {
    const loaded = await loadConfig();
    const file = await settingsFileInUse(loaded.environment.settingsFile);
    const detail = file ?? "the defaults: there is no deskhand.yaml";
    return { loaded, well: [{ name: "Configuration", state: "on", detail, advice: null }] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.problems.map((problem): DoctorFinding => ({
      name: "Configuration",
      state: "broken",
      detail: problem,
      advice: "correct it, then run deskhand config check",
    }));
    return { findings };
  }
}

/** A database that does not open is what a doctor is called for: it becomes a finding, not a failure. */
async function databaseChecks({ deps }: CommandContext, config: LoadedConfig): Promise<readonly DoctorFinding[]> {
  try {
    await using operations = await deps.openOperations(config);
    return (await operations.doctor(deps.signal)).checks;
  } catch (error) {
    const detail = error instanceof DeskhandError ? error.message : `failed (${errorCode(error)})`;
    const advice =
      config.environment.databaseUrl === null
        ? "make sure that DESKHAND_DIR is writable and that no other program uses it"
        : "check DATABASE_URL and that the server runs";
    return [{ name: "Database", state: "broken", detail, advice }];
  }
}
