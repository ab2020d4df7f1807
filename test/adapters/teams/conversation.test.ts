import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createCore, type Core } from "../../../infra/core.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { InProcessQueue } from "../../../infra/queue/in-process-queue.js";
import type { Interactions, InboundSink } from "../../../src/ports/chat.js";
import { NO_LIMITS } from "../../../src/ports/budgets.js";
import { systemClock } from "../../../src/ports/clock.js";
import { noFailpoint } from "../../../src/ports/failpoints.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { plainReply } from "../../../src/ports/reply.js";
import type { Fault } from "../../fakes/teams/fake-teams.js";
import { ana, cora } from "../../fakes/teams/people.js";
import type { ShownMessage } from "../../fakes/teams/teams-state.js";
import { MemorySearch } from "../../fakes/memory-search.js";
import { expectedText, ScriptedAnswering } from "../../fakes/scripted-answering.js";
import { openEmbeddedTestDatabase } from "../../support/database.js";
import { NO_TIMERS } from "../../support/handoff-rules.js";
import { silentLogger } from "../../support/silent-logger.js";
import { AGENTS, HOME_TENANT, openTeams, SUPPORT, type TeamsHarness } from "./teams-harness.js";

let database: OpenDatabase;
let teams: TeamsHarness;
let core: Core;

beforeAll(async () => {
  database = await openEmbeddedTestDatabase();
});
afterAll(async () => database[Symbol.asyncDispose]());

beforeEach(async () => {
  const installation = await database.coordination.ensureInstallation(DEFAULT_TENANT, "teams", HOME_TENANT);
  const sink: InboundSink = { accept: (event, signal) => core.sink.accept(event, signal) };
  const interactions: Interactions = { interact: (event, signal) => core.interactions.interact(event, signal) };
  const { addresses, participation } = database;
  teams = await openTeams({
    surface: { sink, interactions, addresses, participation, installation: () => Promise.resolve(installation) },
  });
  core = startCore(teams);
});
afterEach(async () => {
  await core.stop(2_000);
  await teams[Symbol.asyncDispose]();
});

function startCore({ surface }: TeamsHarness): Core {
  const nothing = () => undefined;
  const started = createCore({
    coordination: database.coordination,
    withStores: database.withStores,
    outcomeOf: database.outcomeOf,
    adapters: [surface.adapter],
    answering: new ScriptedAnswering(),
    search: new MemorySearch([]),
    budget: NO_LIMITS,
    runCommand: ({ line, author }) => Promise.resolve(plainReply(`${author.role} ran ${line}`)),
    agentsChannel: () => surface.agentsChannel()!,
    queue: new InProcessQueue(silentLogger),
    logger: silentLogger,
    metrics: {
      eventAccepted: nothing,
      eventFinished: nothing,
      deliveryEnded: nothing,
      answerStage: nothing,
      budgetSpent: nothing,
      firstReply: nothing,
      targetMissed: nothing,
    },
    failpoint: noFailpoint,
    clock: systemClock,
    newId,
    botName: "Deskhand",
    owner: newId(),
    timings: {
      conversationLeaseMs: 5_000,
      deliveryLeaseMs: 5_000,
      sweepMs: 100,
      timersMs: 100,
      learningMs: 100,
      eventRetryMs: [20],
      concurrency: 4,
    },
    burstMs: 0,
    handoff: NO_TIMERS,
  });
  started.start();
  return started;
}

/** The first message that stands in the conversation and says this. */
async function seen(conversation: string, words: string): Promise<ShownMessage> {
  for (;;) {
    const found = teams.fake
      .transcript(conversation)
      .find(({ text, isStreaming }) => !isStreaming && text.includes(words));
    if (found !== undefined) return found;
    await sleep(20);
  }
}

const chat = "a:29:cora";
const delayed: Fault = { kind: "delay", ms: 1 };
const limited = (count: number): readonly Fault[] =>
  Array.from({ length: count }, () => ({ kind: "status", status: 429, retryAfterSeconds: 0 }));

