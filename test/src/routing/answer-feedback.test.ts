import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { labelledSchema, writeLabelled } from "../../../infra/cli/write-labelled.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { readDataset } from "../../../src/answering/evaluation/read-dataset.js";
import { manageCases } from "../../../src/commands/manage-cases.js";
import { customerText } from "../../../src/handoff/customer-texts.js";
import type { CaseDesk } from "../../../src/learning/label-case.js";
import type { AnswerCase } from "../../../src/ports/answer-cases.js";
import type { Author } from "../../../src/ports/chat.js";
import { NotFoundError } from "../../../src/ports/errors.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import type { ReplyAction } from "../../../src/ports/reply.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { actionFrom, cora, deletionOf, messageFrom } from "../../support/events.js";

const ASKED = customerText("whatWasWrong", "en");
const QUESTION = "Can Cora Lind get order 4711-2299 refunded to cora@example.com?";
const who = { tenantId: DEFAULT_TENANT, actor: "slack:U1", audience: ["public"] };

describeEachDatabase("an answer that did not help", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let desk: CaseDesk;
  let answerId: string;
  let question: ReturnType<typeof messageFrom>;
  let holders: string[];

  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
    scene = await CoreScene.start(database, platform, new ScriptedAnswering());
    holders = ["manual"];
    const manual = { externalId: "refunds.md", title: "Refunds", body: "Refunds take 5 days." };
    desk = {
      withCases: (tenantId, work) => database.withStores(tenantId, ({ answerCases }) => work(answerCases)),
      sources: () => Promise.resolve(holders),
      library: {
        documents: () => Promise.resolve({ documents: [manual] as never, total: 1 }),
        document: (_reader, source, externalId) =>
          holders.includes(source) && externalId === manual.externalId
            ? Promise.resolve({ ...manual, state: "current" } as never)
            : Promise.reject(new NotFoundError("no such document")),
      },
    };
    question = messageFrom(cora, scene.at("c"), QUESTION);
    await scene.play(question);
    const { rows } = await query<{ id: string }>("select id from answer");
    answerId = rows[0]!.id;
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  function query<Row extends object>(sql: string) {
    return database.withTenant(DEFAULT_TENANT, (db) => db.query<Row>(sql));
  }

  const press = (action: ReplyAction, author: Author = cora, place = "c") =>
    scene.play(actionFrom(author, scene.at(place), action));
  const asked = () => platform.texts("c").filter((text) => text === ASKED).length;
  const cases = (): Promise<readonly AnswerCase[]> =>
    desk.withCases(DEFAULT_TENANT, (found) => found.list(null, ["public"]));

  it("is asked about once, and what was said last counts; nothing personal is kept", async () => {
    expect(await press({ name: "not-helpful", answerId })).toBe("recorded: not-helpful");
    expect(await press({ name: "not-helpful", answerId })).toBe("recorded: not-helpful");
    expect(asked()).toBe(1);
    expect(await press({ name: "fault", answerId, fault: "wrong" })).toBe("recorded: fault");
    await press({ name: "fault", answerId, fault: "outdated" });
    const inOwnWords = "It is 10 days, mail cora@example.com, says Cora Lind.";
    expect(await press({ name: "fault-words", answerId, words: inOwnWords })).toBe("recorded: fault");
    const [found, ...others] = await cases();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ state: "open", fault: "outdated" });
    expect(found!.words).toContain("It is 10 days");
    const { rows } = await query<{ payload: string }>(
      "select payload::text from inbox where payload::text like '%10 days%'",
    );
    expect(rows).toEqual([]);
    for (const said of [found!.question, found!.answer, found!.words]) {
      expect(said).not.toMatch(/4711|cora@example|Cora Lind/u);
    }
  });

  it("is no case any more once it helped after all, or its question is deleted", async () => {
    await press({ name: "not-helpful", answerId });
    await press({ name: "helpful", answerId });
    await expect(cases()).resolves.toEqual([]);
    expect(await press({ name: "fault", answerId, fault: "wrong" })).toBe("ignored: over");
    await press({ name: "not-helpful", answerId });
    await press({ name: "fault-words", answerId, words: "Nonsense." });
    expect(await cases()).toHaveLength(1);
    await scene.play(deletionOf(question));
    await expect(cases()).resolves.toEqual([]);
  });

  it("is only whose it is that asked there", async () => {
    const otto = { ...cora, id: "otto", displayName: "Otto" };
    expect(await press({ name: "not-helpful", answerId }, otto)).toBe("ignored: not-the-customer");
    expect(await press({ name: "fault", answerId, fault: "wrong" }, otto)).toBe("ignored: not-the-customer");
    await scene.play(messageFrom(otto, scene.at("elsewhere"), "And mine?"));
    expect(await press({ name: "not-helpful", answerId }, otto, "elsewhere")).toBe("ignored: not-found");
    await expect(cases()).resolves.toEqual([]);
  });

  it("in words that are refused leaves none of them", async () => {
    const said = { name: "fault-words", answerId, words: "Nonsense, says Cora, 4111 1111 1111 1111" } as const;
    const otto = { ...cora, id: "otto", displayName: "Otto" };
    expect(await press(said, otto)).toBe("ignored: not-the-customer");
    expect(await press({ ...said, answerId: newId() })).toBe("ignored: not-found");
    expect(await press(said)).toBe("ignored: over");
    const { rows } = await query("select from inbox where payload::text like '%Nonsense%'");
    expect(rows).toEqual([]);
  });

  it("becomes labelled questions as they are evaluated, beside those that are there", async () => {
    await press({ name: "not-helpful", answerId });
    const [found] = await cases();
    const code = found!.caseId.slice(-6);
    const label = { kind: "learn-label", case: code, source: "manual" } as const;
    await expect(manageCases(desk, who, { ...label, verdict: "document", document: "no-such.md" })).rejects.toThrow(
      NotFoundError,
    );
    await manageCases(desk, who, { ...label, verdict: "document", document: "refunds.md" });
    expect(await cases()).toMatchObject([{ state: "labelled", labelledBy: "slack:U1" }]);

    const folder = await mkdtemp(join(tmpdir(), "deskhand-labelled-"));
    try {
      const exported = async (withCorpus: boolean) =>
        labelledSchema.parse((await manageCases(desk, who, { kind: "learn-export", withCorpus })).data);
      await writeLabelled(folder, await exported(true));
      await expect(readDataset({ directory: folder })).resolves.toMatchObject({
        documents: [{ id: "manual/refunds.md", text: "Refunds take 5 days." }],
        queries: [{ text: found!.question, answerable: true }],
      });
      const own = { corpus: { id: "refunds.md", title: "R", text: "Own." }, query: { id: "q1", text: "Mine?" } };
      await writeFile(join(folder, "corpus.jsonl"), JSON.stringify(own.corpus));
      await writeFile(join(folder, "queries.jsonl"), `${JSON.stringify(own.query)}\n`);
      await writeFile(join(folder, "qrels.tsv"), "query-id\tdoc-id\tgrade\nq1\trefunds.md\t2\n");
      const twice = [
        await writeLabelled(folder, await exported(false)),
        await writeLabelled(folder, await exported(false)),
      ];
      expect(twice).toEqual([
        { questions: 1, documents: 0, leftOut: 0 },
        { questions: 1, documents: 0, leftOut: 0 },
      ]);
      const { queries, documents } = await readDataset({ directory: folder });
      expect(queries.map(({ id }) => id)).toEqual(["q1", `case-${found!.caseId}`]);
      expect(documents).toHaveLength(1);
      expect(await readFile(join(folder, "qrels.tsv"), "utf8")).toContain(`case-${found!.caseId}\trefunds.md\t2`);
      holders.push("faq");
      await writeLabelled(folder, await exported(false));
      expect(await readFile(join(folder, "qrels.tsv"), "utf8")).toContain(
        `case-${found!.caseId}\tmanual/refunds.md\t2`,
      );

      await manageCases(desk, who, {
        kind: "learn-label",
        case: code,
        verdict: "dismiss",
        source: null,
        document: null,
      });
      await writeLabelled(folder, await exported(false));
      expect((await readDataset({ directory: folder })).queries.map(({ id }) => id)).toEqual(["q1"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("shows nothing of an answer from documents that the reader may not read", async () => {
    await query(`
      with source as (
        insert into source (id, tenant_id, name, kind, location, acl)
        values (gen_random_uuid(), current_tenant(), 'secret', 'folder', '/s', '{staff}') returning id
      ), document as (
        insert into document (id, tenant_id, source_id, external_id)
        select gen_random_uuid(), current_tenant(), id, 'pay.md' from source returning id
      ), version as (
        insert into document_version (id, tenant_id, document_id, number, hash, kind, title, body)
        select gen_random_uuid(), current_tenant(), id, 1, 'h', 'page', 'Pay', 'x' from document returning id, document_id
      )
      insert into chunk (id, tenant_id, document_id, version_id, ord, heading_path, body, acl, is_current)
      select gen_random_uuid(), current_tenant(), document_id, id, 0, '{}', 'x', '{staff}', true from version`);
    await query("update document set current_version_id = (select id from document_version)");
    await press({ name: "not-helpful", answerId });
    await query("update answer_case set document_ids = array(select id from document)");
    expect(await cases()).toMatchObject([{ answer: null, cited: [] }]);
    const staff = await desk.withCases(DEFAULT_TENANT, (found) => found.list("open", ["staff"]));
    expect(staff).toMatchObject([{ cited: [{ source: "secret", externalId: "pay.md" }] }]);
    expect(staff[0]!.answer).not.toBeNull();
    await query("update document set current_version_id = null");
    const everything = await desk.withCases(DEFAULT_TENANT, (found) => found.list("open", null));
    expect((await cases()).map(({ answer }) => answer)).toEqual([null]);
    expect(everything[0]!.answer).not.toBeNull();
  });
});
