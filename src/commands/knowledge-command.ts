import type { EntryState, EntryStep } from "../ports/knowledge-entries.js";

/**
 * What people do with documents, sources and entries besides adding and syncing them. Plain JSON: it also goes to the
 * server that holds the database.
 */
export type KnowledgeCommand =
  | { readonly kind: "kb-pause" | "kb-resume" | "kb-restore" | "kb-purge"; readonly source: string }
  /** What a run changed; without a number the last one that changed something. */
  | { readonly kind: "kb-diff"; readonly source: string; readonly run: number | null }
  | { readonly kind: "kb-runs"; readonly source: string }
  | { readonly kind: "kb-show"; readonly source: string; readonly document: string | null }
  | {
      readonly kind: "kb-history";
      readonly source: string;
      readonly document: string;
      readonly between: { readonly from: number; readonly to: number } | null;
    }
  | {
      readonly kind: "kb-restore-document";
      readonly source: string;
      readonly document: string;
      readonly version: number;
      /** Only says what would happen. */
      readonly isPreview: boolean;
    }
  | {
      readonly kind: "kb-write";
      readonly question: string;
      readonly answer: string;
      readonly variants: readonly string[];
      readonly until: string | null;
    }
  | { readonly kind: "kb-entry"; readonly step: EntryStep; readonly entry: string }
  | { readonly kind: "kb-entries"; readonly state: EntryState | null }
  | { readonly kind: "kb-stale"; readonly days: number }
  | { readonly kind: "kb-audit"; readonly limit: number };

export const DEFAULT_STALE_DAYS = 180;
export const MOST_STALE_DAYS = 36_500;
export const DEFAULT_AUDIT_LIMIT = 20;
export const MOST_AUDIT_ENTRIES = 500;
