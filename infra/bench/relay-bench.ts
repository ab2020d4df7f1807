import { setTimeout as pause } from "node:timers/promises";
import type { Answering } from "../../src/answering/contract.js";
import { percentile } from "../../src/answering/evaluation/metrics.js";
import { NO_LIMITS } from "../../src/ports/budgets.js";
import type { ActionEvent, Author, ConversationRef, MessageEvent } from "../../src/ports/chat.js";
import { systemClock } from "../../src/ports/clock.js";
import { noFailpoint } from "../../src/ports/failpoints.js";
import type { KnowledgeSearch } from "../../src/ports/knowledge.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import type { Metrics } from "../../src/ports/logger.js";
import { plainReply, type ReplyAction } from "../../src/ports/reply.js";
import type { Figures } from "../cli/program-dependencies.js";
import { handoffRules } from "../config/handoff-settings.js";
import { createCore, DEFAULT_TIMINGS, type Core } from "../core.js";
import { Cleanup } from "../postgres/cleanup.js";
import { openDatabase, type OpenDatabase } from "../postgres/open-database.js";
import { InProcessQueue } from "../queue/in-process-queue.js";
import type { BenchDependencies } from "./answer-bench.js";
import { planArrivals } from "./ingress-schedule.js";
import { AGENTS_KEY, RelayPlace, type PostedCard } from "./relay-place.js";
import { scratchSettings } from "./scratch-settings.js";

export interface RelayBenchOptions {
  /** How many handoffs are claimed and talked in at the same time. */
  readonly handoffs: number;
  readonly seconds: number;
}

const SEED = 11;
/** Somebody writes in each handoff so often: faster than two people type. */
const SECONDS_BETWEEN = 2;
const GIVE_UP_MS = 30_000;

const ana: Author = { id: "ana", displayName: "Ana", role: "agent", isBot: false };

interface Pair {
  readonly customer: ConversationRef;
  readonly thread: ConversationRef;
}

/**
 * From a message that the platform hands over in a claimed handoff to its post on the other side, both ways by turns, at
 * times planned in advance whatever became of the ones before, over a platform that takes no time. The floor stores the same messages and
 * what is to be posted of them at the same times, in two commits each, and does nothing else.
 * Runs in a database made for it, on the server of DATABASE_URL or else embedded in memory.
 */
export async function runRelayBench(deps: BenchDependencies, options: RelayBenchOptions): Promise<Figures> {
  const cleanup = new Cleanup();
  try {
    const database = await openDatabase(await scratchSettings(deps.config, cleanup), deps.logger);
    cleanup.add(async () => database[Symbol.asyncDispose]());
    const { id: installationId } = await database.coordination.ensureInstallation(DEFAULT_TENANT, "web", "bench");
    const place = new RelayPlace();
    const core = startCore(deps, database, installationId, place);
    const stop = once(() => core.stop(1_000));
    cleanup.add(stop);
    const pairs = await openHandoffs(core, place, installationId, options, deps);
    const own = await atPlannedTimes(options, deps, (index) => relay(core, place, pairs, index));
    await stop();
    const floor = await atPlannedTimes(options, deps, (index) => store(database, pairs, index));
    return figures(options, database, place, own, floor);
  } finally {
    await cleanup.run();
  }
}

function startCore(
  { config, logger }: BenchDependencies,
  database: OpenDatabase,
  installationId: string,
  place: RelayPlace,
): Core {
  const core = createCore({
    coordination: database.coordination,
    withStores: database.withStores,
    outcomeOf: database.outcomeOf,
    adapters: [place.adapter()],
    answering: NEVER_ASKED,
    search: NEVER_SEARCHED,
    budget: NO_LIMITS,
    runCommand: () => Promise.resolve(plainReply("")),
    agentsChannel: () => ({ installationId, key: AGENTS_KEY }),
    queue: new InProcessQueue(logger),
    logger,
    metrics: UNCOUNTED,
    failpoint: noFailpoint,
    clock: systemClock,
    newId,
    botName: "Deskhand",
    owner: "bench",
    timings: DEFAULT_TIMINGS,
    burstMs: 0,
    handoff: { ...handoffRules(config.settings.handoff), files: null },
  });
  core.start();
  return core;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= work());
}

/** Everybody asks for a person, and Ana claims them all. */
async function openHandoffs(
  core: Core,
  place: RelayPlace,
  installationId: string,
  { handoffs }: RelayBenchOptions,
  { report, signal }: BenchDependencies,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 0; index < handoffs; index += 1) {
    const customer = { installationId, key: newId() };
    await core.sink.accept(pressed(customerOf(customer), customer, { name: "human" }));
    const card = await nextCard(place, index, signal);
    const thread = { installationId, key: card.threadKey };
    await core.sink.accept(pressed(ana, thread, { name: "claim", handoffId: card.handoffId }));
    pairs.push({ customer, thread });
    report(index + 1, handoffs, "handoffs");
  }
  return pairs;
}

async function nextCard({ cards }: RelayPlace, index: number, signal: AbortSignal): Promise<PostedCard> {
  const deadline = performance.now() + GIVE_UP_MS;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const card = cards[index];
    if (card !== undefined) return card;
    await pause(5);
  }
  throw new Error(`no card of the handoff ${index + 1} within ${GIVE_UP_MS / 1_000} s`);
}

