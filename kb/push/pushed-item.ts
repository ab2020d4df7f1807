import { z } from "zod";
import type { PushedDocument } from "../../src/ports/pushed-documents.js";
import type { ItemFacts, MediaType } from "../sources/source.js";

/** A pushed document as it is stored. */
export interface PushedItem {
  readonly externalId: string;
  readonly mediaType: MediaType;
  readonly bytes: Uint8Array;
  readonly facts: ItemFacts;
}

/** Text keeps what is said about it beside it, so that nothing in it is read as a field. */
export function toPushedItem(document: PushedDocument): PushedItem {
  const { id, title, url, updatedAt, acl } = document;
  const facts = { title, url, updatedAt, editedBy: null, acl };
  return { externalId: id, ...toContent(document), facts };
}

function toContent({ id, title, content, url, updatedAt, acl, lang }: PushedDocument) {
  switch (content.kind) {
    case "text": {
      const line = { id, title: title ?? id, text: content.text, url, updated: updatedAt, audience: acl, lang };
      const said = Object.fromEntries(Object.entries(line).filter(([, value]) => value !== null));
      return { mediaType: "application/vnd.deskhand.corpus-line+json", bytes: encode(JSON.stringify(said)) } as const;
    }
    case "html": {
      // The first of two such elements is the one that counts.
      const language = lang === null ? "" : `<html lang="${lang}">`;
      return { mediaType: "text/html", bytes: encode(language + content.html) } as const;
    }
    case "file":
      return { mediaType: content.mediaType, bytes: content.bytes } as const;
  }
}

function encode(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}

const factsSchema: z.ZodType<ItemFacts> = z.object({
  title: z.string().nullable(),
  url: z.string().nullable(),
  updatedAt: z.string().nullable(),
  editedBy: z.string().nullable(),
  acl: z.array(z.string()).nullable(),
});

/** What was stored of it. @throws when the row was not written by {@link toPushedItem} */
export function readFacts(stored: unknown): ItemFacts {
  return factsSchema.parse(stored);
}
