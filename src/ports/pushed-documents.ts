import type { TenantId } from "./ids.js";

/** What a pushed file may be. */
export const PUSHED_MEDIA_TYPES = [
  "text/markdown",
  "text/html",
  "text/plain",
  "text/csv",
  "application/yaml",
  "application/json",
  "application/pdf",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
] as const;

/** A shorter secret opens no push source. */
export const MIN_PUSH_SECRET_LENGTH = 32;

export type PushedMediaType = (typeof PUSHED_MEDIA_TYPES)[number];

export type PushedContent =
  /** Markdown. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "html"; readonly html: string }
  | { readonly kind: "file"; readonly mediaType: PushedMediaType; readonly bytes: Uint8Array };

/** A document that a program gives us, checked: ids, addresses and dates are what they should be. */
export interface PushedDocument {
  readonly id: string;
  readonly title: string | null;
  readonly content: PushedContent;
  readonly url: string | null;
  /** ISO 8601. */
  readonly updatedAt: string | null;
  /** Access tokens of those who may read it; null: as the source says. */
  readonly acl: readonly string[] | null;
  readonly lang: string | null;
}

export interface Push {
  readonly documents: readonly PushedDocument[];
  /** Ids of documents that are to go. */
  readonly deleted: readonly string[];
}

export interface PushReceipt {
  /** Stored now or the same already. */
  readonly accepted: number;
  /** Those that were there. */
  readonly deleted: number;
  /** The sync that goes on at this moment. What was pushed is in it or in the next one. */
  readonly runId: string | null;
}

/** Where a pushed document stands. A later push than the one that was indexed makes it pending again. */
export type PushedState =
  | { readonly state: "pending"; readonly change: "stored" | "deleted" }
  | { readonly state: "indexed"; readonly version: number; readonly documents: number }
  | {
      readonly state: "failed";
      /** The last version that could be read, which is answered from; null when none could. */
      readonly version: number | null;
      readonly code: string;
      readonly message: string;
    };

/** What programs push is stored at once and read by the source's next sync, which this asks for. */
export interface PushedDocuments {
  /** Sources that can be pushed to. */
  sourceNames(tenantId: TenantId): Promise<readonly string[]>;
  /** Stores all of it or nothing; null when there is no such source. The same again changes nothing. */
  store(tenantId: TenantId, sourceName: string, push: Push): Promise<PushReceipt | null>;
  /** Null when there is no such document, or none any more. */
  stateOf(tenantId: TenantId, sourceName: string, id: string): Promise<PushedState | null>;
}
