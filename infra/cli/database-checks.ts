import { count } from "../../src/commands/counted.js";
import type { DoctorFinding, DoctorReport } from "../../src/commands/operations.js";
import { DeskhandError, errorCode } from "../../src/ports/errors.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { KnowledgeAdmin, SourceStatus } from "../../src/ports/knowledge.js";

/** What the checks of an open database look at. */
export interface DatabaseCheckDependencies {
  readonly tenantId: TenantId;
  readonly database: {
    readonly kind: "embedded" | "postgres";
    facts(): Promise<{
      readonly serverVersion: string;
      readonly vectorVersion: string;
      readonly schemaVersion: number;
    }>;
  };
  readonly knowledge: KnowledgeAdmin;
  readonly embeddingModelId: string;
  readonly queueName: string;
}

/** The part of `doctor` that needs the database: its state, the knowledge in it, the queue. */
export async function checkDatabase(deps: DatabaseCheckDependencies): Promise<DoctorReport> {
  const parts = await Promise.all([
    guarded("Database", "see the server's log; check DATABASE_URL or DESKHAND_DIR", () => databaseFindings(deps)),
    guarded("Documents", "deskhand kb sync", () => knowledgeFindings(deps)),
  ]);
  return {
    checks: [...parts.flat(), on("Embeddings", deps.embeddingModelId), on("Queue", deps.queueName)],
  };
}

async function databaseFindings({ database }: DatabaseCheckDependencies): Promise<readonly DoctorFinding[]> {
  const { serverVersion, vectorVersion, schemaVersion } = await database.facts();
  const kind = database.kind === "embedded" ? "embedded PostgreSQL" : "PostgreSQL";
  return [
    on("Database", `${kind} ${serverVersion}, schema ${schemaVersion}`),
    on("Vector extension", `pgvector ${vectorVersion}`),
  ];
}

async function knowledgeFindings({
  knowledge,
  tenantId,
}: DatabaseCheckDependencies): Promise<readonly DoctorFinding[]> {
  const sources = await knowledge.status(tenantId);
  if (sources.length === 0) {
    return [{ name: "Documents", state: "off", detail: "no sources yet", advice: "deskhand kb add ./docs" }];
  }
  return sources.map(sourceFinding);
}

function sourceFinding({ name, documents, lastRun, isDemo }: SourceStatus): DoctorFinding {
  const title = `Source ${name}`;
  const size = `${count(documents, "document")}${isDemo === true ? " (demo)" : ""}`;
  if (lastRun === null) {
    return { name: title, state: "broken", detail: "never synced", advice: `deskhand kb sync ${name}` };
  }
  if (lastRun.state === "failed") {
    return {
      name: title,
      state: "broken",
      detail: `${size}, the last sync failed`,
      advice: `deskhand kb sync ${name}`,
    };
  }
  if (lastRun.state === "held" || lastRun.failed.length > 0) {
    const trouble = lastRun.state === "held" ? "removals wait for you" : `${lastRun.failed.length} could not be read`;
    return { name: title, state: "broken", detail: `${size}, ${trouble}`, advice: `deskhand kb diff ${name}` };
  }
  return on(title, size);
}

function on(name: string, detail: string): DoctorFinding {
  return { name, state: "on", detail, advice: null };
}

async function guarded(
  name: string,
  advice: string,
  check: () => Promise<readonly DoctorFinding[]>,
): Promise<readonly DoctorFinding[]> {
  try {
    return await check();
  } catch (error) {
    const detail = error instanceof DeskhandError ? error.message : `failed (${errorCode(error)})`;
    return [{ name, state: "broken", detail, advice }];
  }
}
