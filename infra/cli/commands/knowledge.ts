import type { Command } from "commander";
import {
  canConfirm,
  demoSentence,
  diffSummary,
  failureLine,
  groupSkipped,
  noSourcesReply,
  searchReply,
  statusReply,
} from "../../../src/commands/knowledge-replies.js";
import { count } from "../../../src/commands/counted.js";
import { readNumber } from "../../../src/commands/knowledge-input.js";
import type { Operations } from "../../../src/commands/operations.js";
import type { SyncDiff } from "../../../src/ports/knowledge.js";
import { UsageError } from "../../../src/ports/errors.js";
import { RUNS_LISTED } from "../../../src/ports/sync-runs.js";
import type { CommandContext } from "../command-context.js";
import { createProgress } from "../progress.js";
import { addKnowledgeCare, manage } from "./knowledge-care.js";
import { addAdd, audienceFrom, NO_AUDIENCE } from "./knowledge-add.js";

/** Failures shown under a sync's line; `kb diff` has all of them. */
const FAILURES_SHOWN = 5;
/** Reasons for passing files over shown under a sync's line, and the names behind each. */
const SKIPPED_REASONS_SHOWN = 5;
const SKIPPED_NAMES_SHOWN = 3;
/** Remarks on documents that were read, and not all of them. */
const REMARKS_SHOWN = 5;

export function addKnowledgeCommands(program: Command, context: CommandContext): void {
  const knowledge = program.command("kb").description("Adds, syncs and searches the documents that are answered from.");
  addAdd(knowledge, context);
  addSync(knowledge, context);
  addStatus(knowledge, context);
  addSearch(knowledge, context);
  addDiff(knowledge, context);
  addKnowledgeCare(knowledge, context);
}

function addSync(knowledge: Command, context: CommandContext): void {
  knowledge
    .command("sync [name]")
    .description("Reads a source again, or all of them, and shows what has changed.")
    .option("--yes", "also remove when very many documents are gone at once")
    .option("--confirm-removals", "the same as --yes")
    .option("--json", "print one JSON object for each source")
    .addHelpText("after", "\nExample:\n  $ deskhand kb sync handbook")
    .action(async (name: string | undefined, options: { yes?: boolean; confirmRemovals?: boolean; json?: boolean }) => {
      const isConfirmed = options.yes === true || options.confirmRemovals === true;
      await sync(context, name ?? null, isConfirmed, options.json === true);
    });
}

async function sync(context: CommandContext, name: string | null, confirmRemovals: boolean, isJson: boolean) {
  const { deps, terminal } = context;
  const ended: SyncDiff[] = [];
  await context.withOperations(async (operations) => {
    let progress = createProgress(deps.stderr);
    try {
      for await (const step of operations.sync(name, { confirmRemovals }, deps.signal)) {
        if (step.kind === "document") progress.report(step.done, step.total, `${step.source}: ${step.externalId}`);
        if (step.kind !== "done") continue;
        progress[Symbol.dispose]();
        progress = createProgress(deps.stderr);
        ended.push(step.diff);
        if (isJson) terminal.printJson({ source: step.source, ...step.diff });
        else terminal.print(syncLines(step.source, step.diff));
      }
      if (name === null && !isJson) await tellOfPaused(operations, terminal);
    } finally {
      progress[Symbol.dispose]();
    }
  });
  if (ended.length === 0 && !isJson) terminal.printReply(noSourcesReply());
  if (ended.some(needsAttention)) deps.setExitCode(1);
}

async function tellOfPaused(operations: Operations, terminal: CommandContext["terminal"]): Promise<void> {
  for (const { name, pausedAt } of await operations.status()) {
    if (pausedAt !== null) terminal.print(`${name}: paused, not synced. By its name it is: deskhand kb sync ${name}`);
  }
}

function syncLines(source: string, diff: SyncDiff): string {
  const failures = diff.failed.slice(0, FAILURES_SHOWN).map((failure) => `  ${failureLine(failure)}`);
  const hidden = diff.failed.length - failures.length;
  const more = hidden > 0 ? [`  … and ${hidden} more: deskhand kb diff ${source}`] : [];
  const held = canConfirm(diff)
    ? [`  ${count(diff.heldRemovals.length, "removal")} held: still answered from. If that is right:`]
    : [];
  const demo = demoSentence(diff);
  const confirm = held.map(() => `  deskhand kb sync ${source} --yes`);
  return [
    `${source}: ${diffSummary(diff)}, ${diff.unchanged} unchanged`,
    ...failures,
    ...more,
    ...skippedLines(source, diff),
    ...remarkLines(source, diff),
    ...held,
    ...confirm,
    ...(demo === null ? [] : [`  ${demo}`]),
  ].join("\n");
}

