import { sourceSecretVariable, webhookSecretVariable } from "../src/ports/source-secrets.js";
import type { EnvironmentConfig } from "./config/environment.js";

export interface SourceSecrets {
  /** What the source of that name shows to its host; null where there is none. */
  secretOf(name: string): string | null;
  /** What its host shows to Deskhand. It is never the other one. */
  webhookSecretOf(name: string): string | null;
  hasSecret(name: string): boolean;
}

/** The secrets of sources, by the names of the sources. */
export function createSourceSecrets({ sourceSecrets }: Pick<EnvironmentConfig, "sourceSecrets">): SourceSecrets {
  return {
    secretOf: (name) => sourceSecrets.get(sourceSecretVariable(name)) ?? null,
    webhookSecretOf: (name) => sourceSecrets.get(webhookSecretVariable(name)) ?? null,
    hasSecret: (name) => sourceSecrets.has(sourceSecretVariable(name)),
  };
}