/** @returns milliseconds of each, from the time at which it was due */
async function atPlannedTimes(
  { handoffs, seconds }: RelayBenchOptions,
  { report, signal }: BenchDependencies,
  work: (index: number) => Promise<unknown>,
): Promise<readonly number[]> {
  const perSecond = Math.max(1, Math.round(handoffs / SECONDS_BETWEEN));
  const due = planArrivals({ perSecond, seconds, seed: SEED }).filter(({ isRedelivery }) => !isRedelivery);
  const startedAt = performance.now();
  const running: Promise<number>[] = [];
  for (const { atMs, index } of due) {
    signal.throwIfAborted();
    const waitMs = startedAt + atMs - performance.now();
    if (waitMs > 0) await pause(waitMs);
    running.push(work(index).then(() => performance.now() - startedAt - atMs));
    report(index + 1, due.length, "messages");
  }
  return Promise.all(running);
}

async function relay(core: Core, place: RelayPlace, pairs: readonly Pair[], index: number): Promise<void> {
  const { from, to, event } = messageOf(pairs, index);
  const posted = place.posted(to, event.text);
  await core.sink.accept(event);
  const inTime = await Promise.race([posted.then(() => true), pause(GIVE_UP_MS, false, { ref: false })]);
  if (!inTime) throw new Error(`message ${index} from ${from.key} was not relayed within ${GIVE_UP_MS / 1_000} s`);
}

/** Message and outgoing copy, each in a commit of its own, in conversations that no core knows. */
async function store(database: OpenDatabase, pairs: readonly Pair[], index: number): Promise<void> {
  const { event } = messageOf(pairs, index);
  const conversation = { ...event.conversation, key: `floor/${event.conversation.key}` };
  const { inboxId, conversationId } = await database.coordination.acceptEvent({ ...event, conversation });
  await database.withStores(DEFAULT_TENANT, async (stores) => {
    const cause = { type: "event", id: inboxId } as const;
    await stores.conversations.append(conversationId, cause, {
      speaker: "agent",
      name: ana.displayName,
      text: event.text,
      at: event.occurredAt,
    });
    await stores.deliveries.add([
      {
        conversationId,
        cause,
        purpose: "relay",
        operation: "post",
        targetDeliveryId: null,
        speaker: { role: "agent", name: ana.displayName },
        reply: plainReply(event.text),
      },
    ]);
  });
}

/** By turns of all handoffs, and in each by turns of the two who talk. */
function messageOf(pairs: readonly Pair[], index: number) {
  const pair = pairs[index % pairs.length];
  if (pair === undefined) throw new Error("unreachable: there is a handoff");
  const isAgents = Math.floor(index / pairs.length) % 2 === 0;
  const from = isAgents ? pair.thread : pair.customer;
  const to = isAgents ? pair.customer : pair.thread;
  const author = isAgents ? ana : customerOf(pair.customer);
  const text = `Message ${index}: it still blinks twice, also with the other cable.`;
  const event: MessageEvent = { ...envelope(author, from), kind: "message", text, addressesBot: true };
  return { from, to, event };
}

function customerOf({ key }: ConversationRef): Author {
  return { id: `customer-${key}`, displayName: "Cora", role: "customer", isBot: false };
}

function pressed(author: Author, conversation: ConversationRef, action: ReplyAction): ActionEvent {
  return { ...envelope(author, conversation), kind: "action", action };
}

function envelope(author: Author, conversation: ConversationRef) {
  const id = newId();
  return {
    ...{ eventId: id, messageId: id, revision: 0, occurredAt: new Date() },
    ...{ author, conversation, channelId: conversation.key, audience: ["public"] },
  };
}

function figures(
  { handoffs }: RelayBenchOptions,
  { kind }: OpenDatabase,
  place: RelayPlace,
  own: readonly number[],
  floor: readonly number[],
): Figures {
  const at = (values: readonly number[], quantile: number) => Math.round((percentile(values, quantile) ?? 0) * 10) / 10;
  return {
    bench: "relay",
    n: own.length,
    handoffs,
    messages_per_second: Math.round(handoffs / SECONDS_BETWEEN),
    database: kind,
    p50_ms: at(own, 0.5),
    p95_ms: at(own, 0.95),
    p99_ms: at(own, 0.99),
    floor_p50_ms: at(floor, 0.5),
    floor_p95_ms: at(floor, 0.95),
    ratio: Math.round(((percentile(own, 0.95) ?? 0) / (percentile(floor, 0.95) ?? 1)) * 100) / 100,
    floor: "the same messages at the same times: stored, and what is to be posted stored, in two commits each",
    lost: place.missing,
    unexpected: place.unexpected,
  };
}

const NEVER_SEARCHED: KnowledgeSearch = {
  search: () => Promise.reject(new Error("unreachable: no agent searches here")),
};

const NEVER_ASKED: Answering = {
  answer: () => Promise.reject(new Error("unreachable: everybody asks for a person")),
};

const nothing = () => undefined;
const UNCOUNTED: Metrics = {
  ...{ eventAccepted: nothing, eventFinished: nothing, deliveryEnded: nothing },
  ...{ answerStage: nothing, budgetSpent: nothing, firstReply: nothing, targetMissed: nothing },
};
