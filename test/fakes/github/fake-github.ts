import { type VendorAnswer, type VendorRequest, type VendorServer, vendorServer } from "../../support/vendor-server.js";
import { readQuery, type Selection } from "./read-query.js";
import { ARGUMENTS, TYPES } from "./schema.js";

export interface FakeComment {
  readonly id: string;
  body: string;
  createdAt: string;
  updatedAt: string;
  lastEditedAt: string | null;
  authorAssociation: string;
  isMinimized: boolean;
  author: { login: string } | null;
  editor: { login: string } | null;
}

export interface FakeConversation {
  readonly __typename: "Discussion" | "Issue";
  readonly id: string;
  readonly number: number;
  title: string;
  body: string;
  url: string;
  createdAt: string;
  updatedAt: string;
  lastEditedAt: string | null;
  category: { name: string; slug: string };
  answer: FakeComment | null;
  state: "OPEN" | "CLOSED";
  stateReason: string | null;
  labels: readonly string[];
  comments: FakeComment[];
}

/** One repository at GitHub, as its GraphQL API serves it. */
export interface FakeGithub extends Omit<VendorServer, "requests"> {
  readonly location: string;
  readonly token: string;
  /** Path and name of the operation of all that was answered. */
  readonly requests: readonly string[];
  readonly conversations: FakeConversation[];
  repository: { id: string; owner: string; name: string; formerNames: string[]; hasDiscussionsEnabled: boolean } | null;
  mostInOnePage: number;
  /** Answers the next request in place of what was asked for. */
  answerOnce(answer: VendorAnswer): void;
  discuss(
    number: number,
    question: string,
    answer: string | null,
    changes?: Partial<FakeConversation>,
  ): FakeConversation;
  fileIssue(
    number: number,
    question: string,
    labels: readonly string[],
    comments: readonly FakeComment[],
  ): FakeConversation;
  /** Of somebody with that part in the repository. */
  comment(body: string, authorAssociation?: string): FakeComment;
  edit(comment: FakeComment, body: string): void;
}

const TOKEN = "github_pat_11AAAAAAA0fake";

