import type { SyncDiff, SyncRemark } from "../../src/ports/knowledge.js";
import type { ItemFailure, SourceListing } from "../sources/source.js";
import type { Closing } from "./close-documents.js";
import type { KnownDocument } from "./document-store.js";
import type { KnownItem } from "./item-store.js";
import type { PlannedVersion } from "./plan-versions.js";
import type { RestrictedItem } from "./read-batch.js";
import type { RunResult } from "./run-store.js";
import { remarksOf } from "./version-facts.js";
import type { SaidOfItself } from "./version-facts.js";

/** What one run has seen and done, in memory; its result is the diff. */
export class SyncLedger {
  readonly knownItems: ReadonlyMap<string, KnownItem>;
  readonly failures: ItemFailure[] = [];
  readonly skipped: ItemFailure[] = [];
  readonly remarks: SyncRemark[] = [];
  readonly removed: string[] = [];
  readonly heldRemovals: string[] = [];
  readonly #knownDocuments: ReadonlyMap<string, KnownDocument>;
  readonly #seenDocuments = new Set<string>();
  readonly #listedItems = new Set<string>();
  readonly #added: string[] = [];
  readonly #changed: string[] = [];
  #unchanged = 0;

  constructor(documents: ReadonlyMap<string, KnownDocument>, items: ReadonlyMap<string, KnownItem>) {
    this.#knownDocuments = documents;
    this.knownItems = items;
  }

  get documentsBefore(): number {
    return [...this.#knownDocuments.values()].filter(isCurrent).length;
  }

  known(externalId: string): KnownDocument | undefined {
    return this.#knownDocuments.get(externalId);
  }

  /** Whether of each document that is answered from it is known which item brings it. */
  get knowsWhence(): boolean {
    const brought = new Set([...this.knownItems.values()].flatMap((item) => item.documents));
    return [...this.#knownDocuments.values()].every(
      (document) => !isCurrent(document) || brought.has(document.externalId),
    );
  }

  /** Whether all that an item became is still what is answered from. */
  isSettled(item: KnownItem): boolean {
    return item.documents.every((externalId) => this.#knownDocuments.get(externalId)?.currentVersionId != null);
  }

  /** What lies below a folder that was not entered, such as one that has become a link, is kept as well. */
  noteListing({ scope, items, removed, failures, skipped, remarks = [] }: SourceListing): void {
    for (const item of items) this.#listedItems.add(item.externalId);
    if (scope === "changes") this.#keepUnlisted(new Set(removed));
    const below = failures.flatMap((failure) =>
      [...this.knownItems.values()].filter((item) => item.externalId.startsWith(`${failure.externalId}/`)),
    );
    this.#keep(below);
    this.noteFailures(failures);
    this.noteSkipped(skipped);
    for (const remark of remarks) this.remarks.push(remark);
  }

  /** A listing of changes says nothing about the rest: that is there, and as it was. */
  #keepUnlisted(removed: ReadonlySet<string>): void {
    const others = [...this.knownItems.values()].filter(
      ({ externalId }) => !this.#listedItems.has(externalId) && !removed.has(externalId),
    );
    this.noteUnchanged(others);
    this.#keep(others);
  }

  noteUnchanged(items: readonly KnownItem[]): void {
    for (const externalId of items.flatMap((item) => item.documents)) {
      if (this.noteSeen(externalId)) this.#unchanged += 1;
    }
  }

  /** Of an item that cannot be read now, everything that is known from before is kept. */
  noteFailures(failures: readonly ItemFailure[]): void {
    for (const failure of failures) this.failures.push(failure);
    this.#keepNamed(failures);
  }

  /** Of an item that held a text when it was last read, that text is kept as well. */
  noteSkipped(skipped: readonly ItemFailure[]): void {
    for (const item of skipped) this.skipped.push(item);
    this.#keepNamed(skipped);
  }

  #keepNamed(items: readonly Pick<ItemFailure, "externalId">[]): void {
    for (const { externalId } of items) {
      this.#seenDocuments.add(externalId);
      this.#keep([this.knownItems.get(externalId) ?? { externalId, documents: [] }]);
    }
  }

  #keep(items: readonly Pick<KnownItem, "externalId" | "documents">[]): void {
    for (const { externalId, documents } of items) {
      this.#listedItems.add(externalId);
      for (const document of documents) this.#seenDocuments.add(document);
    }
  }

  /** What is answered from of items that could not be read, and who may read it. */
  closingsOf(items: readonly RestrictedItem[]): readonly Closing[] {
    return items.flatMap(({ externalId, acl }) =>
      (this.knownItems.get(externalId)?.documents ?? [externalId]).flatMap((document) => {
        const versionId = this.known(document)?.currentVersionId ?? null;
        return versionId === null ? [] : [{ versionId, acl }];
      }),
    );
  }

  /** What is answered from until new versions take its place, where fewer people may read those. */
  closingsBefore(plans: readonly PlannedVersion[]): readonly Closing[] {
    return plans.flatMap(({ next: { externalId, acl }, previousVersionId: versionId }) => {
      const before = this.known(externalId)?.acl ?? null;
      const isNarrower = before === null || before.some((reader) => !acl.includes(reader));
      return versionId !== null && isNarrower ? [{ versionId, acl }] : [];
    });
  }

  /** False, with a failure noted, when another item of this run has brought a document of that id. */
  noteSeen(externalId: string): boolean {
    if (!this.#seenDocuments.has(externalId)) {
      this.#seenDocuments.add(externalId);
      return true;
    }
    const message = "Another file gives a document of the same id; this one is left out. Rename one of the files.";
    this.failures.push({ externalId, code: "duplicate-id", message });
    return false;
  }

  noteRemarks(document: SaidOfItself): void {
    for (const remark of remarksOf(document)) this.remarks.push(remark);
  }

  /** A document that was parsed again and is what it was. */
  noteSame(): void {
    this.#unchanged += 1;
  }

  noteWritten(plans: readonly PlannedVersion[]): void {
    for (const { next, previousVersionId } of plans) {
      (previousVersionId === null ? this.#added : this.#changed).push(next.externalId);
    }
  }

  /** Documents that are answered from and were not seen in this run, but for those that a person wants kept. */
  unseen(): readonly KnownDocument[] {
    return [...this.#knownDocuments.values()]
      .filter((document) => isCurrent(document) && !document.isKept && !this.#seenDocuments.has(document.externalId))
      .sort((left, right) => (left.externalId < right.externalId ? -1 : 1));
  }

  goneItems(): readonly string[] {
    return [...this.knownItems.keys()].filter((externalId) => !this.#listedItems.has(externalId));
  }

  result(state: SyncDiff["state"]): Omit<RunResult, "demo"> {
    return {
      state,
      added: this.#added,
      changed: this.#changed,
      removed: this.removed,
      unchanged: this.#unchanged,
      failed: this.failures,
      skipped: this.skipped,
      remarks: this.remarks,
      heldRemovals: this.heldRemovals,
    };
  }
}

function isCurrent(document: KnownDocument): boolean {
  return document.currentVersionId !== null;
}
