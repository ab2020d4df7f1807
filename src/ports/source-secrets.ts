/**
 * Secrets of sources come from the environment, by the names of the sources. Names that differ in capitals and in what is
 * no letter or digit alone have one variable; such names must not be those of two sources.
 */

/** The variable with what a source shows to its host, for example SOURCE_HELP_CENTER_SECRET of `help-center`. */
export function sourceSecretVariable(sourceName: string): string {
  return `${prefixOf(sourceName)}_SECRET`;
}

/** The variable with what a source's host shows to Deskhand. */
export function webhookSecretVariable(sourceName: string): string {
  return `${prefixOf(sourceName)}_WEBHOOK_SECRET`;
}

function prefixOf(sourceName: string): string {
  return `SOURCE_${sourceName.toUpperCase().replaceAll(/[^A-Z0-9]+/gu, "_")}`;
}

/** A variable that both names read, also the one as its secret and the other as that of its webhook; null when there is none. */
export function sharedSecretVariable(one: string, other: string): string | null {
  const ofOther = [sourceSecretVariable(other), webhookSecretVariable(other)];
  return [sourceSecretVariable(one), webhookSecretVariable(one)].find((name) => ofOther.includes(name)) ?? null;
}

/** Whoever sets a variable beside a running server must know that it reads its own. */
export const SERVER_COUNTS =
  "While a server runs, the environment that deskhand start was called with is what counts: set it there and start it again.";
