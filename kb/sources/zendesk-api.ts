import { z } from "zod";
import { createJsonApi, readPages } from "./json-api.js";
import type { SafeFetch } from "./safe-fetch.js";
import { authorizationOf } from "./vendor-record.js";

/** Articles on one page of the incremental listing, as documented. */
const INCREMENTAL_PAGE = 1_000;
const PAGE = 100;
const BASE = "/api/v2/help_center";

const id = z.int().transform(String);
const optionalId = id.nullish().transform((value) => value ?? null);

const articleSchema = z.object({
  id,
  locale: z.string(),
  title: z.string().nullish(),
  body: z.string().nullish(),
  html_url: z.string().nullish(),
  draft: z.boolean().nullish(),
  section_id: optionalId,
  author_id: optionalId,
  user_segment_id: optionalId,
  user_segment_ids: z.array(id).nullish(),
  label_names: z.array(z.string()).nullish(),
  updated_at: z.string(),
  edited_at: z.string().nullish(),
});
/** The fields that are used of what the vendor calls an article: its text in one locale. */
export type ZendeskArticle = z.infer<typeof articleSchema>;

const userSchema = z.object({ id, name: z.string().nullish() });
const articlesSchema = z.object({ articles: z.array(articleSchema), users: z.array(userSchema).nullish() });
const categorySchema = z.object({ id, name: z.string() });
const sectionSchema = categorySchema.extend({ category_id: optionalId, parent_section_id: optionalId });
export type ZendeskSection = z.infer<typeof sectionSchema>;

const pagingSchema = z.object({
  meta: z.object({ has_more: z.boolean() }),
  links: z.object({ next: z.string().nullish() }).nullish(),
});

/** What changed since a time. */
export interface ZendeskChanges {
  readonly articles: readonly ZendeskArticle[];
  readonly authors: ReadonlyMap<string, string>;
  /** Where the next question begins, in seconds since 1970. */
  readonly endTime: number;
  /** False when more changed in one second than a page holds: what comes after cannot be asked for. */
  readonly isWhole: boolean;
}

export interface ZendeskApi {
  defaultLocale(signal: AbortSignal): Promise<string>;
  categories(locale: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  sections(locale: string, signal: AbortSignal): Promise<ReadonlyMap<string, ZendeskSection>>;
  /** All in one locale, page by page, with the names of the authors that the vendor tells. */
  articles(locale: string, signal: AbortSignal): AsyncGenerator<Omit<ZendeskChanges, "endTime" | "isWhole">>;
  countArticles(locale: string, signal: AbortSignal): Promise<number>;
  changesSince(startTime: number, signal: AbortSignal): Promise<ZendeskChanges>;
  /** Null when there is none, or none in this locale. */
  article(locale: string, articleId: string, signal: AbortSignal): Promise<ZendeskArticle | null>;
}

const ADVICE = {
  unauthorized: "Set the secret of the source to EMAIL/token:API_TOKEN of an agent, or to an OAuth access token.",
  forbidden: "Use the token of an agent or admin who may see the articles, with the scope hc:read for OAuth.",
};

export function createZendeskApi(origin: string, secret: string, fetch: SafeFetch): ZendeskApi {
  const headers = { authorization: authorizationOf(secret) };
  const api = createJsonApi({ vendor: "Zendesk", origin, headers, fetch, advice: ADVICE });
  const pages = <Page>(first: string, schema: z.ZodType<Page>, signal: AbortSignal): AsyncGenerator<Page> =>
    readPages("Zendesk", first, async (at) => {
      const { page, paging } = await api.get({ path: at }, withPaging(schema), signal);
      return { page, next: paging.meta.has_more ? (paging.links?.next ?? null) : null };
    });
  return {
    async defaultLocale(signal) {
      const schema = z.object({ default_locale: z.string() });
      return (await api.get({ path: `${BASE}/locales.json` }, schema, signal)).default_locale;
    },
    async categories(locale, signal) {
      const names = new Map<string, string>();
      const schema = z.object({ categories: z.array(categorySchema) });
      for await (const page of pages(listPath(locale, "categories"), schema, signal)) {
        for (const category of page.categories) names.set(category.id, category.name);
      }
      return names;
    },
    async sections(locale, signal) {
      const sections = new Map<string, ZendeskSection>();
      const schema = z.object({ sections: z.array(sectionSchema) });
      for await (const page of pages(listPath(locale, "sections"), schema, signal)) {
        for (const section of page.sections) sections.set(section.id, section);
      }
      return sections;
    },
    async *articles(locale, signal) {
      for await (const { articles, users } of pages(
        `${listPath(locale, "articles")}&include=users`,
        articlesSchema,
        signal,
      )) {
        yield { articles, authors: namesOf(users) };
      }
    },
    async countArticles(locale, signal) {
      const path = `${BASE}/${locale}/articles.json?per_page=1&page=1`;
      return (await api.get({ path }, z.object({ count: z.int() }), signal)).count;
    },
    changesSince: (startTime, signal) =>
      readChanges(startTime, async (from) =>
        api.get({ path: `${BASE}/incremental/articles.json?start_time=${from}&include=users` }, changesSchema, signal),
      ),
    async article(locale, articleId, signal) {
      const path = `${BASE}/${locale}/articles/${articleId}.json`;
      return (await api.find({ path }, z.object({ article: articleSchema }), signal))?.article ?? null;
    },
  };
}

function listPath(locale: string, what: string): string {
  return `${BASE}/${locale}/${what}.json?page[size]=${PAGE}`;
}

function withPaging<Page>(schema: z.ZodType<Page>) {
  return z.unknown().transform((value, context) => {
    const page = schema.safeParse(value);
    const paging = pagingSchema.safeParse(value);
    for (const { error } of [page, paging]) {
      for (const { path, message } of error?.issues ?? []) context.addIssue({ code: "custom", path, message });
    }
    return page.success && paging.success ? { page: page.data, paging: paging.data } : z.NEVER;
  });
}

function namesOf(users: z.infer<typeof articlesSchema>["users"]): ReadonlyMap<string, string> {
  return new Map(
    (users ?? []).flatMap(({ id: userId, name }) => (typeof name === "string" ? [[userId, name] as const] : [])),
  );
}

const changesSchema = articlesSchema.extend({ end_time: z.int().nullish() });
type ChangesPage = z.infer<typeof changesSchema>;

/** Each page begins at the time of the last change of the one before. */
async function readChanges(startTime: number, read: (from: number) => Promise<ChangesPage>): Promise<ZendeskChanges> {
  const articles = new Map<string, ZendeskArticle>();
  const authors = new Map<string, string>();
  let endTime = startTime;
  let isWhole = true;
  const pages = readPages("Zendesk", String(startTime), async (at) => {
    const page = await read(Number(at));
    const end = page.end_time ?? endTime;
    const isLast = page.articles.length === 0 || end <= Number(at);
    isWhole = !isLast || page.articles.length < INCREMENTAL_PAGE;
    endTime = Math.max(endTime, end);
    return { page, next: isLast ? null : String(end) };
  });
  for await (const page of pages) {
    for (const article of page.articles) articles.set(article.id, article);
    for (const [userId, name] of namesOf(page.users)) authors.set(userId, name);
  }
  return { articles: [...articles.values()], authors, endTime, isWhole };
}
