import { describe, expect, it } from "vitest";
import { replyText } from "../../../src/answering/reply-text.js";
import { canConfirm, diffReply } from "../../../src/commands/knowledge-replies.js";
import type { SyncDiff } from "../../../src/ports/knowledge.js";

const NOTHING: SyncDiff = {
  runId: "01980a3c-7d1e-7cc2-9d7b-6a5f0e3b2c11",
  state: "held",
  startedAt: "2026-11-27T10:00:00.000Z",
  finishedAt: "2026-11-27T10:00:01.000Z",
  added: [],
  changed: [],
  removed: [],
  unchanged: 0,
  failed: [],
  skipped: [],
  remarks: [],
  heldRemovals: [],
  demo: null,
};

const said = (changes: Partial<SyncDiff>): string => replyText(diffReply("docs", { ...NOTHING, ...changes }));
const EMPTY = { externalId: "", code: "empty-listing", message: "The source lists nothing. Check its path." };

describe("the reply that tells what a sync changed", () => {
  it("says how to confirm removals that are held", () => {
    expect(said({ heldRemovals: ["a.md"] })).toContain("kb sync docs --yes");
  });

  it("offers no confirmation where the source listed nothing, as none would remove anything", () => {
    const reply = said({ heldRemovals: ["a.md"], failed: [EMPTY] });
    expect(reply).not.toContain("--yes");
    expect(reply).toContain("Still answered from");
    expect(canConfirm({ ...NOTHING, heldRemovals: ["a.md"], failed: [EMPTY] })).toBe(false);
  });

  it("puts no empty name before what is wrong with the source as a whole", () => {
    expect(said({ failed: [EMPTY] })).toContain("The source lists nothing");
    expect(said({ failed: [EMPTY] })).not.toContain(": The source lists nothing");
  });
});
