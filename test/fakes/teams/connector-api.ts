import { z } from "zod";
import {
  badRequest,
  isRefusal,
  readSentActivity,
  streamInfoOf,
  type Refusal,
  type SentActivity,
  type StreamInfo,
} from "./activity-rules.js";
import { streamRuleBroken, type StreamScene } from "./stream-rules.js";
import type { Person, TeamsState } from "./teams-state.js";

export interface ConnectorRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface ConnectorResponse {
  readonly status: number;
  readonly body: object | null;
}

export interface ConnectorApiOptions {
  readonly state: TeamsState;
  readonly token: string;
  readonly botId: string;
  readonly botName: string;
  /** Of the people who are not listed otherwise. */
  readonly tenantId: string;
  readonly now: () => number;
  readonly enforceStreamRate: boolean;
}

const createSchema = z.strictObject({
  isGroup: z.literal(false).optional(),
  bot: z.strictObject({ id: z.string(), name: z.string().optional() }).optional(),
  members: z.array(z.strictObject({ id: z.string().min(1) })).length(1),
  tenantId: z.string().min(1),
  channelData: z.strictObject({ tenant: z.strictObject({ id: z.string().min(1) }) }).optional(),
});

/** Bot Connector's REST interface: what it takes, what it refuses, and what then stands in the client. */
export class ConnectorApi {
  readonly #options: ConnectorApiOptions;

  constructor(options: ConnectorApiOptions) {
    this.#options = options;
  }

  handle(request: ConnectorRequest): ConnectorResponse {
    if (request.authorization !== `Bearer ${this.#options.token}`) {
      return refused({ status: 401, code: "Unauthorized", message: "no valid token" });
    }
    const segments = request.path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
    const [version, resource, conversationId, collection, id] = segments;
    if (version !== "v3" || resource !== "conversations" || segments.length > 5) return refused(NO_ROUTE);
    if (conversationId === undefined) {
      return request.method === "POST" ? this.#createConversation(request.body) : refused(NO_ROUTE);
    }
    if (collection === "members" && id !== undefined && request.method === "GET") {
      return this.#member(conversationId, id);
    }
    const conversation = this.#options.state.conversation(conversationId);
    if (conversation === undefined) return refused(notFound("ConversationNotFound"));
    if (collection !== "activities") return refused(NO_ROUTE);
    if (request.method === "POST") return this.#send(conversationId, id, request.body);
    if (id === undefined) return refused(NO_ROUTE);
    if (request.method === "PUT") return this.#update(conversationId, id, request.body);
    return request.method === "DELETE" ? this.#remove(conversationId, id) : refused(NO_ROUTE);
  }

