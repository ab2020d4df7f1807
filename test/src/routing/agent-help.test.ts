import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Candidate } from "../../../src/answering/contract.js";
import { helpTexts, noDraftText } from "../../../src/handoff/help-texts.js";
import { NO_LIMITS } from "../../../src/ports/budgets.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";
import type { Author } from "../../../src/ports/chat.js";
import { MemorySearch } from "../../fakes/memory-search.js";
import { passageOf } from "../../fakes/passages.js";
import { RecordingPlatform } from "../../fakes/recording-platform.js";
import { ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { CoreScene } from "../../support/core-scene.js";
import { describeEachDatabase } from "../../support/database.js";
import { actionFrom, ana, cora, deletionOf, editOf, messageFrom } from "../../support/events.js";
import { NO_TIMERS } from "../../support/handoff-rules.js";

const ben = { ...ana, id: "ben", displayName: "Ben" };
const LAMP = passageOf("The red lamp blinks when the tank is empty. Fill it.", {
  title: "Lamps",
  headingPath: ["Red"],
  url: "https://docs.example/lamps",
  updatedAt: "2026-03-01T10:00:00.000Z",
});
const DRAFT: Candidate = {
  kind: "draft",
  blocks: [
    {
      kind: "paragraph",
      children: [
        { kind: "text", text: "Hold the knob. " },
        { kind: "citation", number: 1 },
      ],
    },
  ],
  citations: [
    {
      number: 1,
      passageId: LAMP.chunkId,
      documentId: LAMP.documentId,
      versionId: LAMP.versionId,
      title: "Lamps",
      headingPath: [],
      url: LAMP.url,
      updatedAt: null,
    },
  ],
};
const KEY = "AKIAIOSFODNN7EXAMPLE";
const REPLIES = [
  { name: "key", texts: { any: `Use ${KEY}` } },
  { name: "greet", texts: { any: "Hello {customer}, {agent} here.", de: "Hallo {customer}!" } },
];

describeEachDatabase("help for agents", (open) => {
  let database: OpenDatabase;
  let scene: CoreScene;
  let platform: RecordingPlatform;
  let answering: ScriptedAnswering;
  let thread: string;
  const search = new MemorySearch([LAMP]);

  beforeEach(async () => {
    database = await open();
    platform = new RecordingPlatform();
  });
  afterEach(async () => {
    await scene[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function handedOver(candidate: Candidate = DRAFT, questions: number | null = null): Promise<void> {
    answering = new ScriptedAnswering({ candidate });
    const budget = { ...NO_LIMITS, tenant: { ...NO_LIMITS.tenant, questions } };
    const handoff = { ...NO_TIMERS, replies: REPLIES };
    scene = await CoreScene.start(database, platform, answering, { handoff, search, budget });
    await scene.play(messageFrom(cora, scene.at("c"), "Unknown lamp?"));
    thread = platform.newestThread();
  }

  const write = (author: Author, text: string) => scene.play(messageFrom(author, scene.at(thread), text));
  const say = (text: string) => scene.play(messageFrom(cora, scene.at("c"), text));
  const toCora = () => platform.texts("c");
  const toAgents = () => platform.texts(thread);

  async function rows<Row extends object>(sql: string): Promise<readonly Row[]> {
    return (await database.withTenant(DEFAULT_TENANT, (db) => db.query<Row>(sql))).rows;
  }

  async function handoffId(): Promise<string> {
    return (await rows<{ id: string }>("select id from handoff order by created_at desc limit 1"))[0]!.id;
  }

  async function suggestionId(): Promise<string> {
    return (await rows<{ id: string }>("select id from handoff_suggestion order by created_at desc limit 1"))[0]!.id;
  }

  async function suggest(): Promise<string> {
    return scene.play(actionFrom(ana, scene.at("agents"), { name: "suggest", handoffId: await handoffId() }));
  }

  async function send(author: Author = ana, id?: string): Promise<string> {
    const action = { name: "send-suggestion", suggestionId: id ?? (await suggestionId()) } as const;
    return scene.play(actionFrom(author, scene.at(thread), action));
  }

  it("shows the bot's draft to agents alone, below the threshold too, with how sure it is", async () => {
    await handedOver();
    const before = toCora();
    expect(await write(ana, "!suggest")).toBe("recorded: suggested");
    const shown = toAgents().at(-1);
    for (const part of [helpTexts.suggested, "Confidence 10 %, needed 50 %", "Unknown lamp?", "Hold the knob. [1]"]) {
      expect(shown).toContain(part);
    }
    expect(toCora()).toEqual(before);
    expect(answering.requests.at(-1)).toMatchObject({ question: "Unknown lamp?", mayStream: false, isForAgent: true });
  });

  it("sends the draft as the reply of the agent who says so, who has it then", async () => {
    await handedOver();
    await suggest();
    expect(await write(ana, "!send")).toBe("relayed: to-customer");
    expect(platform.shown.findLast(({ conversation }) => conversation === "c")).toMatchObject({
      speaker: "agent",
      text: "Hold the knob. [1]",
    });
    expect(toAgents().at(-1)).toBe(helpTexts.sent("Ana"));
    const said = await rows("select speaker, name, body from transcript_entry where speaker = 'agent'");
    expect(said).toEqual([{ speaker: "agent", name: "Ana", body: "Hold the knob. [1]" }]);
    const audited = await rows("select event, actor_id from handoff_event where event <> 'open'");
    expect(audited).toEqual([{ event: "reply", actor_id: "ana" }]);
  });

  it("sends what was suggested under the button, once", async () => {
    await handedOver();
    await suggest();
    expect(await send()).toBe("relayed: to-customer");
    expect(await send()).toBe("recorded: suggestion-answered");
    expect(toCora().filter((text) => text.includes("Hold the knob"))).toHaveLength(1);
  });

  it("sends an agent's own wording instead", async () => {
    await handedOver();
    await suggest();
    expect(await write(ana, "!send Hold the red knob, please!")).toBe("relayed: to-customer");
    expect(toCora().at(-1)).toBe("Hold the red knob, please!");
  });

  it("holds back what opens something, in a suggestion, an own wording and a reply alike", async () => {
    const secret: Candidate = {
      kind: "draft",
      blocks: [{ kind: "paragraph", children: [{ kind: "text", text: `The key is ${KEY}.` }] }],
      citations: [],
    };
    await handedOver(secret);
    await write(ana, "!suggest");
    for (const text of ["!send", `!send Use ${KEY}`, "!reply key"]) {
      expect(await write(ana, text)).toBe("recorded: held-back: an AWS access key");
    }
    expect(await send()).toBe("recorded: held-back: an AWS access key");
    expect(toCora().join()).not.toContain("AKIA");
  });

  it("is not sent when the customer has asked on, or a person has answered", async () => {
    await handedOver();
    await write(ana, "!suggest");
    await say("And the green one?");
    expect(await write(ana, "!send")).toBe("recorded: suggestion-outdated");
    await write(ana, "!suggest");
    await write(ana, "Let me look.");
    expect(await send()).toBe("recorded: suggestion-answered");
    expect(toCora().join("\n")).not.toContain("Hold the knob");
  });

  it("is not sent by whom the handoff is not with, nor by a customer, nor where there is none", async () => {
    await handedOver();
    expect(await write(ana, "!send")).toBe("recorded: no-suggestion");
    expect(toAgents().at(-1)).toBe(helpTexts.noSuggestionYet);
    await write(ana, "!suggest");
    await write(ana, "!claim");
    expect(await send(ben)).toBe("recorded: refused-claimed-by-other");
    expect(await send(cora)).toBe("ignored: not-an-agent");
    expect(await send(ana, "00000000-0000-7000-8000-000000000000")).toBe("ignored: not-found");
    expect(toCora().join("\n")).not.toContain("Hold the knob");
  });

  it.each(["model-down", "nothing-found", "documents-do-not-say", "not-grounded"])(
    "says so where there is no draft for %s",
    async (reason) => {
      await handedOver({ kind: "none", reason });
      expect(await write(ana, "!suggest")).toBe("recorded: no-suggestion");
      expect(toAgents().at(-1)).toBe(noDraftText(reason));
      expect(await write(ana, "!send")).toBe("recorded: no-suggestion");
    },
  );

  it("counts against what the tenant may spend", async () => {
    await handedOver(DRAFT, 2);
    await write(ana, "!suggest");
    await write(ana, "!suggest");
    expect(answering.requests.map(({ spent }) => spent !== undefined)).toEqual([false, false, true]);
  });

  it("drafts from what both the customer and the agent may read", async () => {
    answering = new ScriptedAnswering({ candidate: DRAFT });
    scene = await CoreScene.start(database, platform, answering, { search });
    await scene.play(messageFrom(cora, scene.at("c"), "Unknown?", { audience: ["public", "partners"] }));
    thread = platform.newestThread();
    await scene.play(messageFrom(ana, scene.at(thread), "!suggest", { audience: ["public", "staff"] }));
    await scene.play(messageFrom(ana, scene.at(thread), "!search red lamp", { audience: ["partners", "staff"] }));
    expect(answering.requests.at(-1)?.audience).toEqual(["public"]);
    expect(search.queries.at(-1)?.audience).toEqual(["partners"]);
  });

  it("drafts nothing that only a colleague of the customer may read, who writes in the same thread", async () => {
    const [guest, staff] = [["public"], ["public", "staff"]];
    await handedOver();
    const bystander = { id: "sam", displayName: "Sam", role: "customer", isBot: false } as const;
    await scene.play(messageFrom(bystander, scene.at("c"), "+1, same here", { audience: staff, addressesBot: false }));
    await scene.play(messageFrom(ana, scene.at(thread), "!suggest", { audience: staff }));
    expect(answering.requests.at(-1)?.audience).toEqual(guest);
    await scene.play(messageFrom(bystander, scene.at("c"), "Please answer us", { audience: staff }));
    await scene.play(messageFrom(ana, scene.at(thread), "!search lamp", { audience: staff }));
    expect(search.queries.at(-1)?.audience).toEqual(guest);
  });

  it("sends no note as an agent's own wording", async () => {
    await handedOver();
    const before = toCora();
    expect(await write(ana, "!send // he is a VIP, be careful")).toBe("recorded: not-understood");
    expect(await write(ana, "!send note: be careful")).toBe("recorded: not-understood");
    expect(toCora()).toEqual(before);
  });

  it("forgets with the customer's words what was suggested for them", async () => {
    answering = new ScriptedAnswering({ candidate: DRAFT });
    scene = await CoreScene.start(database, platform, answering, {});
    const asked = messageFrom(cora, scene.at("c"), "Unknown secret?");
    await scene.play(asked);
    thread = platform.newestThread();
    await write(ana, "!suggest");
    await scene.play(deletionOf(asked));
    expect(await rows("select from handoff_suggestion")).toHaveLength(0);
    const left = await rows("select from answer where question <> '' or body <> ''");
    expect(left).toHaveLength(0);
  });

  it("lists what a search finds, with where it stands and when it was changed", async () => {
    await handedOver();
    const before = toCora();
    expect(await write(ana, "!search red lamp")).toBe("recorded: searched");
    const found = toAgents().at(-1);
    for (const part of ["Lamps › Red", "updated 2026-03-01", "[1]", "The red lamp blinks"]) {
      expect(found).toContain(part);
    }
    expect(await write(ana, "!search zebra")).toBe("recorded: searched");
    expect(toAgents().at(-1)).toBe(helpTexts.foundNothing("zebra"));
    expect(toCora()).toEqual(before);
  });

  it("shows what was asked before on the card, and all of it on request", async () => {
    answering = new ScriptedAnswering();
    scene = await CoreScene.start(database, platform, answering, {});
    await say("How do I pair the hub?");
    await say("Unknown lamp?");
    thread = platform.newestThread();
    expect(platform.texts("agents")[0]).toContain("How do I pair the hub? (not answered)");
    expect(await write(ana, "!history")).toBe("recorded: history");
    const shown = toAgents().at(-1) ?? "";
    expect(shown).toContain("Cora (customer): How do I pair the hub?");
    expect(shown.indexOf("Unknown lamp?")).toBeGreaterThan(shown.indexOf("pair the hub"));
    for (let index = 0; index < 20; index += 1) await say(`And ${index}?`);
    await write(ana, "!history");
    expect(toAgents().at(-1)).toMatch(/^4 more before these/u);
  });

  it("puts the question before a complaint on the card, and the complaint below it", async () => {
    answering = new ScriptedAnswering({ candidate: DRAFT });
    scene = await CoreScene.start(database, platform, answering, {});
    await say("How do I pair the hub?");
    await say("Unknown to you, this is useless!");
    thread = platform.newestThread();
    const [card = ""] = platform.texts("agents");
    expect(card.indexOf("How do I pair the hub?")).toBeGreaterThan(-1);
    expect(card.indexOf("this is useless")).toBeGreaterThan(card.indexOf("How do I pair the hub?"));
    expect(await rows("select question from handoff")).toEqual([{ question: "How do I pair the hub?" }]);
  });

  it("tells the second of two who answer at once who was first", async () => {
    await handedOver();
    await write(ana, "Look at the lamp.");
    expect(await write(ben, "Fill the tank.")).toBe("recorded: refused-claimed-by-other");
    expect(toAgents().at(-1)).toMatch(
      /^Ana has claimed this, so nothing was sent.* Ana answered the customer \d+ second/u,
    );
    await write(ben, "!take");
    expect(await write(ben, "Fill the tank.")).toBe("relayed: to-customer");
    expect(toAgents().at(-1)).toMatch(/^Ben, Ana answered the customer .* Yours was sent after it\.$/u);
    await write(ben, "And close it.");
    expect(toAgents().filter((text) => text.includes("Yours was sent"))).toHaveLength(1);
    const late = new Date(Date.now() + 60_000);
    await write(ana, "!take");
    await scene.play(messageFrom(ana, scene.at(thread), "Is it well?", { occurredAt: late }));
    expect(toAgents().filter((text) => text.includes("Yours was sent"))).toHaveLength(1);
    expect(toCora().filter((text) => text === "Fill the tank.")).toHaveLength(1);
  });

  it("sends a reply that is set up, in the customer's language", async () => {
    await handedOver();
    expect(await write(ana, "!reply greet")).toBe("relayed: to-customer");
    expect(toCora().at(-1)).toBe("Hello Cora, Ana here.");
    expect(toAgents().at(-1)).toContain("Hello Cora, Ana here.");
    await say("Warum blinkt die rote Lampe noch immer?");
    await write(ana, "!reply greet");
    expect(toCora().at(-1)).toBe("Hallo Cora!");
  });

  it("changes what was sent to the words that the message is changed to, and takes it back with it", async () => {
    await handedOver();
    await write(ana, "!suggest");
    const sent = messageFrom(ana, scene.at(thread), "!send");
    await scene.play(sent);
    expect(await scene.play(editOf(sent, "Hold the green knob."))).toBe("relayed: edit");
    expect(toCora().at(-1)).toBe("Hold the green knob.");
    expect(await scene.play(deletionOf(sent))).toBe("relayed: deletion");
    expect(toCora().join()).not.toContain("knob");
  });

  it("lists the replies, and sends none whose name it does not know", async () => {
    await handedOver();
    const before = toCora();
    await write(ana, "!replies");
    expect(toAgents().at(-1)).toContain("greet Hello {customer}");
    expect(await write(ana, "!reply great")).toBe("recorded: reply-unknown");
    expect(toAgents().at(-1)).toContain("`!reply greet`");
    expect(toCora()).toEqual(before);
  });
});
