import type { Database } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import { UsageError } from "../../src/ports/errors.js";
import type { NewSource } from "../../src/ports/knowledge.js";
import type { Logger } from "../../src/ports/logger.js";
import type { SafeFetch } from "./safe-fetch.js";
import type { Source } from "./source.js";

/** What a source is opened from. */
export type SourceRecord = Pick<NewSource, "name" | "kind" | "location" | "options">;

/** What sources of all kinds are given by the process that opens them. */
export interface SourceServices {
  /** The secret of the source of that name, from the environment; null where there is none. */
  secretOf(name: string): string | null;
  /** An absolute path below which sources may keep what they fetched. Whatever is in it may be gone at any time. */
  readonly workDirectory: string;
  /** The one way to anything on the network. */
  readonly fetch: SafeFetch;
  /** Host names, addresses and ranges that need not be public, for programs that connect by themselves. */
  readonly allowedPrivateHosts: readonly string[];
  /** Variables that tell programs where other programs, keys and certificates are. */
  readonly machine: Readonly<Record<string, string | undefined>>;
  readonly database: Database;
  readonly logger: Logger;
}

/** One source that is opened: where its rows are, besides what all sources are given. */
export interface SourcePlace extends SourceServices {
  readonly tenantId: TenantId;
  readonly sourceId: string;
  /** Called by a listing that takes long, as it goes, with how many things it has come upon; as often as it likes. */
  readonly found?: (count: number) => void;
}

/** One kind of source. */
export interface SourceKindDefinition {
  /** Looks at location and options alone. @throws {UsageError} naming all that is wrong with them and what is right */
  checkOptions(record: SourceRecord): void;
  /** @throws {UsageError} when the record cannot be right: nothing is there, an option is unknown, a secret is missing. */
  check(record: SourceRecord, services: SourceServices): Promise<void>;
  open(record: SourceRecord, place: SourcePlace): Promise<Source>;
}

/** For kinds that have none. @throws {UsageError} */
export function refuseOptions({ name, kind, options = {} }: SourceRecord): void {
  const names = Object.keys(options);
  if (names.length === 0) return;
  throw new UsageError(`Sources of the kind ${kind} have no options. Take ${names.join(", ")} from ${name}.`);
}
