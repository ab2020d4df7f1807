import { z } from "zod";
import { fieldOfName } from "../parsing/field-names.js";
import { textsOf } from "./notion-api.js";
import type { NotionApi, NotionEntry, NotionProperty, NotionText } from "./notion-api.js";
import { plainText } from "./notion-text.js";

/** A page brings so many parts of a text along; when there are so many, there may be more. */
const PARTS_BROUGHT = 25;

/** A page's title; of a data source its name. */
export function titleOf({ title, properties }: NotionEntry): string {
  const own = Object.values(properties ?? {}).find(({ type }) => type === "title");
  return plainText(textsOf(own === undefined ? title : own["title"]))
    .replace(/\s+/gu, " ")
    .trim();
}

/** The text of a property, whole. */
export async function textOfProperty(
  api: NotionApi,
  pageId: string,
  property: NotionProperty,
  signal: AbortSignal,
): Promise<readonly NotionText[]> {
  const texts = textsOf(property[property.type]);
  return texts.length < PARTS_BROUGHT ? texts : api.propertyText(pageId, property.id, signal);
}

/** The properties of a row under the names that FAQ sheets have; null for a row of anything else. */
export function faqProperties({ properties }: NotionEntry): {
  readonly question: NotionProperty;
  readonly answer: NotionProperty;
  readonly variants: NotionProperty | null;
} | null {
  const texts = Object.entries(properties ?? {}).filter(([, { type }]) => type === "title" || type === "rich_text");
  const named = new Map(texts.map(([name, property]) => [fieldOfName(name), property]));
  const [question, answer] = [named.get("question"), named.get("answer")];
  if (question === undefined || answer === undefined) return null;
  return { question, answer, variants: named.get("variants") ?? null };
}

/** Names and values of a row's properties as they are shown, without its title and what is empty or about the row itself. */
export function shownProperties({ properties }: NotionEntry): readonly (readonly [string, string])[] {
  return Object.entries(properties ?? {}).flatMap(([name, property]) => {
    const value = property.type === "title" ? "" : valueOf(property).replace(/\s+/gu, " ").trim();
    return value === "" ? [] : [[name, value] as const];
  });
}

const named = z.object({ name: z.string() });
const date = z.object({ start: z.string(), end: z.string().nullish() });

function valueOf(property: NotionProperty): string {
  const value = property[property.type];
  switch (property.type) {
    case "rich_text":
      return plainText(textsOf(value));
    case "select":
    case "status":
      return named.safeParse(value).data?.name ?? "";
    case "multi_select":
    case "files":
      return (z.array(named).safeParse(value).data ?? []).map(({ name }) => name).join(", ");
    case "number":
    case "url":
    case "email":
    case "phone_number":
      return z.union([z.string(), z.number()]).safeParse(value).data?.toString() ?? "";
    case "checkbox":
      return value === true ? "yes" : "no";
    case "date":
      return dateText(value);
    case "formula":
      return formulaText(value);
    case "unique_id":
      return uniqueIdText(value);
    default:
      return "";
  }
}

function dateText(value: unknown): string {
  const read = date.safeParse(value).data;
  if (read === undefined) return "";
  return typeof read.end === "string" ? `${read.start} – ${read.end}` : read.start;
}

function formulaText(value: unknown): string {
  const read = z.looseObject({ type: z.string() }).safeParse(value).data;
  const result = read?.[read.type];
  if (read?.type === "date") return dateText(result);
  return typeof result === "string" || typeof result === "number" || typeof result === "boolean" ? String(result) : "";
}

function uniqueIdText(value: unknown): string {
  const read = z.object({ prefix: z.string().nullish(), number: z.number().nullish() }).safeParse(value).data;
  if (typeof read?.number !== "number") return "";
  return typeof read.prefix === "string" ? `${read.prefix}-${read.number}` : String(read.number);
}
