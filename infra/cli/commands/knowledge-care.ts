import type { Command } from "commander";
import { count } from "../../../src/commands/counted.js";
import type { ManagedCommand } from "../../../src/commands/command.js";
import {
  DEFAULT_AUDIT_LIMIT,
  DEFAULT_STALE_DAYS,
  MOST_AUDIT_ENTRIES,
  MOST_STALE_DAYS,
} from "../../../src/commands/knowledge-command.js";
import {
  readEntryCode,
  readEntryState,
  readNumber,
  readVersionPair,
  readWrittenEntry,
} from "../../../src/commands/knowledge-input.js";
import { UsageError } from "../../../src/ports/errors.js";
import type { SourceStatus } from "../../../src/ports/knowledge.js";
import { ENTRY_STEPS, type EntryStep } from "../../../src/ports/knowledge-entries.js";
import { REMOVED_KEPT_DAYS } from "../../../src/ports/source-lifecycle.js";
import { askYes } from "../ask-yes.js";
import type { CommandContext } from "../command-context.js";

interface Json {
  readonly json?: boolean;
}

/** What is done with sources, documents and entries besides adding, syncing and searching. */
export function addKnowledgeCare(knowledge: Command, context: CommandContext): void {
  addRemove(knowledge, context);
  addPause(knowledge, context);
  addRestore(knowledge, context);
  addShow(knowledge, context);
  addHistory(knowledge, context);
  addEntries(knowledge, context);
  addReports(knowledge, context);
}

/** Runs a command, and prints what came of it. */
export async function manage(
  { deps, terminal, withOperations }: CommandContext,
  command: ManagedCommand,
  options: Json,
) {
  const { reply, data } = await withOperations((operations) => operations.manage(command, deps.signal));
  if (options.json === true) terminal.printJson(data);
  else terminal.printReply(reply);
}

function addRemove(knowledge: Command, context: CommandContext): void {
  const { deps, terminal } = context;
  knowledge
    .command("remove <name>")
    .description(
      `Takes a source and its documents out of every answer. It can be restored for ${REMOVED_KEPT_DAYS} days. What it was read from stays.`,
    )
    .option("--forever", "delete it with all versions of its documents; also one that is removed already")
    .option("--yes", "do not ask")
    .addHelpText("after", "\nExample:\n  $ deskhand kb remove handbook")
    .action(async (name: string, options: { forever?: boolean; yes?: boolean }) => {
      const isForever = options.forever === true;
      await context.withOperations(async (operations) => {
        const found = (await operations.status()).find((source) => source.name === name);
        const isMeant =
          found === undefined && !isForever ? true : await askYes(deps, removal(name, found, isForever), options);
        if (!isMeant) {
          terminal.print("Nothing was removed.");
          return;
        }
        if (isForever) {
          terminal.printReply((await operations.manage({ kind: "kb-purge", source: name }, deps.signal)).reply);
          return;
        }
        await operations.removeSource(name);
        terminal.print(
          `Removed ${name}. Its documents are no longer answered from.\nBring it back: deskhand kb restore ${name}`,
        );
      });
    });
}

/** What a removal does, in numbers. */
function removal(name: string, source: SourceStatus | undefined, isForever: boolean): string {
  const size =
    source === undefined ? "" : ` ${count(source.documents, "document")} will not be answered from any more.`;
  return `This removes ${name}.${size}${isForever ? " It cannot be restored." : ""}`;
}

function addPause(knowledge: Command, context: CommandContext): void {
  const texts = {
    pause: "Leaves a source as it is, whatever its schedule says. Its documents are still answered from.",
    resume: "Goes on syncing a paused source.",
  } as const;
  for (const name of ["pause", "resume"] as const) {
    knowledge
      .command(`${name} <source>`)
      .description(texts[name])
      .option("--json", "print a JSON object")
      .addHelpText("after", `\nExample:\n  $ deskhand kb ${name} handbook`)
      .action((source: string, options: Json) => manage(context, { kind: `kb-${name}`, source }, options));
  }
}

