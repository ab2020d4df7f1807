import type { FileRules } from "../../src/handoff/files/file-rules.js";
import { createFileUploads, type FileUploadDesk } from "../../src/handoff/files/upload-file.js";
import { systemClock } from "../../src/ports/clock.js";
import type { HttpRoute } from "../../src/ports/http.js";
import { newId, type TenantId } from "../../src/ports/ids.js";
import type { WithStores } from "../../src/ports/stores.js";
import type { LoadedConfig } from "../cli/program-dependencies.js";
import type { FileSettings } from "../config/file-settings.js";
import { createFileLinks, type FileLinks } from "./file-links.js";
import { fileRoute } from "./file-route.js";
import { scanWithProgram } from "./scan-with-program.js";

export interface Files {
  /** Null where they are switched off. */
  readonly rules: FileRules | null;
  /** Where links lead; also while files are switched off, until those that were made before have ended. */
  readonly routes: readonly HttpRoute[];
  /** How the console takes files in. */
  readonly uploads: FileUploadDesk;
}

interface WireFilesDependencies {
  readonly secret: Buffer;
  readonly tenantId: TenantId;
  readonly withStores: WithStores;
}

/** Files of handoffs, wired. */
export function wireFiles(
  { settings: { handoff }, environment }: LoadedConfig,
  { secret, tenantId, withStores }: WireFilesDependencies,
): Files {
  const links = createFileLinks(secret, environment.publicUrl);
  const settings = handoff.files;
  const rules = settings === false ? null : fileRules(settings, links);
  return {
    rules,
    routes: [fileRoute({ tenantId, withStores, links, clock: systemClock })],
    uploads: createFileUploads({ withStores, clock: systemClock, newId, rules }),
  };
}

const BYTES_PER_MEGABYTE = 1_000_000;
const DAY_MS = 24 * 60 * 60_000;

function fileRules(settings: FileSettings, { linkTo }: FileLinks): FileRules {
  return {
    maxBytes: settings.maxMegabytes * BYTES_PER_MEGABYTE,
    types: settings.types,
    blockedTypes: settings.blockedTypes,
    keepMs: settings.keepDays * DAY_MS,
    scan: settings.scan === null ? null : scanWithProgram(settings.scan),
    scanMs: settings.scanSeconds * 1_000,
    linkTo,
  };
}
