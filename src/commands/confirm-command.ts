import { CONFIRMATION_MINUTES, type Asker, type CommandConfirmations } from "../ports/confirmations.js";
import { assertNever } from "../ports/errors.js";
import type { SourceStatus } from "../ports/knowledge.js";
import type { Block, Reply } from "../ports/reply.js";
import { REMOVED_KEPT_DAYS } from "../ports/source-lifecycle.js";
import { unknownSource } from "../ports/unknown-source.js";
import type { Command } from "./command.js";
import { count } from "./counted.js";
import type { Operations } from "./operations.js";
import { code, paragraph, text } from "./reply-blocks.js";

/** A command that is done only after its author has seen what it does, and said so again. */
export type ConfirmedCommand = Extract<Command, { kind: "kb-remove" | "kb-sync" | "kb-restore-document" }>;

export function needsConfirmation(command: Command): command is ConfirmedCommand {
  if (command.kind === "kb-sync") return command.confirmRemovals;
  return command.kind === "kb-remove" || command.kind === "kb-restore-document";
}

type Previewing = Pick<Operations, "status" | "lastDiff" | "manage">;

/** What a command would do, in numbers. */
export interface Preview {
  readonly blocks: readonly Block[];
  /** The sources that it would be done to, of the same look as the numbers or an earlier one. */
  readonly sourceIds: readonly string[];
}

/** @throws {NotFoundError} for what is not there. */
export async function previewOf(
  command: ConfirmedCommand,
  operations: Previewing,
  signal: AbortSignal,
): Promise<Preview> {
  const sources = await operations.status();
  switch (command.kind) {
    case "kb-remove":
      return removalPreview(sourceNamed(command.source, sources));
    case "kb-sync":
      return command.source === null
        ? heldPreview("every source", unpaused(sources), operations)
        : heldPreview(command.source, [sourceNamed(command.source, sources)], operations);
    case "kb-restore-document": {
      const { blocks } = (await operations.manage({ ...command, isPreview: true }, signal)).reply;
      return { blocks, sourceIds: [sourceNamed(command.source, sources).sourceId] };
    }
    default:
      return assertNever(command);
  }
}

function sourceNamed(name: string, sources: readonly SourceStatus[]): SourceStatus {
  const found = sources.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw unknownSource(
    name,
    sources.map((one) => one.name),
  );
}

/** Those that a sync of every source reads. */
function unpaused(sources: readonly SourceStatus[]): readonly SourceStatus[] {
  return sources.filter(({ pausedAt }) => pausedAt === null);
}

function removalPreview({ name, documents, chunks, sourceId }: SourceStatus): Preview {
  const kept = `It can be restored for ${REMOVED_KEPT_DAYS} days.`;
  const words = `Removing ${name} takes ${count(documents, "document")} (${count(chunks, "passage")}) out of every answer. ${kept}`;
  return { blocks: [paragraph(text(words))], sourceIds: [sourceId] };
}

async function heldPreview(what: string, sources: readonly SourceStatus[], operations: Previewing): Promise<Preview> {
  const held: string[] = [];
  for (const { name } of sources) {
    const removals = (await operations.lastDiff(name))?.heldRemovals.length ?? 0;
    if (removals > 0) held.push(`${count(removals, "document")} of ${name}`);
  }
  const found = held.length === 0 ? "No removals are held now." : `Held now: ${held.join(", ")}.`;
  const words = `This reads ${what} again and removes what is gone there, however much that is. ${found}`;
  return { blocks: [paragraph(text(words))], sourceIds: sources.map(({ sourceId }) => sourceId) };
}

/** Which source a command means now; null where it names none, or none that is there. */
export async function sourceIdOf(command: Command, { status }: Pick<Operations, "status">): Promise<string | null> {
  if (!("source" in command) || command.source === null) return null;
  return (await status()).find(({ name }) => name === command.source)?.sourceId ?? null;
}

/** Asks for the author's word: by a button, or by typing. */
export async function askToConfirm(
  confirmations: CommandConfirmations,
  asker: Asker,
  line: string,
  { blocks, sourceIds }: Preview,
): Promise<Reply> {
  const { confirmationId, code: typed } = await confirmations.ask(asker, line, sourceIds);
  const how = paragraph(
    text("To do it, press the button, or type "),
    code(`confirm ${typed}`),
    text(`. That works for ${CONFIRMATION_MINUTES} minutes, once, and only for you.`),
  );
  return { blocks: [...blocks, how], citations: [], actions: [{ name: "confirm-command", confirmationId }] };
}

export const CONFIRMATION_REFUSED = {
  unknown: "There is nothing to confirm under that code. Type the command again.",
  "not-yours": "Only whoever typed this command can confirm it.",
  used: "That was confirmed already. See what became of it: kb status",
  "other-source": "Another source has that name by now. Type the command again to see what it would do.",
  expired: "That confirmation has run out. Type the command again.",
} as const;
