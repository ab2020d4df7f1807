import type { Command } from "commander";
import { UsageError } from "../../../src/ports/errors.js";
import { ConfigError } from "../../config/config-error.js";
import type { EnvironmentConfig } from "../../config/environment.js";
import { missingPlaces } from "../../config/missing-places.js";
import { sampleSettings, settingsJsonSchema } from "../../config/settings-schema.js";
import { placeOfSource, settingsFileInUse, withPlaces } from "../../config/settings-file.js";
import { toNewSource } from "../../prepare-knowledge.js";
import type { CommandContext } from "../command-context.js";
import type { LoadedConfig } from "../program-dependencies.js";

export function addConfigCommands(program: Command, { deps, terminal, loadConfig }: CommandContext): void {
  const config = program.command("config").description("Checks and shows the configuration.");
  config
    .command("check")
    .description("Says whether the environment and deskhand.yaml are right, naming every problem at once.")
    .addHelpText("after", "\nExample:\n  $ deskhand config check")
    .action(async () => {
      const config = await loadConfig();
      const { environment, settings } = config;
      const missing = await missingPlaces(settings, environment.machine["PATH"] ?? "");
      const problems = [
        ...(await sourceProblems(deps, config)),
        ...(await withPlaces(environment.settingsFile, missing)),
      ];
      if (problems.length > 0) throw new ConfigError(problems);
      terminal.print("The configuration is right.");
    });
  config
    .command("show")
    .description("Prints the configuration as JSON. Secrets are left out.")
    .addHelpText("after", "\nExample:\n  $ deskhand config show")
    .action(async () => {
      const { environment, settings } = await loadConfig();
      const settingsFile = await settingsFileInUse(environment.settingsFile);
      terminal.print(JSON.stringify({ environment: { ...redacted(environment), settingsFile }, settings }, null, 2));
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

/** What the kinds of the listed sources find wrong with their addresses and options. */
async function sourceProblems(
  { checkSourceOptions }: CommandContext["deps"],
  { environment, settings }: LoadedConfig,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [index, listed] of settings.knowledge.sources.entries()) {
    try {
      checkSourceOptions(await toNewSource(listed));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(`${await placeOfSource(environment.settingsFile, index)}: ${error.message}`);
    }
  }
  return problems;
}

function redacted(environment: EnvironmentConfig): object {
  const { secret, metricsToken, databaseUrl, redisUrl, openai, rerank, slack, teams, ...rest } = environment;
  const { machine, ...shown } = rest;
  return {
    ...shown,
    machine: Object.keys(machine),
    secret: hidden(secret),
    metricsToken: hidden(metricsToken),
    databaseUrl: databaseUrl === null ? null : withoutCredentials(databaseUrl),
    redisUrl: redisUrl === null ? null : withoutCredentials(redisUrl),
    openai:
      openai === null ? null : { apiKey: hidden(openai.apiKey), baseUrl: withoutCredentialsOrNull(openai.baseUrl) },
    rerank: rerank === null ? null : { apiKey: hidden(rerank.apiKey), url: withoutCredentials(rerank.url) },
    slack:
      slack === null
        ? null
        : {
            ...slack,
            botToken: hidden(slack.botToken),
            signingSecret: hidden(slack.signingSecret),
            appToken: hidden(slack.appToken),
          },
    teams: teams === null ? null : { ...teams, appPassword: hidden(teams.appPassword) },
  };
}

function hidden(secret: string | null): string | null {
  return secret === null || secret === "" ? null : "(set)";
}

function withoutCredentialsOrNull(address: string | null): string | null {
  return address === null ? null : withoutCredentials(address);
}

/** Parameters go as well: a password may be among them. */
function withoutCredentials(address: string): string {
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}
