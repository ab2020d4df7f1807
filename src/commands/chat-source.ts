import { UsageError } from "../ports/errors.js";
import type { NewSource } from "../ports/knowledge.js";
import type { Command } from "./command.js";
import { nameFromLocation, readLocation } from "./source-location.js";

/**
 * The real path of a folder, or null when it lies below none of the roots that are configured. Links are followed before
 * that is decided.
 */
export type FolderBelowRoots = (path: string) => Promise<string | null>;

/**
 * What somebody may add from a conversation: an address of the web, or a folder below a configured root. What is at an
 * address is checked by its kind. @throws {UsageError} for everything else.
 */
export async function chatSource(
  { location, name: given }: Extract<Command, { kind: "kb-add" }>,
  folderBelowRoots: FolderBelowRoots,
): Promise<NewSource> {
  const typed = readLocation(location);
  const name = given ?? nameFromLocation(location);
  if (name === null) throw new UsageError("That gives no name. Type one after it: kb add <address> <name>");
  if (typed.place === "address") {
    if (!/^https?:/iu.test(location)) throw new UsageError(ONLY_WEB);
    return { name, kind: typed.kind, location, acl: ["public"] };
  }
  const folder = typed.place === "path" ? await folderBelowRoots(location) : null;
  if (folder === null) throw new UsageError(ONLY_WEB);
  return { name, kind: "folder", location: folder, acl: ["public"] };
}

const ONLY_WEB =
  "From a conversation only http(s) addresses can be added, and folders below knowledge.roots of deskhand.yaml. " +
  "Anything else is added on Deskhand's own machine: deskhand kb add --help";
