import type { Command } from "commander";
import type { EnvironmentConfig } from "../../config/environment.js";
import { sampleSettings, settingsJsonSchema } from "../../config/settings-schema.js";
import type { CommandContext } from "../command-context.js";

export function addConfigCommands(program: Command, { deps, terminal, loadConfig }: CommandContext): void {
  const config = program.command("config").description("Checks and shows the configuration.");
  config
    .command("check")
    .description("Says whether the environment and deskhand.yaml are right, naming every problem at once.")
    .addHelpText("after", "\nExample:\n  $ deskhand config check")
    .action(async () => {
      await loadConfig();
      terminal.print("The configuration is right.");
    });
  config
    .command("show")
    .description("Prints the configuration as JSON. Secrets are left out.")
    .addHelpText("after", "\nExample:\n  $ deskhand config show")
    .action(async () => {
      const { environment, settings } = await loadConfig();
      terminal.print(JSON.stringify({ environment: redacted(environment), settings }, null, 2));
    });
  config
    .command("sample")
    .description("Prints a deskhand.yaml with every setting, its default and what it means.")
    .addHelpText("after", "\nExample:\n  $ deskhand config sample > deskhand.yaml")
    .action(() => void deps.stdout.write(sampleSettings()));
  config
    .command("schema")
    .description("Prints the JSON schema of deskhand.yaml, for editors.")
    .addHelpText("after", "\nExample:\n  $ deskhand config schema > deskhand.schema.json")
    .action(() => void deps.stdout.write(settingsJsonSchema()));
}

function redacted(environment: EnvironmentConfig): object {
  const { secret, metricsToken, databaseUrl, ...rest } = environment;
  return {
    ...rest,
    secret: secret === null ? null : "(set)",
    metricsToken: metricsToken === null ? null : "(set)",
    databaseUrl: databaseUrl === null ? null : withoutCredentials(databaseUrl),
  };
}

/** Parameters go as well: a password may be among them. */
function withoutCredentials(address: string): string {
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}