  #createConversation(body: string): ConnectorResponse {
    const parsed = createSchema.safeParse(parseJson(body));
    if (!parsed.success) return refused(badRequest(parsed.error.issues[0]?.message ?? ""));
    const [member] = parsed.data.members;
    const found = [...this.#options.state.conversations.values()].find(
      ({ type, members }) => type === "personal" && members.some(({ id }) => id === member?.id),
    );
    if (found === undefined)
      return refused({ status: 403, code: "ForbiddenOperationException", message: "not installed" });
    return { status: 201, body: { id: found.id } };
  }

  /** By account id, object id or principal name. */
  #member(conversationId: string, memberId: string): ConnectorResponse {
    const people = this.#options.state.members(conversationId);
    if (people === undefined) return refused(notFound("ConversationNotFound"));
    const found = people
      .map((person) => listed(person, this.#options.tenantId))
      .find(({ id, objectId, userPrincipalName }) => [id, objectId, userPrincipalName].includes(memberId));
    return found === undefined ? refused(notFound("MemberNotFoundInConversation")) : { status: 200, body: found };
  }

  #send(conversationId: string, replyTo: string | undefined, body: string): ConnectorResponse {
    const { state, botName } = this.#options;
    const activity = readSentActivity(body);
    if (isRefusal(activity)) return refused(activity);
    if (replyTo !== undefined && activity.replyToId !== replyTo) return refused(badRequest("replyToId is another"));
    const info = streamInfoOf(activity);
    if (info !== null) return this.#stream(conversationId, activity, info);
    if (activity.type === "typing") {
      state.typing.push(conversationId);
      return { status: 201, body: { id: "" } };
    }
    const id = state.nextId();
    const at = state.threadFor(conversationId, id);
    state.messages.push({
      id,
      conversationId: at,
      from: botName,
      isBots: true,
      activity,
      isStreaming: false,
      isEdited: false,
    });
    return { status: 201, body: { id } };
  }

  #stream(conversationId: string, activity: SentActivity, info: StreamInfo): ConnectorResponse {
    const { state } = this.#options;
    const now = this.#options.now();
    const broken = streamRuleBroken(info, activity, this.#sceneOf(conversationId));
    if (broken !== null) return refused(broken);
    const known = info.streamId === undefined ? undefined : state.streams.get(info.streamId);
    if (known === undefined) {
      const id = state.nextId();
      const text = info.streamType === "streaming" ? (activity.text ?? "") : "";
      const begun = {
        id,
        conversationId,
        startedAt: now,
        lastAt: now,
        sequence: 1,
        text,
        isOver: false,
        isCancelled: false,
      };
      state.streams.set(id, begun);
      if (text !== "") this.#showStreamed(conversationId, id, activity, true);
      return { status: 201, body: { id } };
    }
    known.lastAt = now;
    known.sequence += 1;
    known.isOver = info.streamType === "final";
    if (info.streamType === "informative") return { status: 202, body: {} };
    known.text = activity.text ?? "";
    this.#showStreamed(conversationId, known.id, activity, !known.isOver);
    return known.isOver ? { status: 201, body: { id: known.id } } : { status: 202, body: {} };
  }

  #sceneOf(conversationId: string): StreamScene {
    const { state, now, enforceStreamRate } = this.#options;
    return {
      isPersonal: state.conversation(conversationId)?.type === "personal",
      now: now(),
      enforceRate: enforceStreamRate,
      find: (streamId) => {
        const found = state.streams.get(streamId);
        return found?.conversationId === conversationId ? found : undefined;
      },
      open: [...state.streams.values()].find((each) => each.conversationId === conversationId && !each.isOver),
    };
  }

  #showStreamed(conversationId: string, id: string, activity: SentActivity, isStreaming: boolean): void {
    const { state, botName } = this.#options;
    const message = state.find(conversationId, id);
    if (message === undefined) {
      state.messages.push({ id, conversationId, from: botName, isBots: true, activity, isStreaming, isEdited: false });
    } else {
      message.activity = activity;
      message.isStreaming = isStreaming;
    }
  }

  /** Also finishes a stream that was left open: its id is the message's. */
  #update(conversationId: string, id: string, body: string): ConnectorResponse {
    const { state } = this.#options;
    const activity = readSentActivity(body);
    if (isRefusal(activity)) return refused(activity);
    if (activity.type !== "message" || streamInfoOf(activity) !== null) return refused(badRequest("not a message"));
    if (activity.id !== undefined && activity.id !== id) return refused(badRequest("another activity's id"));
    const stream = state.streams.get(id);
    if (stream?.conversationId === conversationId) {
      this.#showStreamed(conversationId, id, activity, false);
      stream.isOver = true;
    }
    const message = state.find(conversationId, id);
    if (message === undefined) return refused(notFound("ActivityNotFoundInConversation"));
    if (!message.isBots) return refused({ status: 403, code: "Forbidden", message: "somebody else's message" });
    message.activity = activity;
    message.isEdited = true;
    return { status: 200, body: { id } };
  }

  #remove(conversationId: string, id: string): ConnectorResponse {
    const { messages } = this.#options.state;
    const message = this.#options.state.find(conversationId, id);
    if (message === undefined) return refused(notFound("ActivityNotFoundInConversation"));
    if (!message.isBots) return refused({ status: 403, code: "Forbidden", message: "somebody else's message" });
    messages.splice(messages.indexOf(message), 1);
    return { status: 200, body: null };
  }
}

/** A member as Bot Connector tells of one: of somebody anonymous little more than the name. */
function listed(person: Person, tenantId: string) {
  const { id, name, aadObjectId: objectId } = person;
  const [givenName = "", surname = ""] = name.split(" ");
  const principal = `${givenName}.${surname}@acme.example`.toLowerCase();
  const { userRole = "user", userPrincipalName = principal, tenantId: home = tenantId } = person.listed ?? {};
  const always = { id, name, ...(home === null ? {} : { tenantId: home }), ...(userRole === null ? {} : { userRole }) };
  if (userRole === "anonymous") return { ...always, objectId: undefined, userPrincipalName: undefined };
  const email = principal;
  const account = { objectId, aadObjectId: objectId, givenName, surname, email };
  return { ...always, ...account, userPrincipalName: userPrincipalName ?? undefined };
}

const NO_ROUTE: Refusal = { status: 405, code: "MethodNotAllowed", message: "no such operation" };

function notFound(code: string): Refusal {
  return { status: 404, code, message: code };
}

function refused({ status, code, message }: Refusal): ConnectorResponse {
  return { status, body: { error: { code, message } } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
