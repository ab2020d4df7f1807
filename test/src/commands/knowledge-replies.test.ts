import { describe, expect, it } from "vitest";
import { replyText } from "../../../src/answering/reply-text.js";
import { canConfirm, diffReply, statusReply } from "../../../src/commands/knowledge-replies.js";
import type { SyncDiff, SyncReach } from "../../../src/ports/knowledge.js";

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

  it("tells of what was read and not whole, and of the source as a whole without a name", () => {
    const scanned = { code: "scanned-pages", message: "2 of 9 pages are pictures." };
    const remarks = [
      { externalId: "a.pdf", ...scanned },
      { externalId: "b.pdf", ...scanned },
      { externalId: "", code: "dead-links", message: "The folder is empty." },
    ];
    const reply = said({ remarks });
    expect(reply).toContain("+0 ~0 -0, 3 remarks");
    expect(reply).toContain("Remarks (2): 2 of 9 pages are pictures.\n\n- a.pdf\n- b.pdf");
    expect(reply).toContain("Remark: The folder is empty.");
  });

  it("puts no empty name before what is wrong with the source as a whole", () => {
    expect(said({ failed: [EMPTY] })).toContain("The source lists nothing");
    expect(said({ failed: [EMPTY] })).not.toContain(": The source lists nothing");
  });
});

describe("the reply that tells how the sources are", () => {
  const source = {
    name: "docs",
    kind: "folder",
    location: "/srv/docs",
    acl: ["public"],
    sourceId: "s1",
    isSyncRequested: false,
  } as const;
  const status = (progress?: SyncReach): string => {
    const running = { ...NOTHING, state: "running", finishedAt: null } as const;
    const lastRun: SyncDiff = progress === undefined ? running : { ...running, progress };
    return replyText(statusReply([{ ...source, documents: 3, chunks: 9, endsDemo: false, pausedAt: null, lastRun }]));
  };

  it("lists what was removed, with the day on which it is deleted for good", () => {
    const removed = [{ name: "old", removedAt: "2026-11-20T10:00:00.000Z", keptUntil: "2026-12-20T10:00:00.000Z" }];
    const one = { ...source, documents: 1, chunks: 1, endsDemo: false, pausedAt: null, lastRun: null };
    for (const said of [replyText(statusReply([one], removed)), replyText(statusReply([], removed))]) {
      expect(said).toContain("old: removed 2026-11-20, deleted for good on 2026-12-20. kb restore old");
    }
  });

  it("says where the last sync has left remarks, in numbers", () => {
    const remarks = [{ externalId: "secret.pdf", code: "scanned-pages", message: "2 of 9 pages are pictures." }];
    const one = { ...source, documents: 1, chunks: 1, endsDemo: false, pausedAt: null };
    const reply = replyText(statusReply([{ ...one, lastRun: { ...NOTHING, remarks } }]));
    expect(reply).toContain("The last sync of docs has left 1 remark");
    expect(reply).toContain("kb diff docs");
    expect(reply).not.toContain("secret.pdf");
  });

  it("says how far a sync is", () => {
    expect(status({ done: 1_204, total: 4_140 })).toContain("syncing: 1,204 of 4,140");
    expect(status({ done: 1_204, total: null })).toContain("syncing: 1,204 found so far");
    expect(status({ done: 0, total: null })).toContain("syncing since 2026-11-27 10:00");
    expect(status()).toContain("syncing since 2026-11-27 10:00");
  });
});
