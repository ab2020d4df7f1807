import { Option, type Command } from "commander";
import { UsageError } from "../../../src/ports/errors.js";
import { PROCESS_ROLES, type ProcessRole } from "../../process-role.js";
import type { LoadedConfig } from "../program-dependencies.js";
import type { CommandContext } from "../command-context.js";

export function addServerCommands(program: Command, { deps, terminal, loadConfig }: CommandContext): void {
  program
    .command("start")
    .description("Starts the server: the page in the browser, and the worker that answers. Ctrl-C stops it.")
    .addOption(
      new Option("--role <role>", "web takes events in and serves the page, worker answers and posts")
        .choices(PROCESS_ROLES)
        .default("all"),
    )
    .addHelpText(
      "after",
      "\nRoles other than all need PostgreSQL and Redis (DATABASE_URL, REDIS_URL); run as many of each as you like.\n" +
        "\nExamples:\n  $ PORT=8080 deskhand start\n  $ deskhand start --role worker",
    )
    .action(async ({ role }: { role: ProcessRole }) => {
      const config = await loadConfig();
      checkRole(role, config);
      await deps.startServer(config, role, deps.signal);
    });
  program
    .command("migrate")
    .description("Brings the database to this version of Deskhand. Every other command does so, too, when it opens it.")
    .option("--json", "print a JSON object")
    .addHelpText("after", "\nExample:\n  $ DATABASE_URL=postgres://… deskhand migrate")
    .action(async ({ json }: { json?: boolean }) => {
      const report = await deps.migrate(await loadConfig());
      if (json === true) terminal.printJson(report);
      else terminal.print(`The database is at version ${report.schemaVersion}.`);
    });
}

function checkRole(role: ProcessRole, { environment }: LoadedConfig): void {
  if (role === "all") return;
  const missing = [
    ...(environment.databaseUrl === null ? ["DATABASE_URL"] : []),
    ...(environment.redisUrl === null ? ["REDIS_URL"] : []),
  ];
  if (missing.length === 0) return;
  throw new UsageError(
    `--role ${role} needs ${missing.join(" and ")}: the embedded database and the queue in the process are for one process`,
  );
}
