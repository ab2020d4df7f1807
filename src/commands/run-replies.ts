import type { SyncDiff } from "../ports/knowledge.js";
import type { Block, Reply } from "../ports/reply.js";
import type { LastChange, NumberedRun, RunSummary } from "../ports/sync-runs.js";
import { count, moment } from "./counted.js";
import { diffReply } from "./knowledge-replies.js";
import { code, paragraph, reply, strong, table, text } from "./reply-blocks.js";

/** The last run that changed something, and what the runs since then tell. */
export function lastChangeReply(source: string, last: LastChange | null): Reply {
  if (last === null) return diffReply(source, null);
  const { changed, newest, later } = last;
  if (changed === null) {
    const none = `No run changed a document (${count(later, "run")} so far). The newest:`;
    return reply(paragraph(text(none)), ...runReply(source, newest).blocks, allRuns(source));
  }
  return reply(...runReply(source, changed).blocks, ...laterRuns(source, newest, later), allRuns(source));
}

function laterRuns(source: string, newest: NumberedRun, later: number): readonly Block[] {
  if (later === 0) return [];
  const words = `${count(later, "later run")} changed nothing. The newest ended ${endOf(newest.diff)}.`;
  const problems = needsAttention(newest.diff) ? runReply(source, newest).blocks : [];
  return [paragraph(text(words)), ...problems];
}

function needsAttention({ state, failed, remarks }: SyncDiff): boolean {
  return state !== "done" || failed.length > 0 || remarks.length > 0;
}

function endOf({ finishedAt, startedAt }: Pick<SyncDiff, "finishedAt" | "startedAt">): string {
  return moment(finishedAt ?? startedAt);
}

function allRuns(source: string): Block {
  return paragraph(text("All runs: "), code(`kb diff ${source} --runs`));
}

export function runReply(source: string, { number, diff }: NumberedRun): Reply {
  return reply(paragraph(strong(`Run ${number}`)), ...diffReply(source, diff).blocks);
}

/** Runs in numbers, the newest first, and how one is opened. */
export function runsReply(source: string, runs: readonly RunSummary[]): Reply {
  const [newest] = runs;
  if (newest === undefined) return diffReply(source, null);
  const header = ["Run", "Ended", "State", "Added", "Changed", "Removed", "Unchanged", "Failed", "Skipped", "Held"];
  const rows = runs.map((run) => {
    const { added, changed, removed, unchanged, failed, skipped, held } = run;
    const counts = [added, changed, removed, unchanged, failed, skipped, held];
    return [String(run.number), endOf(run), run.state, ...counts.map(String)];
  });
  const shown = runs.find(({ added, changed, removed }) => added + changed + removed > 0) ?? newest;
  return reply(
    table(header, rows),
    paragraph(text("What one of them changed: "), code(`kb diff ${source} --run ${shown.number}`)),
  );
}
