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
 * Registers what `deskhand.yaml` lists, and the demo documents while there is nothing else, and syncs what never was.
 * What cannot be synced is logged and left for `deskhand doctor`: it does not keep the bot from starting.
 */
export async function prepareKnowledge(preparation: KnowledgePreparation, signal: AbortSignal): Promise<void> {
  const { tenantId, knowledge } = preparation;
  const known = await knowledge.status(tenantId);
  for (const source of await wantedSources(preparation, known)) await knowledge.addSource(tenantId, source);
  for (const source of await knowledge.status(tenantId)) {
    if (source.lastRun === null || source.lastRun.state === "failed") await syncOne(preparation, source.name, signal);
  }
}

/** Looks again at every source that was synced before; what did not change costs next to nothing. */
export async function refreshKnowledge(preparation: KnowledgePreparation, signal: AbortSignal): Promise<void> {
  for (const { name } of await preparation.knowledge.status(preparation.tenantId)) {
    if (signal.aborted) return;
    await syncOne(preparation, name, signal);
  }
}

async function wantedSources(
  { settings }: KnowledgePreparation,
  known: readonly SourceStatus[],
): Promise<readonly NewSource[]> {
  const names = new Set(known.map(({ name }) => name));
  const listed = settings.sources.filter(({ name }) => !names.has(name));
  if (listed.length > 0) return Promise.all(listed.map(toNewSource));
  return known.length === 0 && settings.demo ? [demoSource()] : [];
}

async function toNewSource({
  name,
  path,
  kind,
  audience,
}: Settings["knowledge"]["sources"][number]): Promise<NewSource> {
  return { name, kind: kind ?? (await kindOf(path)), location: path, acl: audience };
}

async function kindOf(path: string): Promise<NewSource["kind"]> {
  if (!path.endsWith(".jsonl")) return "folder";
  return (await stat(path)).isDirectory() ? "folder" : "jsonl";
}

function demoSource(): NewSource {
  const location = join(packageRoot(), "kb", "demo", "documents");
  return { name: DEMO_SOURCE, kind: "folder", location, acl: ["public"], isDemo: true };
}

async function syncOne({ tenantId, knowledge, logger }: KnowledgePreparation, name: string, signal: AbortSignal) {
  try {
    for await (const progress of knowledge.sync(tenantId, name, { confirmRemovals: false }, signal)) {
      if (progress.kind !== "done") continue;
      const { added, changed, removed, failed } = progress.diff;
      logger.info("source synced", {
        source: name,
        added: added.length,
        changed: changed.length,
        removed: removed.length,
        failed: failed.length,
      });
    }
  } catch (error) {
    logger.error("source could not be synced", { source: name, code: errorCode(error) });
  }
}
