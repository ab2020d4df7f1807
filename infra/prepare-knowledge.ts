import { join } from "node:path";
import { stat } from "node:fs/promises";
import { errorCode } from "../src/ports/errors.js";
import type { TenantId } from "../src/ports/ids.js";
import type { KnowledgeAdmin, NewSource, SourceStatus } from "../src/ports/knowledge.js";
import type { Logger } from "../src/ports/logger.js";
import type { Settings } from "./config/settings.js";
import { packageRoot } from "./package-root.js";

export interface KnowledgePreparation {
  readonly tenantId: TenantId;
  readonly knowledge: KnowledgeAdmin;
  readonly settings: Settings["knowledge"];
  readonly logger: Logger;
}

/** The name of the source that holds the demo documents. */
const DEMO_SOURCE = "demo";

/**
 * Makes the sources what `deskhand.yaml` lists, with the demo documents while there is nothing else, and syncs what never
 * was or has changed. What cannot be added or synced is logged and left for `deskhand doctor`: it does not keep the bot
 * from starting. @throws what reading or narrowing stored sources throws, so that nothing is served that was closed.
 */
export async function prepareKnowledge(preparation: KnowledgePreparation, signal: AbortSignal): Promise<void> {
  const { tenantId, knowledge } = preparation;
  const changed = await registerSources(preparation);
  for (const { name, lastRun } of await knowledge.status(tenantId)) {
    if (lastRun === null || lastRun.state === "failed" || changed.has(name)) await syncOne(preparation, name, signal);
  }
}

/** Looks again at every source that was synced before; what did not change costs next to nothing. */
export async function refreshKnowledge(preparation: KnowledgePreparation, signal: AbortSignal): Promise<void> {
  for (const { name } of await preparation.knowledge.status(preparation.tenantId)) {
    if (signal.aborted) return;
    await syncOne(preparation, name, signal);
  }
}

/** Resolves with the names of sources that are not what they were. */
async function registerSources(preparation: KnowledgePreparation): Promise<ReadonlySet<string>> {
  const { tenantId, knowledge, settings } = preparation;
  const known = new Map((await knowledge.status(tenantId)).map((source) => [source.name, source]));
  const changed = new Set<string>();
  for (const listed of settings.sources) {
    const stored = known.get(listed.name);
    const source = await toNewSource(listed, stored);
    if (stored === undefined) await addOne(preparation, source);
    else if (stored.isDemo === true) await replaceDemo(preparation, source);
    else if (isDifferent(stored, source)) {
      await knowledge.updateSource(tenantId, source);
      changed.add(source.name);
    }
  }
  if (known.size === 0 && settings.sources.length === 0 && settings.demo) await addOne(preparation, demoSource());
  return changed;
}

async function addOne(preparation: KnowledgePreparation, source: NewSource): Promise<void> {
  const { tenantId, knowledge, logger } = preparation;
  try {
    await knowledge.addSource(tenantId, source);
  } catch (error) {
    // Another process that starts at the same time may have been faster: what counts is that it is there.
    const isThere = (await knowledge.status(tenantId)).some(({ name }) => name === source.name);
    if (!isThere) logger.error("source could not be added", { source: source.name, code: errorCode(error) });
  }
}

/** A source of one's own that has the demo's name takes its place; nothing of the demo is left to be answered from. */
async function replaceDemo(preparation: KnowledgePreparation, source: NewSource): Promise<void> {
  await preparation.knowledge.removeSource(preparation.tenantId, source.name);
  await addOne(preparation, source);
}

function isDifferent(stored: SourceStatus, source: NewSource): boolean {
  const isSameAudience =
    stored.acl.every((reader) => source.acl.includes(reader)) &&
    source.acl.every((reader) => stored.acl.includes(reader));
  return stored.kind !== source.kind || stored.location !== source.location || !isSameAudience;
}

async function toNewSource(
  { name, path, kind, audience }: Settings["knowledge"]["sources"][number],
  stored: NewSource | undefined,
): Promise<NewSource> {
  return { name, kind: kind ?? (await kindOf(path)) ?? stored?.kind ?? "folder", location: path, acl: audience };
}

/** Null for a path that does not tell, because nothing is there. */
async function kindOf(path: string): Promise<NewSource["kind"] | null> {
  if (!path.endsWith(".jsonl")) return "folder";
  const stats = await stat(path).catch(() => null);
  if (stats === null) return null;
  return stats.isDirectory() ? "folder" : "jsonl";
}

function demoSource(): NewSource {
  const location = join(packageRoot(), "kb", "demo", "documents");
  return { name: DEMO_SOURCE, kind: "folder", location, acl: ["public"], isDemo: true };
}

async function syncOne({ tenantId, knowledge, logger }: KnowledgePreparation, name: string, signal: AbortSignal) {
  try {
    for await (const progress of knowledge.sync(tenantId, name, { confirmRemovals: false }, signal)) {
      if (progress.kind !== "done") continue;
      const { added, changed, removed, failed, heldRemovals } = progress.diff;
      logger.info("source synced", {
        source: name,
        added: added.length,
        changed: changed.length,
        removed: removed.length,
        failed: failed.length,
        held: heldRemovals.length,
      });
    }
  } catch (error) {
    logger.error("source could not be synced", { source: name, code: errorCode(error) });
  }
}