function skippedLines(source: string, diff: SyncDiff): readonly string[] {
  const groups = groupSkipped(diff.skipped);
  const shown = groups.slice(0, SKIPPED_REASONS_SHOWN);
  const lines = shown.map(({ message, names }) => {
    const more = names.length > SKIPPED_NAMES_SHOWN ? ", …" : "";
    return `  ${names.length} skipped (${names.slice(0, SKIPPED_NAMES_SHOWN).join(", ")}${more}): ${message}`;
  });
  const isCut = groups.length > shown.length || shown.some(({ names }) => names.length > SKIPPED_NAMES_SHOWN);
  return isCut ? [...lines, `  All that was skipped: deskhand kb sync ${source} --json`] : lines;
}

function remarkLines(source: string, { remarks }: SyncDiff): readonly string[] {
  const shown = remarks.slice(0, REMARKS_SHOWN).map((remark) => `  ${failureLine(remark)}`);
  return remarks.length > shown.length
    ? [...shown, `  … and ${remarks.length - shown.length} more: deskhand kb diff ${source}`]
    : shown;
}

function needsAttention(diff: SyncDiff): boolean {
  return diff.state !== "done" || diff.failed.length > 0;
}

function addStatus(knowledge: Command, { terminal, withOperations }: CommandContext): void {
  knowledge
    .command("status")
    .description("Shows all sources, their size and their last sync.")
    .option("--json", "print a JSON array")
    .addHelpText("after", "\nExample:\n  $ deskhand kb status")
    .action(async ({ json }: { json?: boolean }) => {
      const { sources, removed } = await withOperations(async (operations) => ({
        sources: await operations.status(),
        removed: await operations.removed(),
      }));
      if (json === true) terminal.printJson(sources);
      else terminal.printReply(statusReply(sources, removed));
    });
}

function addSearch(knowledge: Command, { deps, terminal, withOperations }: CommandContext): void {
  knowledge
    .command("search <words...>")
    .description("Shows which passages are found for a question, with their scores.")
    .option("--audience <tokens>", "search as somebody with these tokens, parted by commas", "public")
    .option("--limit <N>", "how many passages, 1 to 100", "5")
    .option("--json", "print a JSON object")
    .addHelpText("after", "\nExample:\n  $ deskhand kb search reset the hub")
    .action(async (words: string[], options: { audience: string; limit: string; json?: boolean }) => {
      if (!/^(?:[1-9]\d?|100)$/u.test(options.limit)) throw new UsageError("--limit must be a number from 1 to 100.");
      const found = await withOperations((operations) =>
        operations.search(words.join(" "), audienceOf(options.audience), Number(options.limit), deps.signal),
      );
      if (options.json === true) terminal.printJson(found);
      else terminal.printReply(searchReply(found));
    });
}

function addDiff(knowledge: Command, context: CommandContext): void {
  knowledge
    .command("diff <name>")
    .description("Shows what the last sync that changed something changed, document by document.")
    .option("--runs", `list the last ${RUNS_LISTED} runs with their counts`)
    .option("--run <N>", "show what the run of that number changed")
    .option("--json", "print a JSON object, or null when it was never synced; with --runs an array")
    .addHelpText("after", "\nExamples:\n  $ deskhand kb diff handbook\n  $ deskhand kb diff handbook --runs")
    .action((source: string, { runs, run, json }: { runs?: boolean; run?: string; json?: boolean }) => {
      const number = run === undefined ? null : readNumber("--run", run);
      const command =
        runs === true ? ({ kind: "kb-runs", source } as const) : ({ kind: "kb-diff", source, run: number } as const);
      return manage(context, command, { json: json === true });
    });
}

/** @throws {UsageError} when there is no token. */
function audienceOf(tokens: string): readonly string[] {
  const audience = audienceFrom(tokens);
  if (audience.length === 0) throw new UsageError(NO_AUDIENCE);
  return audience;
}
