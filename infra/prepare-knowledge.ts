import { join } from "node:path";
import { stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { readLocation } from "../src/commands/source-location.js";
import type { Clock } from "../src/ports/clock.js";
import { errorCode } from "../src/ports/errors.js";
import type { TenantId } from "../src/ports/ids.js";
import type { KnowledgeAdmin, NewSource, SourceStatus, SyncDiff } from "../src/ports/knowledge.js";
import type { Logger } from "../src/ports/logger.js";
import { SyncRunningError } from "../src/ports/sync-requests.js";
import type { SourceLifecycle } from "../src/ports/source-lifecycle.js";
import { parseInterval } from "./config/interval.js";
import type { Settings } from "./config/settings.js";
import { packageRoot } from "./package-root.js";

type ListedSource = Settings["knowledge"]["sources"][number];

export interface KnowledgePreparation {
  readonly tenantId: TenantId;
  readonly knowledge: KnowledgeAdmin;
  readonly lifecycle: Pick<SourceLifecycle, "purgeExpired" | "recallDemo">;
  readonly settings: Pick<Settings["knowledge"], "demo" | "sources">;
  readonly logger: Logger;
}

/** The name of the source that holds the demo documents. */
const DEMO_SOURCE = "demo";

/** How long to wait for the end of a run that another process has begun, before looking again. */
const LOOK_AGAIN_MS = 3_000;

/**
 * Makes the sources what `deskhand.yaml` lists, with the demo documents while there is nothing else, and syncs what never
 * was, has changed or was asked for since, or was not synced to its end. What cannot be added or synced is logged and left
 * for `deskhand doctor`: it does not keep the bot from starting. @throws what reading or narrowing stored sources throws, so that nothing is
 * served that was closed.
 */
export async function prepareKnowledge(preparation: KnowledgePreparation, signal: AbortSignal): Promise<void> {
  const { tenantId, knowledge, lifecycle, settings } = preparation;
  await lifecycle.purgeExpired(tenantId);
  await registerSources(preparation);
  if (settings.demo && settings.sources.length === 0) await lifecycle.recallDemo(tenantId);
  for (const { name, lastRun, pausedAt, isSyncRequested } of await knowledge.status(tenantId)) {
    if (pausedAt !== null) continue;
    if (!hasEndedWell(lastRun) || isSyncRequested) await syncOne(preparation, name, signal);
  }
}

/** A source without an interval is looked at when Deskhand starts, but not again when it starts twice within this time. */
const START_REST_MINUTES = 15;

/**
 * Looks again at the sources that are due; what did not change costs next to nothing. A run that is going on is waited
 * for, as it may be one whose process has died: that one is taken over, and what the other one synced well is left alone.
 */
export async function refreshKnowledge(
  preparation: KnowledgePreparation,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const { logger } = preparation;
  await fillIndex(preparation, signal);
  let waiting: readonly string[] | null = null;
  while (waiting?.length !== 0 && !signal.aborted) {
    try {
      const due = await namesToSync(preparation, clock);
      waiting = await syncEach(preparation, waiting?.filter((name) => due.includes(name)) ?? due, signal);
    } catch (error) {
      // The database is away for a moment: the process serves what it can, and looks again.
      logger.warn("sources could not be looked at", { code: errorCode(error) });
    }
    if (waiting?.length !== 0) await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function fillIndex({ tenantId, knowledge, logger }: KnowledgePreparation, signal: AbortSignal): Promise<void> {
  try {
    await knowledge.fillIndex(tenantId, signal);
  } catch (error) {
    // Words are searched all the while, and the next run of any source does it again.
    if (!signal.aborted) logger.warn("search index not filled", { code: errorCode(error) });
  }
}

/** A paused source is synced only when somebody asks for it. */
async function namesToSync({ tenantId, knowledge }: KnowledgePreparation, clock: Clock): Promise<readonly string[]> {
  const sources = await knowledge.status(tenantId);
  return sources.filter((source) => source.pausedAt === null && isDue(source, clock.now())).map(({ name }) => name);
}

function isDue({ lastRun, everyMinutes }: SourceStatus, now: Date): boolean {
  if (!hasEndedWell(lastRun)) return true;
  return Date.parse(lastRun.startedAt) + (everyMinutes ?? START_REST_MINUTES) * 60_000 <= now.getTime();
}

function hasEndedWell(run: SyncDiff | null): run is SyncDiff {
  return run !== null && run.state !== "failed" && run.state !== "running";
}

/** Resolves with the names of those of which another run is going on. */
async function syncEach(
  preparation: KnowledgePreparation,
  names: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const busy: string[] = [];
  for (const name of names) {
    if (signal.aborted) return busy;
    if (!(await syncOne(preparation, name, signal))) busy.push(name);
  }
  return busy;
}

async function registerSources(preparation: KnowledgePreparation): Promise<void> {
  const { tenantId, knowledge, settings } = preparation;
  const known = new Map((await knowledge.status(tenantId)).map((source) => [source.name, source]));
  for (const listed of settings.sources) {
    const stored = known.get(listed.name);
    const source = await toNewSource(listed, stored);
    if (stored === undefined || stored.isDemo === true) await addOne(preparation, source);
    else if (isDifferent(stored, source) || isCaredForDifferently(stored, source))
      await settingsOf(preparation).updateSource(tenantId, source);
  }
  if (known.size === 0 && settings.sources.length === 0 && settings.demo) await addOne(preparation, demoSource());
}

async function addOne(preparation: KnowledgePreparation, source: NewSource): Promise<void> {
  const { tenantId, logger } = preparation;
  try {
    await settingsOf(preparation).addSource(tenantId, source);
  } catch (error) {
    // Another process that starts at the same time may have been faster: what counts is that it is there.
    const there = await find(preparation, source.name);
    if (there === undefined || (there.isDemo ?? false) !== (source.isDemo ?? false))
      logger.error("source could not be added", { source: source.name, code: errorCode(error) });
  }
}

function isDifferent(stored: SourceStatus, source: NewSource): boolean {
  const isSameAudience =
    stored.acl.every((reader) => source.acl.includes(reader)) &&
    source.acl.every((reader) => stored.acl.includes(reader));
  const isSamePlace = stored.kind === source.kind && stored.location === source.location;
  return !isSamePlace || !isSameAudience || !isDeepStrictEqual(stored.options ?? {}, source.options ?? {});
}

function isCaredForDifferently(stored: SourceStatus, source: NewSource): boolean {
  const isSameInterval = (stored.everyMinutes ?? null) === (source.everyMinutes ?? null);
  return !isSameInterval || (stored.owner ?? null) !== (source.owner ?? null);
}

/** What `deskhand.yaml` says is done in its name. */
function settingsOf({ knowledge }: KnowledgePreparation): KnowledgeAdmin {
  return knowledge.as("settings");
}

/** What an entry of `knowledge.sources` says, with what is stored of it where the entry leaves its kind open. */
export async function toNewSource(listed: ListedSource, stored?: NewSource): Promise<NewSource> {
  const { name, path, url, kind, options = {}, audience, every = "off", owner = null } = listed;
  const location = path ?? url ?? kind ?? name;
  const told = kind ?? (path === undefined ? kindOfAddress(location) : await kindOf(path));
  return {
    name,
    kind: told ?? stored?.kind ?? "folder",
    location,
    options,
    acl: audience,
    everyMinutes: parseInterval(every) ?? null,
    owner,
  };
}

function kindOfAddress(address: string): NewSource["kind"] | null {
  const typed = readLocation(address);
  return typed.place === "address" ? typed.kind : null;
}

/** Null for a path that does not tell, because nothing is there. */
async function kindOf(path: string): Promise<NewSource["kind"] | null> {
  if (path.endsWith(".git")) return "git";
  if (!path.endsWith(".jsonl")) return "folder";
  const stats = await stat(path).catch(() => null);
  if (stats === null) return null;
  return stats.isDirectory() ? "folder" : "jsonl";
}

function demoSource(): NewSource {
  const location = join(packageRoot(), "kb", "demo", "documents");
  return { name: DEMO_SOURCE, kind: "folder", location, acl: ["public"], isDemo: true };
}

/** False when another run of the source is going on. */
async function syncOne(preparation: KnowledgePreparation, name: string, signal: AbortSignal): Promise<boolean> {
  const { tenantId, knowledge, logger } = preparation;
  try {
    for await (const progress of knowledge.sync(tenantId, name, { confirmRemovals: false }, signal)) {
      if (progress.kind === "done") logger.info("source synced", { source: name, ...figures(progress.diff) });
    }
    return true;
  } catch (error) {
    if (error instanceof SyncRunningError) return false;
    // It was removed meanwhile, or has stepped aside.
    if ((await find(preparation, name)) === undefined) return true;
    logger.error("source could not be synced", { source: name, code: errorCode(error) });
    return true;
  }
}

async function find({ tenantId, knowledge }: KnowledgePreparation, name: string): Promise<SourceStatus | undefined> {
  return (await knowledge.status(tenantId)).find((source) => source.name === name);
}

function figures({ added, changed, removed, failed, skipped, heldRemovals, demo }: SyncDiff) {
  return {
    added: added.length,
    changed: changed.length,
    removed: removed.length,
    failed: failed.length,
    skipped: skipped.length,
    held: heldRemovals.length,
    ...(demo === null ? {} : { demo }),
  };
}