describe("Teams with the core behind it", () => {
  it("answers a direct message once, also when it is delivered twice", async () => {
    const id = teams.fake.state.nextId();
    await teams.fake.direct(cora, "How?", { id });
    await teams.fake.direct(cora, "How?", { id });
    await seen(chat, expectedText("How?"));
    await teams.fake.direct(cora, "kb status");
    await seen(chat, "customer ran kb status");

    expect(teams.fake.texts(chat).filter((text) => text.includes(expectedText("How?")))).toHaveLength(1);
  });

  it.each<readonly [string, readonly Fault[]]>([
    ["nothing is shown while it is made", [{ kind: "status", status: 500 }]],
    ["Teams limits the rate", limited(3)],
    ["the answer to its last request is lost", [delayed, delayed, delayed, { kind: "lose-reply" }]],
    ["the start of its stream is lost", [delayed, { kind: "lose-reply" }]],
  ])("shows an answer once and whole when %s", async (what, faults) => {
    teams.fake.failNext(...faults);
    await teams.fake.direct(cora, `How: ${what}?`);
    await seen(chat, expectedText(`How: ${what}?`));
    await teams.fake.direct(cora, "kb status");
    await seen(chat, "customer ran kb status");

    const [, ...replies] = teams.fake.texts(chat).filter((text) => text !== "kb status");
    expect(replies).toEqual([expectedText(`How: ${what}?`), "customer ran kb status"]);
  });

  it("answers a mention in its thread, and what follows there without one", async () => {
    await teams.fake.mention(cora, SUPPORT, "How?");
    const [question] = teams.fake.transcript(SUPPORT);
    const thread = `${SUPPORT};messageid=${question?.id ?? ""}`;
    await seen(thread, expectedText("How?"));
    await teams.fake.say(cora, thread, "And then?");
    await seen(thread, expectedText("And then?"));

    expect(teams.fake.texts(thread)).toEqual([
      "Deskhand How?",
      expectedText("How?"),
      "And then?",
      expectedText("And then?"),
    ]);
  });

  it("passes a question on, and the words of both sides, until it is resolved", async () => {
    await teams.fake.direct(cora, "Unknown thing?");
    const card = await seen(AGENTS, "Unknown thing?");
    const thread = `${AGENTS};messageid=${card.id}`;
    const { body } = await teams.fake.press(ana, card, "Claim");
    await seen(chat, "Ana Agent has joined");
    await teams.fake.say(ana, thread, "note: angry customer");
    await teams.fake.say(ana, thread, "Hold the *button*.");
    await seen(chat, "Hold the *button*.");
    await teams.fake.direct(cora, "That helped!");
    await seen(thread, "That helped!");
    await teams.fake.press(ana, card, "Resolve");
    await seen(chat, "has marked this as solved");

    expect(JSON.parse(body)).toMatchObject({ value: "You have claimed this." });
    expect(teams.fake.texts(chat).join("\n")).not.toContain("angry");
    expect(await seen(chat, "Hold the *button*.")).toMatchObject({
      text: "Ana Agent (support team):\n\nHold the *button*.",
    });
    expect(await seen(thread, "That helped!")).toMatchObject({ text: "Cora Customer (customer):\n\nThat helped!" });
  });

  it("lets no customer work a handoff by what a button carries", async () => {
    await teams.fake.direct(cora, "Unknown secret of the vault?");
    const card = await seen(AGENTS, "Unknown secret of the vault?");
    const stored = teams.fake.state.messages.find(({ id }) => id === card.id);
    const handoffId = /"handoffId":"([^"]+)"/u.exec(JSON.stringify(stored?.activity))?.[1] ?? "";
    const data = { action: { name: "claim", handoffId } };
    const { body } = await teams.fake.invoke(cora, chat, { action: { data } });

    expect(handoffId).not.toBe("");
    expect(JSON.parse(body)).toMatchObject({ value: "Only the support team can do that." });
  });
});
