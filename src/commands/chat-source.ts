import { UsageError } from "../ports/errors.js";
import type { NewSource } from "../ports/knowledge.js";
import { sourceSecretVariable } from "../ports/source-secrets.js";
import type { Command } from "./command.js";
import { nameFromLocation, readLocation } from "./source-location.js";

/**
 * The real path of a folder, or null when it lies below none of the roots that are configured. Links are followed before
 * that is decided.
 */
export type FolderBelowRoots = (path: string) => Promise<string | null>;

export interface ChatSourceRules {
  readonly folderBelowRoots: FolderBelowRoots;
  /** Whether a source of that name would show a secret to its host. */
  hasSecret(name: string): boolean;
}

/**
 * What somebody may add from a conversation: an address of the web, or a folder below a configured root. What is at an
 * address is checked by its kind. @throws {UsageError} for everything else, and for a name that brings a secret.
 */
export async function chatSource(
  { location, name: given }: Extract<Command, { kind: "kb-add" }>,
  { folderBelowRoots, hasSecret }: ChatSourceRules,
): Promise<NewSource> {
  const typed = readLocation(location);
  const name = given ?? nameFromLocation(location);
  if (name === null) throw new UsageError("That gives no name. Type one after it: kb add <address> <name>");
  if (hasSecret(name)) {
    throw new UsageError(`${secretIsSetFor(name)} Add it in the terminal: deskhand kb add --help`);
  }
  if (typed.place === "address") {
    if (!/^https?:/iu.test(location)) throw new UsageError(ONLY_WEB);
    return { name, kind: typed.kind, location, acl: ["public"] };
  }
  const folder = typed.place === "path" ? await folderBelowRoots(location) : null;
  if (folder === null) throw new UsageError(ONLY_WEB);
  return { name, kind: "folder", location: folder, acl: ["public"] };
}

/** @throws {UsageError} for a source that would show a secret to a place that nobody at Deskhand's machine has looked at */
export function refuseToRestoreWithSecret(name: string, { hasSecret }: ChatSourceRules): void {
  if (!hasSecret(name)) return;
  throw new UsageError(`${secretIsSetFor(name)} Bring it back in the terminal: deskhand kb restore --help`);
}

function secretIsSetFor(name: string): string {
  return `A secret is set for sources named ${name} (${sourceSecretVariable(name)}), and a conversation does not say where it is sent.`;
}

const ONLY_WEB =
  "From a conversation only http(s) addresses can be added, and folders below knowledge.roots of deskhand.yaml. " +
  "Anything else is added on Deskhand's own machine: deskhand kb add --help";
