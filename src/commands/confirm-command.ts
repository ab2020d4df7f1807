import { CONFIRMATION_MINUTES, type Asker, type CommandConfirmations } from "../ports/confirmations.js";
import { assertNever } from "../ports/errors.js";
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

/** What a command would do, in numbers. @throws {NotFoundError} for what is not there. */
export async function previewOf(
  command: ConfirmedCommand,
  operations: Previewing,
  signal: AbortSignal,
): Promise<readonly Block[]> {
  switch (command.kind) {
    case "kb-remove":
      return [paragraph(text(await removalPreview(command.source, operations)))];
    case "kb-sync":
      return [paragraph(text(await heldPreview(command.source, operations)))];
    case "kb-restore-document":
      return (await operations.manage({ ...command, isPreview: true }, signal)).reply.blocks;
    default:
      return assertNever(command);
  }
}

async function removalPreview(name: string, operations: Previewing): Promise<string> {
  const sources = await operations.status();
  const source = sources.find((one) => one.name === name);
  if (source === undefined) {
    throw unknownSource(
      name,
      sources.map((one) => one.name),
    );
  }
  const kept = `It can be restored for ${REMOVED_KEPT_DAYS} days.`;
  return `Removing ${name} takes ${count(source.documents, "document")} (${count(source.chunks, "passage")}) out of every answer. ${kept}`;
}

async function heldPreview(name: string | null, operations: Previewing): Promise<string> {
  const names = name === null ? (await operations.status()).map((source) => source.name) : [name];
  const held: string[] = [];
  for (const one of names) {
    const removals = (await operations.lastDiff(one))?.heldRemovals.length ?? 0;
    if (removals > 0) held.push(`${count(removals, "document")} of ${one}`);
  }
  const found = held.length === 0 ? "No removals are held now." : `Held now: ${held.join(", ")}.`;
  return `This reads ${name ?? "every source"} again and removes what is gone there, however much that is. ${found}`;
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
  { line, sourceId }: { readonly line: string; readonly sourceId: string | null },
  preview: readonly Block[],
): Promise<Reply> {
  const { confirmationId, code: typed } = await confirmations.ask(asker, line, sourceId);
  const how = paragraph(
    text("To do it, press the button, or type "),
    code(`confirm ${typed}`),
    text(`. That works for ${CONFIRMATION_MINUTES} minutes, once, and only for you.`),
  );
  return { blocks: [...preview, how], citations: [], actions: [{ name: "confirm-command", confirmationId }] };
}

export const CONFIRMATION_REFUSED = {
  unknown: "There is nothing to confirm under that code. Type the command again.",
  "not-yours": "Only whoever typed this command can confirm it.",
  used: "That was confirmed already. See what became of it: kb status",
  "other-source": "Another source has that name by now. Type the command again to see what it would do.",
  expired: "That confirmation has run out. Type the command again.",
} as const;
