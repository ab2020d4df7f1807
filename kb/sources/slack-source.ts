import { systemClock } from "../../src/ports/clock.js";
import type { Clock } from "../../src/ports/clock.js";
import type { SafeFetch } from "./safe-fetch.js";
import { shortDigest } from "./short-digest.js";
import { createSlackApi, ThreadTooLarge } from "./slack-api.js";
import type { SlackApi, SlackChannel, SlackIdentity, SlackMessage } from "./slack-api.js";
import { readSlackCursor, writeSlackCursor } from "./slack-cursor.js";
import type { ChannelCursor, SlackCursor } from "./slack-cursor.js";
import { channelsOf, settingsOf } from "./slack-options.js";
import type { SlackOptions } from "./slack-options.js";
import { acceptedAnswers, isAskedQuestion, mentionedIn, threadText } from "./slack-thread.js";
import type { AcceptanceRules, ThreadPeople } from "./slack-thread.js";
import { ItemError, SourceError } from "./source.js";
import type { FetchedItem, ItemFacts, ItemFailure, Source, SourceListing } from "./source.js";

const DAY_SECONDS = 86_400;
/** Threads of one listing are held until they are read. */
const MAX_THREADS = 50_000;

/** What a listing keeps in memory. */
export interface SlackLimits {
  /** Of one thread while it is read. */
  readonly maxThreadBytes: number;
  /** Of all accepted answers together. */
  readonly maxHeldBytes: number;
}

const DEFAULT_LIMITS: SlackLimits = { maxThreadBytes: 10_000_000, maxHeldBytes: 200_000_000 };

/** What a source of the kind slack is opened with. */
export interface SlackPlace {
  readonly location: string;
  readonly options: SlackOptions;
  /** The bot token. */
  readonly secret: string;
  readonly fetch: SafeFetch;
  readonly clock?: Clock;
  readonly limits?: Partial<SlackLimits>;
}

interface ThreadItem {
  readonly bytes: Uint8Array;
  readonly facts: ItemFacts;
  readonly revision: string;
}

interface Workspace {
  readonly channels: readonly string[];
  readonly options: SlackOptions;
  /** Of all that decides what a thread becomes. */
  readonly basis: string;
  readonly rules: AcceptanceRules;
  readonly api: SlackApi;
  readonly clock: Clock;
  readonly maxHeldBytes: number;
  /** What the last listing found, by its id. */
  readonly threads: Map<string, ThreadItem>;
}

/**
 * Questions in Slack channels with the answers that were accepted below them. Whether an answer was accepted shows only in
 * its thread, so a listing reads the threads of all questions from some days before the newest message on; what it finds
 * of a thread is held until it is fetched. Now and then everything is listed, so that what went away before is seen.
 */
export function createSlackSource(place: SlackPlace): Source {
  const { location, options, secret, fetch, clock = systemClock, limits = {} } = place;
  const { maxThreadBytes, maxHeldBytes } = { ...DEFAULT_LIMITS, ...limits };
  const { accepted, experts, requestsPerMinute, govSlack } = options;
  const workspace: Workspace = {
    channels: channelsOf(location, options),
    options,
    basis: settingsOf(location, options),
    rules: { accepted: new Set(accepted), experts: new Set(experts) },
    api: createSlackApi({ fetch, token: secret, requestsPerMinute, isGovSlack: govSlack, maxThreadBytes }),
    clock,
    maxHeldBytes,
    threads: new Map(),
  };
  return {
    list: (cursor, signal) => listWorkspace(workspace, readSlackCursor(cursor), signal),
    fetch: ({ externalId }) => Promise.resolve().then(() => fetchThread(workspace, externalId)),
  };
}

