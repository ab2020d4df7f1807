import type { MessageActivity, SentActivity } from "./activity-rules.js";
import { readAsPerson } from "./read-as-person.js";
import type { OpenStream } from "./stream-rules.js";

export type ConversationType = "personal" | "groupChat" | "channel";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly aadObjectId: string;
  /** How the list of members has them where it is not as one of the tenant's own people; null for left out. */
  readonly listed?: {
    readonly userRole?: string | null;
    readonly userPrincipalName?: string | null;
    readonly tenantId?: string | null;
  };
}

export interface Conversation {
  readonly id: string;
  readonly type: ConversationType;
  readonly members: Person[];
}

/** A message as it stands in the client. */
export interface StoredMessage {
  readonly id: string;
  /** The thread's id in channels. */
  readonly conversationId: string;
  readonly from: string;
  readonly isBots: boolean;
  activity: SentActivity;
  isStreaming: boolean;
  isEdited: boolean;
}

/** What somebody sees who opens a conversation. */
export interface ShownMessage {
  readonly id: string;
  readonly from: string;
  readonly text: string;
  readonly links: readonly string[];
  /** Elements and images that a client would act on. */
  readonly live: readonly string[];
  readonly citations: readonly { readonly position: number; readonly name: string; readonly url: string | null }[];
  readonly buttons: readonly string[];
  readonly isLabelledAsGenerated: boolean;
  readonly isEdited: boolean;
  readonly isStreaming: boolean;
  /** Images that stand in the message. */
  readonly images: readonly { readonly name: string; readonly bytes: Buffer }[];
}

const THREAD_MARK = ";messageid=";

/** The one team, which has all channels: its id is that of its first channel, where nobody writes here. */
export const TEAM_ID = "19:team@thread.tacv2";

/** Everything that Teams would remember. */
export class TeamsState {
  readonly conversations = new Map<string, Conversation>();
  readonly messages: StoredMessage[] = [];
  readonly streams = new Map<string, OpenStream & { readonly conversationId: string }>();
  /** Typing indicators without text, by conversation. */
  readonly typing: string[] = [];
  #lastId = Date.now();

  nextId(): string {
    this.#lastId += 1;
    return String(this.#lastId);
  }

  /** A thread belongs to its channel. */
  conversation(id: string): Conversation | undefined {
    return this.conversations.get(id.split(THREAD_MARK)[0] ?? id);
  }

  /** Who is on the list of a chat, a channel or the team; undefined for what has none, such as a thread. */
  members(id: string): readonly Person[] | undefined {
    if (id !== TEAM_ID) return this.conversations.get(id)?.members;
    return [...this.conversations.values()].flatMap(({ type, members }) => (type === "channel" ? members : []));
  }

  /** A message that starts a thread is in the thread. */
  threadFor(conversationId: string, messageId: string): string {
    const isNewThread = this.conversations.get(conversationId)?.type === "channel";
    return isNewThread ? `${conversationId}${THREAD_MARK}${messageId}` : conversationId;
  }

  find(conversationId: string, messageId: string): StoredMessage | undefined {
    const channel = this.conversation(conversationId)?.id;
    return this.messages.find(
      (message) => message.id === messageId && this.conversation(message.conversationId)?.id === channel,
    );
  }

  shown(conversationId: string): readonly ShownMessage[] {
    return this.messages
      .filter(
        (message) =>
          message.conversationId === conversationId || message.conversationId.startsWith(`${conversationId};`),
      )
      .map(show);
  }
}

function show({ id, from, activity, isEdited, isStreaming }: StoredMessage): ShownMessage {
  const { text, links, live } = readAsPerson(activity.text ?? "");
  const root = entitiesOf(activity).find((entity) => entity.type === "https://schema.org/Message");
  return {
    id,
    from,
    text,
    links,
    live,
    citations: (root?.citation ?? []).map(({ position, appearance }) => ({
      position,
      name: appearance.name,
      url: appearance.url ?? null,
    })),
    buttons: executeActions(activity).map(({ title }) => title),
    isLabelledAsGenerated: root?.additionalType !== undefined,
    isEdited,
    isStreaming,
    images: imagesOf(activity),
  };
}

function imagesOf(activity: SentActivity): ShownMessage["images"] {
  if (activity.type !== "message") return [];
  return (activity.attachments ?? []).flatMap((attachment) => {
    if (!("contentUrl" in attachment)) return [];
    const [, data = ""] = attachment.contentUrl.split("base64,");
    return [{ name: attachment.name ?? "", bytes: Buffer.from(data, "base64") }];
  });
}

function entitiesOf(activity: SentActivity): NonNullable<MessageActivity["entities"]> {
  return activity.type === "message" ? (activity.entities ?? []) : [];
}

/** The buttons of a message's cards. */
export function executeActions(activity: SentActivity) {
  if (activity.type !== "message") return [];
  return (activity.attachments ?? []).flatMap((attachment) => {
    if (!("content" in attachment)) return [];
    const { body, actions = [] } = attachment.content;
    return [...body.flatMap((element) => (element.type === "ActionSet" ? element.actions : [])), ...actions];
  });
}
