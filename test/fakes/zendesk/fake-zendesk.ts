import { refuseUnknownParameters, vendorServer } from "../../support/vendor-server.js";
import type { VendorAnswer, VendorRequest, VendorServer } from "../../support/vendor-server.js";

/** An article in one locale, as the vendor's documentation shows it. */
export interface FakeArticle {
  id: number;
  url: string;
  html_url: string;
  author_id: number;
  comments_disabled: boolean;
  draft: boolean;
  promoted: boolean;
  position: number;
  vote_sum: number;
  vote_count: number;
  section_id: number;
  created_at: string;
  updated_at: string;
  name: string;
  title: string;
  source_locale: string;
  locale: string;
  outdated: boolean;
  outdated_locales: readonly string[];
  edited_at: string;
  user_segment_id: number | null;
  user_segment_ids: readonly number[];
  permission_group_id: number;
  content_tag_ids: readonly string[];
  label_names: readonly string[];
  body: string;
}

export interface FakeZendesk extends VendorServer {
  readonly origin: string;
  readonly secret: string;
  readonly articles: FakeArticle[];
  readonly categories: { id: number; name: string; locale: string }[];
  readonly sections: {
    id: number;
    name: string;
    locale: string;
    category_id: number;
    parent_section_id: number | null;
  }[];
  /** Articles that its listings leave out, by their ids. */
  readonly unlisted: Set<number>;
  /** Moves the vendor's clock on by a minute and gives the time. */
  tick(): string;
  add(id: number, fields: Partial<FakeArticle>): FakeArticle;
  /** Edits an article, as its author would. */
  edit(id: number, fields: Partial<FakeArticle>): void;
}

const ORIGIN = "https://acme.zendesk.com";
const SECRET = "mia@acme.example/token:6wiIBWbGkBMo1mRDMuVwkw1EPsNkeUj95PIz2akv";
const BASE = "/api/v2/help_center";
const LIST = new RegExp(`^${BASE}/([a-z-]+)/(articles|sections|categories)\\.json$`, "u");
const ONE = new RegExp(`^${BASE}/([a-z-]+)/articles/(\\d+)\\.json$`, "u");

/** A help center with the locales en-us and de. Pages hold two entries, whatever is asked for. */
export async function fakeZendesk(): Promise<FakeZendesk> {
  let now = Date.parse("2026-03-01T08:00:00Z");
  const tick = (): string => new Date((now += 60_000)).toISOString().replace(".000Z", "Z");
  const place: Place = {
    articles: [],
    categories: [{ id: 10, name: "Billing", locale: "en-us" }],
    sections: [{ id: 20, name: "Refunds", locale: "en-us", category_id: 10, parent_section_id: null }],
    unlisted: new Set(),
    server: null,
  };
  const server = await vendorServer(ORIGIN, (request) => answer(place, request));
  place.server = server;
  const handle = {
    ...place,
    origin: ORIGIN,
    secret: SECRET,
    tick,
    add(id: number, fields: Partial<FakeArticle>): FakeArticle {
      const article = newArticle(id, tick(), fields);
      place.articles.push(article);
      return article;
    },
    edit(id: number, fields: Partial<FakeArticle>): void {
      const at = tick();
      for (const article of place.articles)
        if (article.id === id) Object.assign(article, { updated_at: at, edited_at: at }, fields);
    },
  };
  return Object.assign(server, handle);
}

type Place = Pick<FakeZendesk, "articles" | "categories" | "sections" | "unlisted"> & { server: VendorServer | null };

function newArticle(id: number, at: string, fields: Partial<FakeArticle>): FakeArticle {
  const locale = fields.locale ?? "en-us";
  return {
    id,
    url: `${ORIGIN}${BASE}/${locale}/articles/${id}.json`,
    html_url: `${ORIGIN}/hc/${locale}/articles/${id}`,
    author_id: 7,
    comments_disabled: false,
    draft: false,
    promoted: false,
    position: 0,
    vote_sum: 0,
    vote_count: 0,
    section_id: 20,
    created_at: at,
    updated_at: at,
    name: `Article ${id}`,
    title: `Article ${id}`,
    source_locale: "en-us",
    locale,
    outdated: false,
    outdated_locales: [],
    edited_at: at,
    user_segment_id: null,
    user_segment_ids: [],
    permission_group_id: 3,
    content_tag_ids: [],
    label_names: [],
    body: `<p>Text of article ${id}.</p>`,
    ...fields,
  };
}

