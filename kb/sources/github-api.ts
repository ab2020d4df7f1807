import { z } from "zod";
import type { Repository } from "./github-options.js";
import { DISCUSSION_LIST, ISSUE_LIST, TEXTS } from "./github-queries.js";
import { createJsonApi, readPages } from "./json-api.js";
import type { JsonApi } from "./json-api.js";
import type { SafeFetch } from "./safe-fetch.js";
import { shortDigest } from "./short-digest.js";
import { SourceError } from "./source.js";

const VENDOR = "GitHub";

/** A conversation that has an answer. */
export interface GithubItem {
  readonly nodeId: string;
  /** For example `discussions/12`. */
  readonly externalId: string;
  readonly revision: string;
}

export interface GithubList {
  /** Stays the same when a repository is renamed. */
  readonly repositoryId: string;
  readonly items: readonly GithubItem[];
  /** False when fewer came than GitHub counts. */
  readonly isWhole: boolean;
}

export interface GithubText {
  readonly title: string;
  readonly question: string;
  readonly answer: string;
  readonly url: string;
  /** ISO 8601. */
  readonly updatedAt: string;
  /** Who wrote or edited the answer last. */
  readonly editedBy: string | null;
}

/** Every method throws {@link SourceError}. */
export interface GithubApi {
  /** @param categories names or slugs; empty: all */
  discussions(categories: readonly string[], signal: AbortSignal): Promise<GithubList>;
  /** Closed as done, with something that a maintainer said. */
  issues(label: string, signal: AbortSignal): Promise<GithubList>;
  /** By node id; what is gone or has no answer any more is left out. */
  texts(nodeIds: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, GithubText>>;
}

const time = z.iso.datetime({ offset: true });
const optionalTime = time.nullish();
const actor = z.object({ login: z.string() }).nullish();
const pageOf = <T>(node: z.ZodType<T>) =>
  z.object({
    totalCount: z.int(),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
    nodes: z.array(node.nullable()),
  });
const itemSchema = z.object({ id: z.string(), number: z.int(), updatedAt: time });
const discussionSchema = itemSchema.extend({
  category: z.object({ name: z.string(), slug: z.string() }),
  answer: z.object({ id: z.string(), updatedAt: time, isMinimized: z.boolean() }).nullish(),
});
const commentSchema = z.object({
  id: z.string(),
  updatedAt: time,
  authorAssociation: z.string(),
  isMinimized: z.boolean(),
});
const issueSchema = itemSchema.extend({
  stateReason: z.string().nullish(),
  comments: z.object({ nodes: z.array(commentSchema) }),
});
const messageSchema = z.object({
  body: z.string(),
  createdAt: time,
  lastEditedAt: optionalTime,
  author: actor,
  editor: actor,
});
type GithubMessage = z.infer<typeof messageSchema>;
const askedSchema = z.object({
  id: z.string(),
  title: z.string(),
  body: z.string(),
  url: z.url(),
  createdAt: time,
  lastEditedAt: optionalTime,
});
const replySchema = messageSchema.extend({ authorAssociation: z.string(), isMinimized: z.boolean() });
const textSchema = z.discriminatedUnion("__typename", [
  askedSchema.extend({ __typename: z.literal("Discussion"), answer: messageSchema.nullish() }),
  askedSchema.extend({ __typename: z.literal("Issue"), comments: z.object({ nodes: z.array(replySchema) }) }),
]);
type GithubConversation = z.infer<typeof textSchema>;

const MAINTAINERS: ReadonlySet<string> = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);
const DONE: ReadonlySet<string> = new Set(["COMPLETED", ""]);

const isFromMaintainer = (comment: { readonly authorAssociation: string; readonly isMinimized: boolean }): boolean =>
  MAINTAINERS.has(comment.authorAssociation) && !comment.isMinimized;

const ADVICE = {
  unauthorized: "Set the secret of the source to a personal access token that has not expired.",
  forbidden:
    "Give the token access to the repository; an organisation may have to approve it, or ask for single sign-on.",
};

export function createGithubApi(repository: Repository, token: string, fetch: SafeFetch): GithubApi {
  const { owner, name, origin, path } = repository;
  const headers = { authorization: `Bearer ${token}` };
  const api = createJsonApi({ vendor: VENDOR, origin, headers, fetch, advice: ADVICE });
  const ask: Ask = (query, variables, schema, signal) => askGraphql(api, path, query, variables, schema, signal);
  return {
    async discussions(categories, signal) {
      const wanted = new Set(categories.map((category) => category.toLowerCase()));
      const list = await readList(ask, DISCUSSION_LIST, { owner, name }, discussionSchema, signal);
      const isWanted = ({ category }: z.infer<typeof discussionSchema>): boolean =>
        wanted.size === 0 || wanted.has(category.name.toLowerCase()) || wanted.has(category.slug.toLowerCase());
      const answered = list.nodes.filter((node) => node.answer?.isMinimized === false && isWanted(node));
      return { ...list, items: answered.map((node) => itemOf("discussions", node)) };
    },
    async issues(label, signal) {
      const list = await readList(ask, ISSUE_LIST, { owner, name, labels: [label] }, issueSchema, signal);
      const answered = list.nodes.filter(
        ({ stateReason, comments }) => DONE.has(stateReason ?? "") && comments.nodes.some(isFromMaintainer),
      );
      return { ...list, items: answered.map((node) => itemOf("issues", node)) };
    },
    async texts(nodeIds, signal) {
      const schema = z.object({ nodes: z.array(textSchema.nullable()) });
      const { nodes } = await ask(TEXTS, { ids: nodeIds }, schema, signal);
      const texts = nodes.flatMap((node) => (node === null ? [] : [[node.id, toText(node)] as const]));
      return new Map(texts.flatMap(([id, text]) => (text === null ? [] : [[id, text] as const])));
    },
  };
}