async function listWorkspace(
  workspace: Workspace,
  cursor: SlackCursor | null,
  signal: AbortSignal,
): Promise<SourceListing> {
  const { options, basis, api, clock, threads } = workspace;
  threads.clear();
  const identity = await api.identity(signal);
  const channels = await openChannels(workspace, cursor, signal);
  const since = isStillGood(workspace, cursor, channels) ? cursor : null;
  const reading: Reading = { workspace, identity, names: new Map(), skipped: [], held: { bytes: 0 } };
  const read: Record<string, ChannelCursor> = {};
  const removed: string[] = [];
  for (const channel of channels) {
    const before = since?.channels[channel.id] ?? null;
    const after = await readChannel(reading, channel, before, signal);
    const known = new Set(after.known);
    removed.push(...(before?.known ?? []).filter((ts) => !known.has(ts)).map((ts) => idOf(channel.id, ts)));
    read[channel.id] = withinWindow(after, options.days);
  }
  const next = { basis, wholeAt: since?.wholeAt ?? clock.now().getTime(), channels: read };
  return {
    scope: since === null ? "whole" : "changes",
    items: [...threads].map(([externalId, { revision }]) => ({ externalId, revision })),
    removed,
    failures: options.allowPrivate ? [] : channels.filter(({ isRestricted }) => isRestricted).map(closedChannel),
    skipped: reading.skipped,
    isComplete: true,
    cursor: writeSlackCursor(next),
  };
}

/** A channel that is not open to the whole workspace is refused, but one that was so before is closed to others first. */
async function openChannels(
  { channels: ids, options, api }: Workspace,
  cursor: SlackCursor | null,
  signal: AbortSignal,
): Promise<readonly SlackChannel[]> {
  const channels: SlackChannel[] = [];
  for (const id of ids) {
    const channel = await api.channel(id, signal);
    if (!channel.isMember)
      throw new SourceError(`${id}: The app is not in the channel. Write /invite and its name there.`);
    const isKnown = cursor?.channels[id] !== undefined;
    if (channel.isRestricted && !options.allowPrivate && !isKnown)
      throw new SourceError(closedChannel(channel).message);
    channels.push(channel);
  }
  return channels;
}

function closedChannel({ id }: SlackChannel): ItemFailure {
  const fact = `${id} is private or shared with another organisation.`;
  const advice = "Take it out of the location, or set allowPrivate: only its members are then answered from it.";
  // No id of an item begins like this: what is known below the id of a failure is kept as it was, and here it must not be.
  return { externalId: `channel:${id}`, code: "private-channel", message: `${fact} ${advice}` };
}

/** What a channel's threads become hangs on who may read it: after a change all of them are listed. */
function isStillGood(
  { options, basis, clock }: Workspace,
  cursor: SlackCursor | null,
  channels: readonly SlackChannel[],
): cursor is SlackCursor {
  if (cursor?.basis !== basis) return false;
  const ageMs = clock.now().getTime() - cursor.wholeAt;
  if (ageMs >= options.wholeEveryDays * DAY_SECONDS * 1_000) return false;
  return channels.every(({ id, isRestricted }) => cursor.channels[id]?.isRestricted === isRestricted);
}

interface Reading {
  readonly workspace: Workspace;
  readonly identity: SlackIdentity;
  /** Of everybody who was looked up in this listing. */
  readonly names: Map<string, readonly string[]>;
  readonly skipped: ItemFailure[];
  /** By the threads that are held. */
  readonly held: { bytes: number };
}

async function readChannel(
  reading: Reading,
  channel: SlackChannel,
  before: ChannelCursor | null,
  signal: AbortSignal,
): Promise<ChannelCursor> {
  const { options, api, threads, maxHeldBytes } = reading.workspace;
  const oldest = before === null || before.newest === "" ? null : windowStart(before.newest, options.days);
  const questions: string[] = [];
  let newest = before?.newest ?? "";
  // Threads are read afterwards: that may take long, and the history's next page would have to wait for it.
  for await (const messages of api.history(channel.id, oldest, signal)) {
    for (const message of messages) {
      if (message.ts > newest) newest = message.ts;
      if (isAskedQuestion(message)) questions.push(message.ts);
    }
  }
  const known: string[] = [];
  for (const ts of questions) {
    const thread = await readThread(reading, channel, ts, signal);
    if (thread === null) continue;
    threads.set(idOf(channel.id, ts), thread);
    known.push(ts);
    reading.held.bytes += thread.bytes.length;
    if (threads.size > MAX_THREADS) throw tooMany(`${MAX_THREADS} accepted answers`);
    if (reading.held.bytes > maxHeldBytes) throw tooMany(`${maxHeldBytes / 1_000_000} MB of accepted answers`);
  }
  return { isRestricted: channel.isRestricted, newest, known: known.sort() };
}

