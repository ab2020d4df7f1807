import { expect, it } from "vitest";
import { replyText } from "../../../src/answering/reply-text.js";
import { lastChangeReply, runsReply } from "../../../src/commands/run-replies.js";
import type { RunSummary } from "../../../src/ports/sync-runs.js";
import type { SyncDiff } from "../../../src/ports/knowledge.js";

function run(number: number, changes: Partial<SyncDiff> = {}) {
  const at = `2026-11-2${number}T10:00:00.000Z`;
  const lists = { added: [], changed: [], removed: [], failed: [], skipped: [], remarks: [], heldRemovals: [] };
  const diff = { runId: "r", state: "done", startedAt: at, finishedAt: at, unchanged: 3, demo: null } as const;
  return { number, diff: { ...diff, ...lists, ...changes } };
}

it("tells what was changed last, when, and how many runs have changed nothing since", () => {
  const said = replyText(lastChangeReply("docs", { changed: run(2, { added: ["b.md"] }), newest: run(5), later: 3 }));
  expect(said).toContain("Run 2");
  expect(said).toContain("2026-11-22 10:00");
  expect(said).toContain("b.md");
  expect(said).toContain("3 later runs changed nothing. The newest ended 2026-11-25 10:00.");
});

it("does not hide that the newest run failed", () => {
  const failed = [{ externalId: "", code: "source-unavailable", message: "The folder cannot be opened." }];
  const newest = run(3, { state: "failed", failed });
  const said = replyText(lastChangeReply("docs", { changed: run(2, { added: ["b.md"] }), newest, later: 1 }));
  expect(said).toContain("1 later run changed nothing");
  expect(said).toContain("The folder cannot be opened.");
});

it("says so where no run has changed anything, and where there was none", () => {
  expect(replyText(lastChangeReply("docs", { changed: null, newest: run(1), later: 1 }))).toContain(
    "No run changed a document (1 run so far).",
  );
  expect(replyText(lastChangeReply("docs", null))).toContain("docs was never synced");
  expect(replyText(runsReply("docs", []))).toContain("docs was never synced");
});

it("offer to open the newest run of those listed that changed something", () => {
  const run = (number: number, changed: number): RunSummary => ({
    ...{ number, state: "done", startedAt: "2026-11-27T10:00:00.000Z", finishedAt: "2026-11-27T10:00:01.000Z" },
    ...{ added: 0, changed, removed: 0, unchanged: 2, failed: 0, skipped: 0, held: 0 },
  });
  expect(replyText(runsReply("docs", [run(3, 0), run(2, 1), run(1, 4)]))).toContain("kb diff docs --run 2");
  expect(replyText(runsReply("docs", [run(2, 0), run(1, 0)]))).toContain("kb diff docs --run 2");
});