function answer(place: Place, request: VendorRequest): VendorAnswer {
  const { url, headers, method } = request;
  if (headers.authorization !== `Basic ${Buffer.from(SECRET).toString("base64")}`)
    return { status: 401, body: { error: "Couldn't authenticate you" } };
  if (method !== "GET") return { status: 405, body: { error: "method" } };
  const list = LIST.exec(url.pathname);
  const one = ONE.exec(url.pathname);
  if (url.pathname === `${BASE}/locales.json`)
    return { body: { count: 2, locales: ["en-us", "de"], default_locale: "en-us" } };
  if (url.pathname === `${BASE}/incremental/articles.json`) return incremental(place, url);
  if (one !== null) return oneArticle(place, one[1] ?? "", Number(one[2]), url);
  if (list === null || !["en-us", "de"].includes(list[1] ?? ""))
    return { status: 404, body: { error: "RecordNotFound" } };
  return listOf(place, list[1] ?? "", list[2] as "articles" | "sections" | "categories", url);
}

const USERS = [{ id: 7, name: "Mia Meyer", role: "admin" }];

function oneArticle({ articles }: Place, locale: string, id: number, url: URL): VendorAnswer {
  const found = articles.find((article) => article.id === id && article.locale === locale);
  const refused = refuseUnknownParameters(url, ["include"]);
  return (
    refused ??
    (found === undefined
      ? { status: 404, body: { error: "RecordNotFound", description: "Not found" } }
      : { body: { article: found } })
  );
}

function listOf(place: Place, locale: string, what: "articles" | "sections" | "categories", url: URL): VendorAnswer {
  const refused = refuseUnknownParameters(url, ["page[size]", "page[after]", "per_page", "page", "include"]);
  if (refused !== null) return refused;
  const all = place[what].filter((entry) => entry.locale === locale);
  const parameters = url.searchParams;
  if (parameters.has("per_page")) {
    const body = {
      count: all.length,
      page: 1,
      per_page: 1,
      page_count: all.length,
      next_page: null,
      [what]: all.slice(0, 1),
    };
    return { body };
  }
  const listed = all.filter(({ id }) => what !== "articles" || !place.unlisted.has(id));
  const from = Number(parameters.get("page[after]") ?? "0");
  const isStuck = place.server?.fault === "repeating-cursor";
  const hasMore = isStuck || from + 2 < listed.length;
  const next = new URL(url);
  next.searchParams.set("page[after]", String(isStuck ? 0 : from + 2));
  return {
    body: {
      [what]: listed.slice(from, from + 2),
      ...(parameters.get("include") === "users" ? { users: USERS } : {}),
      meta: { has_more: hasMore, after_cursor: hasMore ? String(from + 2) : null, before_cursor: null },
      links: { prev: null, next: hasMore ? next.href : null },
    },
  };
}

/** Articles in their source locale that changed at a time or after it, two on a page. */
function incremental({ articles }: Place, url: URL): VendorAnswer {
  const refused = refuseUnknownParameters(url, ["start_time", "include"]);
  if (refused !== null) return refused;
  const startTime = Number(url.searchParams.get("start_time"));
  const changed = articles
    .filter((article) => article.locale === article.source_locale && secondsOf(article.updated_at) >= startTime)
    .sort((left, right) => secondsOf(left.updated_at) - secondsOf(right.updated_at));
  const page = changed.slice(0, 2);
  const last = page.at(-1);
  const endTime = last === undefined ? startTime : secondsOf(last.updated_at);
  const next = new URL(url);
  next.searchParams.set("start_time", String(endTime));
  return { body: { articles: page, users: USERS, count: changed.length, end_time: endTime, next_page: next.href } };
}

function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1_000);
}
