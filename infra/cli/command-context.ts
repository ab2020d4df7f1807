import type { Operations } from "../../src/commands/operations.js";
import { checkCombinations } from "../config/combinations.js";
import { ConfigError } from "../config/config-error.js";
import { parseConfig, type EnvironmentConfig } from "../config/environment.js";
import { readSettings, withPlaces } from "../config/settings-file.js";
import type { Settings } from "../config/settings.js";
import type { LoadedConfig, ProgramDependencies } from "./program-dependencies.js";
import { createTerminal, type Terminal } from "./terminal.js";

/** What every command is given. */
export interface CommandContext {
  readonly deps: ProgramDependencies;
  readonly terminal: Terminal;
  /** @throws {ConfigError} naming every problem of the environment, or else of the settings file. */
  readonly loadConfig: () => Promise<LoadedConfig>;
  /** Opens the operations, runs `work`, and closes them whatever happens. */
  readonly withOperations: <T>(work: (operations: Operations) => Promise<T>) => Promise<T>;
}

export function createCommandContext(deps: ProgramDependencies): CommandContext {
  const loadConfig = async (): Promise<LoadedConfig> => {
    const environment = parseConfig(deps.env);
    const settings = await readSettings(environment.settingsFile);
    await checkTogether(environment, settings);
    return { environment, settings };
  };
  return {
    deps,
    terminal: createTerminal(deps),
    loadConfig,
    withOperations: async (work) => {
      await using operations = await deps.openOperations(await loadConfig());
      return await work(operations);
    },
  };
}

async function checkTogether(environment: EnvironmentConfig, settings: Settings): Promise<void> {
  try {
    checkCombinations(environment, settings);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(await withPlaces(environment.settingsFile, error.problems));
  }
}