function itemOf(kind: "discussions" | "issues", node: z.infer<typeof itemSchema>): GithubItem {
  return { nodeId: node.id, externalId: `${kind}/${node.number}`, revision: shortDigest(node) };
}

function toText(node: GithubConversation): GithubText | null {
  const answer = answerOf(node);
  if (answer == null) return null;
  const times = [node.lastEditedAt ?? node.createdAt, answer.lastEditedAt ?? answer.createdAt].map((at) =>
    Date.parse(at),
  );
  return {
    title: node.title,
    question: node.body,
    answer: answer.body,
    url: node.url,
    updatedAt: new Date(Math.max(...times)).toISOString(),
    editedBy: (answer.editor ?? answer.author)?.login ?? null,
  };
}

function answerOf(node: GithubConversation): GithubMessage | null | undefined {
  return node.__typename === "Discussion" ? node.answer : node.comments.nodes.filter(isFromMaintainer).at(-1);
}

type Ask = <T>(
  query: string,
  variables: Readonly<Record<string, unknown>>,
  schema: z.ZodType<T>,
  signal: AbortSignal,
) => Promise<T>;

interface ReadList<T> extends Pick<GithubList, "repositoryId" | "isWhole"> {
  readonly nodes: readonly T[];
}

async function readList<T>(
  ask: Ask,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  node: z.ZodType<T>,
  signal: AbortSignal,
): Promise<ReadList<T>> {
  const repository = z.object({ id: z.string(), hasDiscussionsEnabled: z.boolean().optional(), page: pageOf(node) });
  const schema = z.object({ repository });
  const nodes: T[] = [];
  let repositoryId = "";
  let count = 0;
  const pages = readPages(VENDOR, "", async (after) => {
    const asked = { ...variables, after: after === "" ? null : after };
    const { repository: found } = await ask(query, asked, schema, signal);
    if (found.hasDiscussionsEnabled === false) throw new SourceError(NO_DISCUSSIONS);
    repositoryId = found.id;
    const { pageInfo } = found.page;
    return { page: found.page, next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? after) : null };
  });
  for await (const page of pages) {
    nodes.push(...page.nodes.filter((one) => one !== null));
    count = page.totalCount;
  }
  return { repositoryId, nodes, isWhole: nodes.length >= count };
}

const NO_DISCUSSIONS =
  "The repository has no discussions turned on, so nothing was changed. Turn them on in its settings, or set read to issues.";

const answerSchema = z.object({
  data: z.unknown(),
  errors: z
    .array(z.object({ type: z.string().nullish(), path: z.array(z.union([z.string(), z.number()])).nullish() }))
    .nullish(),
});

/** What is missing of `nodes` is told as an error beside the others, which is none here. */
async function askGraphql<T>(
  api: JsonApi,
  path: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  const { data, errors } = await api.get({ path, body: { query, variables } }, answerSchema, signal);
  const grave = (errors ?? []).find(({ type, path: at }) => type !== "NOT_FOUND" || at?.[0] !== "nodes");
  if (grave !== undefined) throw new SourceError(meaningOf(grave.type ?? ""));
  const read = schema.safeParse(data);
  if (read.success) return read.data;
  const fields = read.error.issues
    .slice(0, 5)
    .map((issue) => (issue.path.length === 0 ? "the whole" : issue.path.join(".")));
  const message = `GitHub answers in another form than documented (${fields.join(", ")}), so nothing was changed.`;
  throw new SourceError(
    `${message} Sync again; when it stays, a report with this message helps us mend it.`,
    read.error,
  );
}

const MEANINGS: Readonly<Record<string, string>> = {
  NOT_FOUND: "There is no such repository, or the token may not see it. Check the location, and what the token is for.",
  FORBIDDEN: "The token may not read this. Let it read Discussions and Issues of the repository.",
  INSUFFICIENT_SCOPES: "The token may not read this. Let it read Discussions and Issues of the repository.",
  RATE_LIMITED: "The token has used up what GitHub answers in an hour. Sync again later, or less often.",
};

function meaningOf(type: string): string {
  const meaning = Object.hasOwn(MEANINGS, type) ? MEANINGS[type] : undefined;
  return `${meaning ?? "GitHub could not answer the question. The next sync tries again."} Nothing was changed.`;
}