export async function fakeGithub(): Promise<FakeGithub> {
  const operations: string[] = [];
  const conversations: FakeConversation[] = [];
  const instead: VendorAnswer[] = [];
  let seconds = Date.parse("2026-05-01T12:00:00Z") / 1_000;
  let ids = 0;
  const tick = (): string => new Date((seconds += 60) * 1_000).toISOString().replace(".000Z", "Z");
  const idOf = (kind: string): string => `${kind}_kwDO${(ids += 1)}`;
  const server = await vendorServer(
    "https://api.github.com",
    (request) => instead.shift() ?? answer(github, operations, request),
  );
  const add = (conversation: FakeConversation): FakeConversation => {
    conversations.push(conversation);
    return conversation;
  };
  const begun = (kind: FakeConversation["__typename"], number: number, body: string): FakeConversation => ({
    __typename: kind,
    id: idOf(kind.charAt(0)),
    number,
    title: body.split("\n")[0] ?? body,
    body,
    url: `https://github.com/acme/help/${kind.toLowerCase()}s/${number}`,
    createdAt: tick(),
    updatedAt: tick(),
    lastEditedAt: null,
    category: { name: "Q&A", slug: "q-a" },
    answer: null,
    state: "OPEN",
    stateReason: null,
    labels: [],
    comments: [],
  });
  const github: FakeGithub = Object.assign(Object.create(server) as VendorServer, {
    location: "https://github.com/acme/help",
    token: TOKEN,
    requests: operations,
    conversations,
    repository: { id: "R_1", owner: "acme", name: "help", formerNames: [] as string[], hasDiscussionsEnabled: true },
    mostInOnePage: 2,
    answerOnce: (given: VendorAnswer) => void instead.push(given),
    comment(body: string, authorAssociation = "MEMBER"): FakeComment {
      const [createdAt, login] = [tick(), authorAssociation.toLowerCase()];
      const state = { lastEditedAt: null, isMinimized: false, author: { login }, editor: null };
      return { id: idOf("C"), body, createdAt, updatedAt: createdAt, authorAssociation, ...state };
    },
    discuss(number: number, question: string, said: string | null, changes: Partial<FakeConversation> = {}) {
      const accepted = said === null ? null : github.comment(said);
      return add({ ...begun("Discussion", number, question), answer: accepted, ...changes });
    },
    fileIssue(number: number, question: string, labels: readonly string[], comments: readonly FakeComment[]) {
      const closed = { state: "CLOSED", stateReason: "COMPLETED" } as const;
      return add({ ...begun("Issue", number, question), ...closed, labels, comments: [...comments] });
    },
    edit(comment: FakeComment, body: string) {
      Object.assign(comment, { body, lastEditedAt: tick(), editor: { login: "editor" } });
      comment.updatedAt = comment.lastEditedAt ?? comment.updatedAt;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
  Object.defineProperty(github, "fault", {
    get: () => server.fault,
    set: (fault: VendorServer["fault"]) => (server.fault = fault),
  });
  return github;
}

function answer(github: FakeGithub, operations: string[], { method, url, headers, body }: VendorRequest): VendorAnswer {
  if (headers.authorization !== `Bearer ${TOKEN}`)
    return { status: 401, body: { message: "Bad credentials", status: "401" } };
  if (method !== "POST" || url.pathname !== "/graphql" || url.search !== "") {
    return { status: 404, body: { message: "Not Found", status: "404" } };
  }
  const { query, variables } = body as { query: string; variables: Readonly<Record<string, unknown>> };
  const errors: object[] = [];
  try {
    const read = readQuery(query, variables);
    operations.push(`/graphql ${read.operation}`);
    const root = {
      repository: (args: Arguments) => repositoryOf(github, args, errors),
      nodes: (args: Arguments) => nodesOf(github, args, errors),
    };
    const data = select("Query", root, read.fields);
    return { body: errors.length === 0 ? { data } : { data, errors } };
  } catch (error) {
    return { body: { errors: [{ type: "INVALID", message: error instanceof Error ? error.message : "" }] } };
  }
}

type Arguments = Readonly<Record<string, unknown>>;
type Served = Readonly<Record<string, unknown>>;

/** What was asked for of a value, and no field or argument that the schema does not have. */
function select(type: string, value: unknown, fields: readonly Selection[] | null): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((one: unknown) => select(type, one, fields));
  if (fields === null) {
    if (Object.hasOwn(TYPES, type)) throw new Error(`${type} must have a selection of subfields`);
    return value;
  }
  const served = value as Served;
  const own = type === "Node" ? String(served["__typename"]) : type;
  const chosen: Record<string, unknown> = {};
  for (const { kind, name, alias, args, fields: below } of fields) {
    if (kind === "on") {
      if (name === own) Object.assign(chosen, select(own, value, below));
    } else if (name === "__typename") {
      chosen[alias] = own;
    } else {
      const fieldType = type === "Node" ? undefined : TYPES[own]?.[name];
      if (fieldType === undefined) throw new Error(`Field '${name}' doesn't exist on type '${type}'`);
      refuseArguments(`${own}.${name}`, args);
      const found = served[name];
      chosen[alias] = select(
        fieldType,
        typeof found === "function" ? (found as (given: Arguments) => unknown)(args) : found,
        below,
      );
    }
  }
  return chosen;
}

function refuseArguments(field: string, args: Arguments): void {
  const unknown = Object.keys(args).filter((name) => !(ARGUMENTS[field] ?? []).includes(name));
  if (unknown.length > 0) throw new Error(`Field '${field}' doesn't accept argument '${unknown.join("', '")}'`);
}

function repositoryOf(github: FakeGithub, { owner, name }: Arguments, errors: object[]): Served | null {
  const { repository } = github;
  const names = repository === null ? [] : [repository.name, ...repository.formerNames];
  if (repository === null || owner !== repository.owner || !names.includes(String(name))) {
    errors.push({
      type: "NOT_FOUND",
      path: ["repository"],
      message: "Could not resolve to a Repository with the name.",
    });
    return null;
  }
  const ofKind = (kind: string) => github.conversations.filter(({ __typename }) => __typename === kind);
  return {
    ...repository,
    discussions: (args: Arguments) =>
      connection(
        github,
        args,
        ofKind("Discussion").filter((one) => args["answered"] !== true || one.answer !== null),
      ),
    issues(args: Arguments) {
      const labels = args["labels"] as readonly string[] | null;
      const isAsked = ({ state, labels: own }: FakeConversation) =>
        (args["states"] as readonly string[]).includes(state) &&
        (labels === null || own.some((label) => labels.includes(label)));
      return connection(github, args, ofKind("Issue").filter(isAsked));
    },
  };
}

function nodesOf(github: FakeGithub, { ids }: Arguments, errors: object[]): readonly (Served | null)[] {
  const asked = ids as readonly string[];
  if (asked.length > 100) throw new Error("You may not provide more than 100 node ids");
  return asked.map((id, index) => {
    const found = github.conversations.find((one) => one.id === id);
    if (found === undefined)
      errors.push({ type: "NOT_FOUND", path: ["nodes", index], message: "Could not resolve to a node." });
    return found === undefined ? null : nodeOf(found);
  });
}

function nodeOf(conversation: FakeConversation): Served {
  const { comments, stateReason } = conversation;
  return {
    ...conversation,
    comments: ({ last }: Arguments) => ({ nodes: comments.slice(-Number(last)) }),
    stateReason: ({ enableDuplicate }: Arguments) =>
      stateReason === "DUPLICATE" && enableDuplicate !== true ? "NOT_PLANNED" : stateReason,
  };
}

function connection(github: FakeGithub, args: Arguments, all: readonly FakeConversation[]): Served {
  const first = Number(args["first"]);
  if (!(first >= 1 && first <= 100))
    throw new Error("Requesting records on the connection exceeds the `first` limit of 100");
  if (JSON.stringify(args["orderBy"]) !== '{"field":"CREATED_AT","direction":"ASC"}')
    throw new Error("not served in this order");
  const { after } = args;
  const start = typeof after === "string" ? Number(Buffer.from(after, "base64").toString().slice("cursor:".length)) : 0;
  const end = github.fault === "repeating-cursor" ? 1 : start + Math.min(first, github.mostInOnePage);
  const hasNextPage = github.fault === "repeating-cursor" || end < all.length;
  return {
    totalCount: all.length,
    pageInfo: { hasNextPage, endCursor: Buffer.from(`cursor:${end}`).toString("base64") },
    nodes: all.slice(start, end).map(nodeOf),
  };
}