function tooMany(what: string): SourceError {
  const advice = "Add some of the channels as a source of their own.";
  return new SourceError(`These channels hold more than ${what}, so nothing was changed. ${advice}`);
}

/** Message ids are seconds with six places, and compare as texts do. */
function windowStart(newest: string, days: number): string {
  return Math.max(0, Number(newest) - days * DAY_SECONDS).toFixed(6);
}

/** What lies before it is not listed the next time, and stays as it is. */
function withinWindow(channel: ChannelCursor, days: number): ChannelCursor {
  const start = Number(windowStart(channel.newest, days));
  return { ...channel, known: channel.known.filter((ts) => Number(ts) >= start) };
}

function idOf(channel: string, ts: string): string {
  return `${channel}/${ts}`;
}

async function readThread(
  reading: Reading,
  channel: SlackChannel,
  questionTs: string,
  signal: AbortSignal,
): Promise<ThreadItem | null> {
  const { workspace, identity, skipped } = reading;
  const thread = await workspace.api.thread(channel.id, questionTs, signal).catch((error: unknown) => {
    if (!(error instanceof ThreadTooLarge)) throw error;
    skipped.push(largeThread(channel, questionTs, error));
    return [];
  });
  const root = thread.find(({ ts }) => ts === questionTs);
  if (root?.user == null) return null;
  const answers = acceptedAnswers(
    root,
    thread.filter(({ ts }) => ts !== root.ts),
    workspace.rules,
  );
  if (answers.length === 0) return null;
  const names = await namesIn(reading, thread, signal);
  const people: ThreadPeople = { asker: root.user, botUserId: identity.botUserId, names };
  const text = threadText(root, answers, people);
  if (text === null) return null;
  const facts: ItemFacts = {
    title: text.title,
    url: `${identity.teamUrl}archives/${channel.id}/p${root.ts.replace(".", "")}`,
    updatedAt: lastChange([root, ...answers]),
    editedBy: null,
    acl: channel.isRestricted ? [`slack:channel:${channel.id}`] : null,
  };
  const line = JSON.stringify({ title: text.title, kind: "faq", text: text.text });
  return { bytes: Buffer.from(line), facts, revision: shortDigest([line, facts]) };
}

function largeThread({ id }: SlackChannel, ts: string, { message }: ThreadTooLarge): ItemFailure {
  // As for a channel: what is known below the id of an item would be kept.
  return { externalId: `thread:${idOf(id, ts)}`, code: "too-large", message: `${message} Its answer is left out.` };
}

/** All who take part or are mentioned, as anybody in a thread may be called by name. */
async function namesIn(
  { workspace, names }: Reading,
  thread: readonly SlackMessage[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const people = new Set(thread.flatMap(({ user, text }) => [...(user === null ? [] : [user]), ...mentionedIn(text)]));
  const found = new Map<string, readonly string[]>();
  for (const user of people) {
    const called = names.get(user) ?? (await workspace.api.namesOf(user, signal));
    names.set(user, called);
    found.set(user, called);
  }
  return found;
}

function lastChange(messages: readonly SlackMessage[]): string {
  const seconds = messages.map(({ ts, editedTs }) => Number(editedTs ?? ts));
  return new Date(Math.floor(Math.max(...seconds) * 1_000)).toISOString();
}

function fetchThread({ threads }: Workspace, externalId: string): FetchedItem {
  const thread = threads.get(externalId);
  if (thread === undefined) {
    throw new ItemError("not-listed", "The thread is not in what was listed last. The next sync lists it again.");
  }
  return { externalId, mediaType: "application/vnd.deskhand.corpus-line+json", ...thread };
}
