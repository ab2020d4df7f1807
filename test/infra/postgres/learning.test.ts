import { NO_TEXT_VECTORS } from "../../../src/text/word-vectors.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { replyText } from "../../../src/answering/reply-text.js";
import { candidateReply, candidatesReply } from "../../../src/commands/learning-replies.js";
import { runCandidateCards } from "../../../src/learning/run-candidate-cards.js";
import { runLearning } from "../../../src/learning/run-learning.js";
import { approve, edit, reject, split, type ReviewDesk } from "../../../src/learning/review.js";
import type { RegressionReport } from "../../../src/learning/regression-gate.js";
import type { Candidate } from "../../../src/ports/candidates.js";
import { codeOf } from "../../../src/ports/confirmations.js";
import { NotFoundError, UsageError } from "../../../src/ports/errors.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import type { Reply, ReplyAction } from "../../../src/ports/reply.js";
import type { NewAuditEntry } from "../../../src/ports/knowledge-audit.js";
import type { KnowledgeEntry, ReleasedEntry } from "../../../src/ports/knowledge-entries.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { actionFrom, ana, cora, deletionOf, messageFrom } from "../../support/events.js";
import { eventually } from "../../faults/outcomes.js";
import { BADGE, EXPORT, reviewer as who } from "../../support/learned-words.js";
import { silentLogger } from "../../support/silent-logger.js";

const unaborted = new AbortController().signal;