function addRestore(knowledge: Command, context: CommandContext): void {
  const { deps, terminal, withOperations } = context;
  knowledge
    .command("restore <source> [document]")
    .description("Brings back a source that was removed, or an earlier text of a document.")
    .option("--version <N>", "the version of the document whose text becomes current")
    .option("--yes", "do not ask")
    .option("--json", "print a JSON object")
    .addHelpText(
      "after",
      "\nExamples:\n  $ deskhand kb restore handbook && deskhand kb sync handbook\n  $ deskhand kb restore handbook wifi.md --version 2",
    )
    .action(
      async (source: string, document: string | undefined, options: Json & { version?: string; yes?: boolean }) => {
        if (document === undefined && options.version === undefined) {
          return manage(context, { kind: "kb-restore", source }, options);
        }
        if (document === undefined) throw new UsageError("--version needs a document before it.");
        if (options.version === undefined) {
          throw new UsageError(
            `Say which version of ${document}: --version N. \`deskhand kb history ${source} ${document}\` lists them.`,
          );
        }
        const version = readNumber("--version", options.version);
        const command = { kind: "kb-restore-document", source, document, version } as const;
        await withOperations(async (operations) => {
          const preview = await operations.manage({ ...command, isPreview: true }, deps.signal);
          if (options.yes !== true) terminal.printReply(preview.reply);
          if (!(await askYes(deps, "This changes what is answered from.", options))) return;
          const { reply, data } = await operations.manage({ ...command, isPreview: false }, deps.signal);
          if (options.json === true) terminal.printJson(data);
          else terminal.printReply(reply);
        });
      },
    );
}

function addShow(knowledge: Command, context: CommandContext): void {
  knowledge
    .command("show <source> [document]")
    .description("Shows the documents of a source with the state of each, or the text of one.")
    .option("--json", "print a JSON object")
    .addHelpText("after", "\nExamples:\n  $ deskhand kb show handbook\n  $ deskhand kb show handbook wifi.md")
    .action((source: string, document: string | undefined, options: Json) =>
      manage(context, { kind: "kb-show", source, document: document ?? null }, options),
    );
}

function addHistory(knowledge: Command, context: CommandContext): void {
  knowledge
    .command("history <source> <document>")
    .description("Shows the versions of a document, or what two of them differ in.")
    .option("--diff <N...>", "two version numbers: what changed from the first to the second")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  $ deskhand kb history handbook wifi.md --diff 1 2")
    .action((source: string, document: string, options: Json & { diff?: readonly string[] }) => {
      const between = options.diff === undefined ? null : readVersionPair(options.diff);
      return manage(context, { kind: "kb-history", source, document, between }, options);
    });
}

function addEntries(knowledge: Command, context: CommandContext): void {
  knowledge
    .command("write <question> <answer>")
    .description("Drafts a question with its answer. It is answered from once it is approved and published.")
    .option("--variant <question>", "another wording of the question", (text, all: string[]) => [...all, text], [])
    .option("--until <date>", "the last day on which it holds, for example 2026-12-31")
    .option("--json", "print a JSON object")
    .addHelpText("after", '\nExample:\n  $ deskhand kb write "Do you ship to Norway?" "Yes, within five days."')
    .action((question: string, answer: string, options: Json & { variant: readonly string[]; until?: string }) => {
      const entry = { question, answer, variants: options.variant, until: options.until ?? null };
      return manage(context, { kind: "kb-write", ...readWrittenEntry(entry) }, options);
    });
  const texts: Readonly<Record<EntryStep, string>> = {
    approve: "Approves a draft.",
    publish: "Answers from an approved entry.",
    archive: "Takes an entry out of every answer.",
  };
  for (const step of ENTRY_STEPS) {
    knowledge
      .command(`${step} <id>`)
      .description(texts[step])
      .option("--json", "print a JSON object")
      .addHelpText("after", `\nExample:\n  $ deskhand kb ${step} 1a2b3c`)
      .action((entry: string, options: Json) =>
        manage(context, { kind: "kb-entry", step, entry: readEntryCode(entry) }, options),
      );
  }
  knowledge
    .command("entries [state]")
    .description("Shows the questions and answers that were written here.")
    .option("--json", "print a JSON array")
    .addHelpText("after", "\nExample:\n  $ deskhand kb entries draft")
    .action((typed: string | undefined, options: Json) => {
      const state = typed === undefined ? null : readEntryState(typed);
      return manage(context, { kind: "kb-entries", state }, options);
    });
}

function addReports(knowledge: Command, context: CommandContext): void {
  knowledge
    .command("stale")
    .description("Shows documents that are out of date or were not changed for long, with their owners.")
    .option("--days <N>", "how long unchanged is long", String(DEFAULT_STALE_DAYS))
    .option("--json", "print a JSON object")
    .addHelpText("after", "\nExample:\n  $ deskhand kb stale --days 365")
    .action((options: Json & { days: string }) =>
      manage(context, { kind: "kb-stale", days: readNumber("--days", options.days, MOST_STALE_DAYS) }, options),
    );
  knowledge
    .command("audit")
    .description("Shows who changed what of the knowledge, and who tried to and may not.")
    .option("--limit <N>", "how many entries", String(DEFAULT_AUDIT_LIMIT))
    .option("--json", "print a JSON array")
    .addHelpText("after", "\nExample:\n  $ deskhand kb audit --limit 50")
    .action((options: Json & { limit: string }) =>
      manage(context, { kind: "kb-audit", limit: readNumber("--limit", options.limit, MOST_AUDIT_ENTRIES) }, options),
    );
}
