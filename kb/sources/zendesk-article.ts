import { shortDigest } from "./short-digest.js";
import type { ZendeskArticle, ZendeskSection } from "./zendesk-api.js";
import type { ZendeskOptions } from "./zendesk-options.js";
import type { FetchedItem } from "./source.js";

/** Where articles lie, in the words of one locale. */
export interface ZendeskStructure {
  readonly categories: ReadonlyMap<string, string>;
  readonly sections: ReadonlyMap<string, ZendeskSection>;
}

/** Sections nest at most five deep; more would be a ring. */
const MAX_SECTIONS = 20;

/** An article's section and those that it lies in, the outermost first. */
function sectionsAround(
  { section_id: sectionId }: ZendeskArticle,
  { sections }: ZendeskStructure,
): readonly ZendeskSection[] {
  const around: ZendeskSection[] = [];
  let section = sectionId === null ? undefined : sections.get(sectionId);
  while (section !== undefined && around.length < MAX_SECTIONS) {
    around.unshift(section);
    section = section.parent_section_id === null ? undefined : sections.get(section.parent_section_id);
  }
  return around;
}

/** Whether an article is published and one of those that are asked for. */
export function isWanted(article: ZendeskArticle, structure: ZendeskStructure, options: ZendeskOptions): boolean {
  if (article.draft === true) return false;
  const around = sectionsAround(article, structure);
  const labels = article.label_names ?? [];
  const isThere =
    (options.sections.length === 0 && options.categories.length === 0) ||
    around.some(({ id }) => options.sections.includes(id)) ||
    around.some(({ category_id: category }) => category !== null && options.categories.includes(category));
  return isThere && (options.labels.length === 0 || labels.some((label) => options.labels.includes(label)));
}

/**
 * Who may read it; null for everybody who may read the source. The vendor shows an article to whoever is in one of its
 * segments, so one token is enough.
 */
function aclOf({ user_segment_id: one, user_segment_ids: several }: ZendeskArticle): readonly string[] | null {
  const segments =
    several !== null && several !== undefined && several.length > 0 ? several : one === null ? [] : [one];
  return segments.length === 0 ? null : [...new Set(segments)].sort().map((segment) => `zendesk:segment:${segment}`);
}

/** An article as it is handed to the parser, under the names of its category and sections. */
export function toItem(
  externalId: string,
  article: ZendeskArticle,
  structure: ZendeskStructure,
  author: string | null,
): FetchedItem {
  const names = placeOf(article, structure);
  // Two headings of the first level: the one with the title is no text, and the other stands above all that follows.
  const headings = [article.title ?? "", names.join(" › ")].filter((text) => text !== "");
  const lines = headings.map((text) => `<h1>${escapeHtml(text)}</h1>`).join("\n");
  const html = `<!doctype html><html lang="${escapeHtml(article.locale)}"><body>${lines}\n${article.body ?? ""}</body></html>`;
  return {
    externalId,
    mediaType: "text/html",
    bytes: Buffer.from(html, "utf8"),
    facts: {
      title: article.title ?? null,
      url: article.html_url ?? null,
      updatedAt: article.edited_at ?? article.updated_at,
      editedBy: author,
      acl: aclOf(article),
    },
    revision: revisionOf(article, structure),
  };
}

/** Of all that is read of an article. Votes and comments change when it was updated, and nothing here. */
export function revisionOf(article: ZendeskArticle, structure: ZendeskStructure): string {
  const { title, body, html_url: url, edited_at: editedAt, updated_at: updatedAt } = article;
  return shortDigest([title, body, url, editedAt ?? updatedAt, aclOf(article), placeOf(article, structure)]);
}

/** The names of the article's category and sections, the outermost first. */
function placeOf(article: ZendeskArticle, structure: ZendeskStructure): readonly string[] {
  const around = sectionsAround(article, structure);
  const category = structure.categories.get(around[0]?.category_id ?? "");
  return [...(category === undefined ? [] : [category]), ...around.map(({ name }) => name)];
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
