import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";

export function addServerCommands(program: Command, { deps, terminal, loadConfig }: CommandContext): void {
  program
    .command("start")
    .description("Starts the server: the page in the browser, and the worker that answers. Ctrl-C stops it.")
    .addHelpText("after", "\nExample:\n  $ PORT=8080 deskhand start")
    .action(async () => {
      await deps.startServer(await loadConfig(), deps.signal);
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