describeEachDatabase("learning from handoffs", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let released: ReleasedEntry[];
  let audited: NewAuditEntry[];
  let report: RegressionReport;
  let desk: ReviewDesk;

  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
    scene = await CoreScene.start(database, platform, new ScriptedAnswering());
    [released, audited, report] = [[], [], { kind: "unchecked" }];
    desk = {
      withCandidates: (tenantId, work) => database.withStores(tenantId, ({ candidates }) => work(candidates)),
      entries: {
        release: (_tenant, entry) => {
          released.push(entry);
          return Promise.resolve(entry as unknown as KnowledgeEntry);
        },
        list: () => Promise.resolve([]),
      },
      library: { document: () => Promise.reject(new NotFoundError("No such document.")) },
      originals: { read: () => Promise.resolve(null) },
      audit: { record: (_tenant, entry) => Promise.resolve(void audited.push(entry)) },
      gate: { check: () => Promise.resolve(report) },
      newId,
    };
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function solve(
    question: string | ReturnType<typeof messageFrom>,
    reply: string | null,
    place = newId(),
  ): Promise<{ place: string; handoffId: string }> {
    const asked = typeof question === "string" ? messageFrom(cora, scene.at(place), question) : question;
    await scene.play(asked);
    const thread = platform.newestThread();
    const handoffId = await newestHandoff();
    if (reply !== null) await scene.play(messageFrom(ana, scene.at(thread), reply));
    else await scene.play(actionFrom(ana, scene.at(thread), { name: "claim", handoffId }));
    await scene.play(actionFrom(ana, scene.at(thread), { name: "resolve", handoffId }));
    await scene.play(actionFrom(cora, scene.at(place), { name: "solved", handoffId }));
    await looked(handoffId);
    return { place: thread, handoffId };
  }

  async function publishEntry(candidateId: string): Promise<void> {
    await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query(
        `with source as (
           insert into source (id, tenant_id, name, kind, location, acl)
           values (gen_random_uuid(), current_tenant(), 'learned', 'entries', 'learned', '{public}') returning id
         )
         insert into kb_entry (id, tenant_id, source_id, state, question, answer, acl, created_by, updated_by)
         select $1::uuid, current_tenant(), id, 'published', 'How?', 'So.', '{public}', 'ana', 'ana' from source`,
        [candidateId],
      ),
    );
  }

  async function newestHandoff(): Promise<string> {
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ id: string }>("select id from handoff order by created_at desc limit 1"),
    );
    return rows[0]!.id;
  }

  async function looked(handoffId: string): Promise<string> {
    for (;;) {
      const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
        db.query<{ learned: string | null }>("select learned from handoff where id = $1::uuid", [handoffId]),
      );
      if (rows[0]!.learned !== null) return rows[0]!.learned;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  function list(): Promise<readonly Candidate[]> {
    return desk.withCandidates(DEFAULT_TENANT, (candidates) => candidates.list(null));
  }

  const approveIt = (candidateId: string, isForced = false) =>
    approve(desk, who, { code: candidateId.slice(-6), isForced, isApart: false, mayChangeEntries: true }, unaborted);

  it("two that are about the same are one candidate, and a third that is not is its own", async () => {
    await solve("Unknown: how do I export my archive?", `Hi! ${EXPORT}`);
    await solve("Unknown: where is the export of an archive?", EXPORT);
    await solve("Unknown: I have lost my badge, what now?", BADGE);
    const candidates = await list();
    expect(candidates.map(({ answer, cases }) => [answer, cases.length])).toEqual([
      [EXPORT, 2],
      [BADGE, 1],
    ]);
  });

  it("what teaches nothing says why, and is looked at once", async () => {
    const { handoffId } = await solve("Unknown: where are you?", null);
    await expect(looked(handoffId)).resolves.toBe("no-reply");
    await expect(list()).resolves.toEqual([]);
  });

  it("two processes at once count a handoff once", async () => {
    const stopping = new AbortController();
    const { coordination, withStores } = database;
    const others = [1, 2].map(() =>
      runLearning(
        { coordination, withStores, newId, textVectors: NO_TEXT_VECTORS, logger: silentLogger, intervalMs: 1 },
        stopping.signal,
      ),
    );
    await solve("Unknown: how do I export my archive?", EXPORT);
    stopping.abort();
    await Promise.all(others);
    expect((await list()).map(({ cases }) => cases.length)).toEqual([1]);
  });

  it("one that is opened again teaches what it ends with", async () => {
    const { place, handoffId } = await solve("Unknown: how do I export my archive?", EXPORT);
    await scene.play(actionFrom(ana, scene.at(place), { name: "reopen", handoffId }));
    await scene.play(messageFrom(ana, scene.at(place), "Archives are exported on the page Data now."));
    await scene.play(actionFrom(ana, scene.at(place), { name: "resolve", handoffId }));
    await database.withStores(DEFAULT_TENANT, async ({ handoffs }) => {
      const { state, claimedBy, snoozedUntil, customerWaits } = await handoffs.lock(handoffId);
      const standing = { state, claimedBy, snoozedUntil, customerWaits, isSettled: true };
      await handoffs.transition(handoffId, standing, null);
    });
    await looked(handoffId);
    const [candidate, ...others] = await list();
    expect(others).toEqual([]);
    expect(candidate!.answer).toContain("on the page Data now");
    expect(candidate!.cases).toHaveLength(1);
  });

  it("an approved one waits again when somebody asks it in new words, and is then published with them", async () => {
    await solve("Unknown: how do I export my archive?", EXPORT);
    const [{ candidateId } = { candidateId: "" }] = await list();
    await approveIt(candidateId);
    expect(await list()).toMatchObject([{ state: "approved", decidedBy: "slack:U1" }]);
    await solve("Unknown: where is the export of an archive?", EXPORT);
    expect(await list()).toMatchObject([{ candidateId, state: "waiting" }]);
    await approveIt(candidateId);
    expect(released.map(({ entryId, variants }) => [entryId, variants.length])).toEqual([
      [candidateId, 0],
      [candidateId, 1],
    ]);
  });

  it("one whose entry was archived says so, and may be rejected when it waits again", async () => {
    await solve("Unknown: how do I export my archive?", EXPORT);
    const [{ candidateId } = { candidateId: "" }] = await list();
    await approveIt(candidateId);
    await publishEntry(candidateId);
    expect(await list()).toMatchObject([{ state: "approved", isAnsweredFrom: true }]);
    await expect(reject(desk, who, { code: candidateId, why: null })).rejects.toThrow("kb archive");
    await database.withTenant(DEFAULT_TENANT, (db) => db.query("update kb_entry set state = 'archived'"));
    await solve("Unknown: where is the export of an archive?", EXPORT);
    const [waiting] = await list();
    expect(replyText(candidatesReply([waiting!], null))).toContain("archived, waits with new words");
    expect(replyText(candidateReply(waiting!, null))).toContain("archived, waits with new words");
    await expect(reject(desk, who, { code: candidateId, why: null })).resolves.toMatchObject({ state: "rejected" });
  });

  it("a rejected one does not come up again, and is counted", async () => {
    await solve("Unknown: how do I export my archive?", EXPORT);
    const [{ candidateId } = { candidateId: "" }] = await list();
    await reject(desk, who, { code: candidateId, why: "no longer sold" });
    await solve("Unknown: where is the export of an archive?", EXPORT);
    const [candidate, ...others] = await list();
    expect(others).toEqual([]);
    expect(candidate).toMatchObject({ state: "rejected", why: "no longer sold" });
    expect(candidate!.cases).toHaveLength(2);
  });

  it("a handoff that was parted stays apart, and gets none of the other's words", async () => {
    await solve("Unknown: how do I export my archive?", EXPORT);
    await solve("Unknown: where is the export of an archive?", EXPORT);
    const [{ candidateId } = { candidateId: "" }] = await list();
    const { out } = await split(desk, who, { code: candidateId, number: 1 });
    expect(out.cases).toHaveLength(1);
    await solve("Unknown: export of the whole archive, how?", EXPORT);
    expect((await list()).map(({ cases }) => cases.length).sort()).toEqual([1, 2]);
    await expect(split(desk, who, { code: out.candidateId, number: 1 })).rejects.toThrow(UsageError);
  });

  it("what holds a placeholder is published only with other words, which are their author's", async () => {
    await solve("Unknown: how do I export my archive?", `${EXPORT} Ask max@example.com for the key.`);
    const [{ candidateId } = { candidateId: "" }] = await list();
    await expect(approveIt(candidateId)).rejects.toThrow("[e-mail address]");
    await edit(desk, who, { code: candidateId, question: null, answer: EXPORT });
    await approveIt(candidateId);
    expect(released).toMatchObject([{ answer: EXPORT, writtenBy: "slack:U1", source: "learned" }]);
  });

  it("what makes other answers worse is not published, unless somebody says so, which is recorded", async () => {
    await solve("Unknown: how do I export my archive?", EXPORT);
    const [{ candidateId } = { candidateId: "" }] = await list();
    report = { kind: "checked", questions: 9, better: 0, worse: [{ question: "Q?", before: "a", after: "b" }] };
    await expect(approveIt(candidateId)).resolves.toMatchObject({ kind: "refused", report });
    expect(released).toEqual([]);
    expect(await list()).toMatchObject([{ state: "waiting" }]);
    await expect(approveIt(candidateId, true)).resolves.toMatchObject({ kind: "published", isForced: true });
    expect(audited).toMatchObject([{ actor: "slack:U1", action: "publish-worse", detail: { worse: 1, questions: 9 } }]);
  });

  it("one that is rejected while the labelled questions are asked is not published", async () => {
    await solve("Unknown: how do I export my archive?", EXPORT);
    const [{ candidateId } = { candidateId: "" }] = await list();
    desk = {
      ...desk,
      gate: {
        check: async () => {
          await reject(desk, who, { code: candidateId, why: "no more sold" });
          return report;
        },
      },
    };
    await expect(approveIt(candidateId)).rejects.toThrow("nothing was published");
    expect(released).toEqual([]);
    expect(await list()).toMatchObject([{ state: "rejected", publishedAt: null }]);
  });

  it("one that could not be published waits as before", async () => {
    await solve("Unknown: how do I export my archive?", EXPORT);
    const [{ candidateId } = { candidateId: "" }] = await list();
    desk = {
      ...desk,
      entries: { ...desk.entries, release: () => Promise.reject(new UsageError("Somebody else has to approve it.")) },
    };
    await expect(approveIt(candidateId)).rejects.toThrow("Somebody else");
    expect(await list()).toMatchObject([{ state: "waiting", decidedBy: null, publishedAt: null }]);
  });

  it("what the customer or the agent deletes afterwards leaves the candidate, also one that was rejected", async () => {
    const asked = messageFrom(cora, scene.at("deleting"), "Unknown: how do I export my archive of payslips?");
    await scene.play(asked);
    const thread = platform.newestThread();
    const handoffId = await newestHandoff();
    const [first, second] = [messageFrom(ana, scene.at(thread), EXPORT), messageFrom(ana, scene.at(thread), BADGE)];
    await scene.play(first);
    await scene.play(second);
    await scene.play(actionFrom(ana, scene.at(thread), { name: "resolve", handoffId }));
    await scene.play(actionFrom(cora, scene.at("deleting"), { name: "solved", handoffId }));
    await looked(handoffId);
    expect(await list()).toMatchObject([{ answer: `${EXPORT}\n\n${BADGE}` }]);

    await scene.play(deletionOf(second));
    await looked(handoffId);
    const [candidate, ...others] = await list();
    expect(others).toEqual([]);
    expect(candidate).toMatchObject({ answer: EXPORT, question: asked.text });

    await reject(desk, who, { code: candidate!.candidateId, why: null });
    await scene.play(deletionOf(asked));
    await expect(looked(handoffId)).resolves.toBe("no-question");
    await expect(list()).resolves.toEqual([]);
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query("select from handoff where question like '%payslips%'"),
    );
    expect(rows).toEqual([]);
  });

  it("learns nothing from what the customer has deleted while the handoff was open", async () => {
    const asked = messageFrom(cora, scene.at("deleting"), "Unknown: how do I export my archive of payslips?");
    await scene.play(asked);
    const thread = platform.newestThread();
    const handoffId = await newestHandoff();
    await scene.play(messageFrom(ana, scene.at(thread), EXPORT));
    await scene.play(deletionOf(asked));
    await scene.play(actionFrom(ana, scene.at(thread), { name: "resolve", handoffId }));
    await scene.play(actionFrom(cora, scene.at("deleting"), { name: "solved", handoffId }));
    await expect(looked(handoffId)).resolves.toBe("no-question");
    await expect(list()).resolves.toEqual([]);
  });

  it("what is deleted leaves earlier handoffs of the conversation, and what was decided, as they are", async () => {
    const place = newId();
    await solve("Unknown: how do I export my archive?", EXPORT, place);
    const [{ candidateId } = { candidateId: "" }] = await list();
    await reject(desk, who, { code: candidateId, why: "no longer sold" });
    const asked = messageFrom(cora, scene.at(place), "Unknown: I have lost my badge, what now?");
    const { handoffId } = await solve(asked, BADGE, place);
    const more = messageFrom(cora, scene.at(place), "export");
    await scene.play(actionFrom(ana, scene.at(platform.newestThread()), { name: "reopen", handoffId }));
    await scene.play(more);
    const before = await list();
    await scene.play(deletionOf(more));
    expect((await list()).find(({ state }) => state === "rejected")).toEqual(
      before.find(({ state }) => state === "rejected"),
    );
    await scene.play(deletionOf(asked));
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query("select question from handoff order by created_at"),
    );
    expect(rows).toEqual([{ question: "Unknown: how do I export my archive?" }, { question: "" }]);
    expect((await list()).map(({ state, cases }) => [state, cases.length])).toEqual([["rejected", 1]]);
  });

  it("whoever has seen it with fewer handoffs, or with words that were deleted since, approves nothing by it", async () => {
    const approveAsSeen = ({ candidateId: code, updatedAt: seen }: Candidate) =>
      approve(desk, who, { code, isForced: false, isApart: false, mayChangeEntries: true, seen }, unaborted);
    const asked = messageFrom(cora, scene.at("deleting"), "Unknown: how do I export my archive?");
    await scene.play(asked);
    const thread = platform.newestThread();
    const handoffId = await newestHandoff();
    await scene.play(messageFrom(ana, scene.at(thread), EXPORT));
    await scene.play(actionFrom(ana, scene.at(thread), { name: "resolve", handoffId }));
    await scene.play(actionFrom(cora, scene.at("deleting"), { name: "solved", handoffId }));
    await looked(handoffId);
    const [alone] = await list();
    await solve("Unknown: where is the export of an archive?", EXPORT);
    const [joined] = await list();
    expect(joined!.cases).toHaveLength(2);
    await expect(approveAsSeen(alone!)).rejects.toThrow("has changed it since");
    await scene.play(deletionOf(asked));
    await looked(handoffId);
    expect((await list())[0]!.question).toBe("Unknown: where is the export of an archive?");
    await expect(approveAsSeen(joined!)).rejects.toThrow("has changed it since");
    expect(released).toEqual([]);
  });

  describe("shown in the agents' channel", () => {
    const plan = { tenantId: DEFAULT_TENANT, leastHandoffs: 2, intervalMs: 5 };
    const cards = () => platform.texts("agents").filter((text) => text.includes("From 2 handoffs"));
    let asked: ReturnType<typeof messageFrom>[];
    let last: Awaited<ReturnType<typeof solve>>;
    const shown = () =>
      eventually(
        () => Promise.resolve(cards()),
        (found) => found.length > 0,
      );

    /** What the newest post or edit of a card offers. */
    async function offered(): Promise<readonly ReplyAction[]> {
      const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
        db.query<{ reply: Reply }>("select reply from delivery where cause_type = 'timer' order by seq desc limit 1"),
      );
      return rows[0]?.reply.actions ?? [];
    }

    beforeEach(async () => {
      await scene[Symbol.asyncDispose]();
      scene = await CoreScene.start(database, platform, new ScriptedAnswering(), { candidateCards: plan });
      const other = { ...plan, intervalMs: 3 };
      asked = [
        messageFrom(cora, scene.at("first"), "Unknown: how do I export my archive?"),
        messageFrom(cora, scene.at("second"), "Unknown: where is the export of an archive?"),
      ];
      await solve(asked[0]!, EXPORT, "first");
      const stopping = new AbortController();
      const { withStores } = database;
      const queue = { enqueue: () => Promise.resolve() };
      const deps = { withStores, queue, newId, logger: silentLogger, botName: "Deskhand", plan: other };
      const running = runCandidateCards({ ...deps, agentsChannel: () => scene.at("agents") }, stopping.signal);
      expect(cards()).toEqual([]);
      last = await solve(asked[1]!, EXPORT, "second");
      await shown();
      stopping.abort();
      await running;
    });

    it("each once, from as many handoffs on as were asked for, with buttons for what it shows", async () => {
      const [candidate] = await list();
      const { candidateId, updatedAt: seen } = candidate!;
      expect(cards()).toHaveLength(1);
      expect(await offered()).toEqual([
        { name: "review", candidateId, seen, verdict: "approve" },
        { name: "review-edit", candidateId, seen, answer: EXPORT },
        { name: "review", candidateId, seen, verdict: "reject" },
      ]);
    });

    it("a card that was perhaps never posted is not in the way of others", async () => {
      const [candidate] = await list();
      await database.withTenant(DEFAULT_TENANT, (db) =>
        db.query("update delivery set state = 'unconfirmed' where id = (select card_delivery_id from candidate)"),
      );
      await edit(desk, who, { code: candidate!.candidateId, question: null, answer: BADGE });
      await expect(desk.withCandidates(DEFAULT_TENANT, (found) => found.outdatedCards(5))).resolves.toEqual([]);
    });

    it("its card says what was decided and by whom, wherever that was; who has seen less is told", async () => {
      const [candidate] = await list();
      const { candidateId, updatedAt: seen } = candidate!;
      await edit(desk, who, { code: candidateId, question: null, answer: `${EXPORT} It takes a minute.`, seen });
      await expect(reject(desk, who, { code: candidateId, why: null, seen })).rejects.toThrow(
        "slack:U1 has changed it",
      );
      await eventually(offered, (actions) =>
        actions.some((action) => "answer" in action && action.answer.endsWith("It takes a minute.")),
      );
      await reject(desk, { ...who, actor: "terminal" }, { code: candidateId, why: "no more sold" });
      await eventually(
        () => Promise.resolve(cards()),
        (texts) => texts.some((text) => text.includes("rejected by terminal")),
      );
      expect(await offered()).toEqual([]);
      const order = { code: candidateId, isForced: false, isApart: false, mayChangeEntries: true, seen };
      await expect(approve(desk, who, order, unaborted)).rejects.toThrow("rejected by terminal already");
      expect(released).toEqual([]);
      expect(cards()).toHaveLength(1);
    });

    const said = () => platform.texts("agents").filter((text) => text.startsWith("This candidate"));

    it("the card of one that was put together with another says with which, and so does a press on it", async () => {
      const [{ candidateId, cases } = { candidateId: "", cases: [] }] = await list();
      const other = { candidateId: newId(), question: "How is a badge replaced?", answer: BADGE, language: "en" };
      const mergeInto = (heir: typeof other) =>
        desk.withCandidates(DEFAULT_TENANT, async (candidates) => {
          await candidates.make(heir);
          await candidates.move(
            cases.map(({ handoffId }) => handoffId),
            heir.candidateId,
          );
        });
      const told = (words: string) => eventually(said, ([text]) => text?.includes(words) === true);
      await mergeInto(other);
      const show = `See it: learn show ${codeOf(other.candidateId)}`;
      await expect(approveIt(candidateId)).rejects.toThrow(`This candidate was put together with another one. ${show}`);
      expect(await told(`It is part of: ${asked[0]!.text}`)).toEqual([expect.stringContaining(show.slice(8))]);
      expect(cards().filter((text) => !text.includes(show.slice(8)))).toEqual([]);
      await scene.play(deletionOf(asked[0]!));
      await told(`It is part of: ${asked[1]!.text}`);
      const third = { ...other, candidateId: newId(), question: "Where?" };
      await mergeInto(third);
      await told(codeOf(third.candidateId));
      await edit(desk, who, { code: third.candidateId, question: "How are archives exported?", answer: null });
      await told("It is part of: How are archives exported?");
    });

    it("the card of one whose words were deleted shows them no more, and a press on it says so", async () => {
      const [{ candidateId } = { candidateId: "" }] = await list();
      for (const message of asked) await scene.play(deletionOf(message));
      await expect(approveIt(candidateId)).rejects.toThrow("what it was learned from was deleted. See them all");
      await eventually(said, (texts) => texts.some((text) => text.includes("was deleted")));
      expect(cards()).toEqual([]);
      expect(await offered()).toEqual([]);
    });

    it("the card of one whose handoff is learned from anew says so", async () => {
      const [{ candidateId } = { candidateId: "" }] = await list();
      await scene.play(deletionOf(asked[0]!));
      await scene.play(actionFrom(ana, scene.at(last.place), { name: "reopen", handoffId: last.handoffId }));
      await scene.play(actionFrom(ana, scene.at(last.place), { name: "resolve", handoffId: last.handoffId }));
      await scene.play(actionFrom(cora, scene.at("second"), { name: "solved", handoffId: last.handoffId }));
      await looked(last.handoffId);
      await expect(approveIt(candidateId)).rejects.toThrow("its handoff was opened again");
      await eventually(said, (texts) => texts.some((text) => text.includes("learned anew")));
      expect((await list()).map(({ question }) => question)).toEqual([asked[1]!.text]);
    });
  });

  it("keeps no credential that somebody pasted, and publishes none", async () => {
    const key = "sk-proj-abcdefghijklmnopqrst1234567890";
    await solve(`Unknown: my key ${key} gives 401 when I export, why?`, EXPORT);
    const [{ candidateId, question } = { candidateId: "", question: "" }] = await list();
    expect(question).toContain("[secret]");
    expect(JSON.stringify(await list())).not.toContain(key);
    await edit(desk, who, { code: candidateId, question: `Why does ${key} give 401?`, answer: null });
    await expect(approveIt(candidateId)).rejects.toThrow("holds an API key");
    expect(released).toEqual([]);
  });

  it("what is not there is said to be not there", async () => {
    await expect(approveIt("abcdef")).rejects.toThrow(NotFoundError);
  });
});
