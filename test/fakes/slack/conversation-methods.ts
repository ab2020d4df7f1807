import { isTimestamp, textArgument, visibleChannel, type MethodCall, type MethodHandler } from "./call.js";
import type { JsonObject } from "./json.js";
import { channelPayload, messagePayload } from "./message-payload.js";
import type { Channel, Message } from "./model.js";
import { refusalWith, SlackRefusal } from "./refusal.js";

const open: MethodHandler = (call) => {
  const { workspace } = call.state;
  if (textArgument(call, "channel") !== null) {
    const channel = visibleChannel(call);
    if (channel.kind !== "im") {
      throw new SlackRefusal("method_not_supported_for_channel_type");
    }
    return opened(call, channel, true);
  }
  const ids = (textArgument(call, "users") ?? "").split(",").filter((id) => id !== "");
  const [id, ...others] = ids;
  if (id === undefined) {
    throw new SlackRefusal("users_list_not_supplied");
  }
  if (others.length > 0) {
    throw refusalWith("invalid_arguments", ["this fake knows no group direct messages"]);
  }
  const person = workspace.people.get(id);
  if (person === undefined || id === call.team.botUserId) {
    throw new SlackRefusal("user_not_found");
  }
  if (person.isDeactivated) {
    throw new SlackRefusal("user_disabled");
  }
  const isNew = ![...workspace.channels.values()].some((one) => one.kind === "im" && one.members.has(id));
  return opened(call, workspace.directChannel(call.team, person), !isNew);
};

function opened(call: MethodCall, channel: Channel, wasOpen: boolean): JsonObject {
  const shown = call.args["return_im"] === true ? channelPayload(channel, call.team.botUserId) : { id: channel.id };
  return { channel: shown, ...(wasOpen ? { no_op: true, already_open: true } : {}) };
}

const info: MethodHandler = (call) => {
  const channel = visibleChannel(call);
  const count = call.args["include_num_members"] === true ? { num_members: channel.members.size } : {};
  return { channel: { ...channelPayload(channel, call.team.botUserId), ...count } };
};

const history: MethodHandler = (call) => {
  const channel = readableChannel(call);
  const messages = [...channel.messages.values()].filter((one) => one.threadTs === null || one.threadTs === one.ts);
  return page(call, inRange(call, messages).reverse(), channel);
};

const replies: MethodHandler = (call) => {
  const channel = readableChannel(call);
  const asked = channel.messages.get(textArgument(call, "ts") ?? "");
  if (asked === undefined) {
    throw new SlackRefusal("thread_not_found");
  }
  if (asked.threadTs !== null) {
    return page(call, [asked], channel);
  }
  const answers = [...channel.messages.values()].filter((one) => one.threadTs === asked.ts);
  return page(call, [asked, ...inRange(call, answers)], channel);
};

export const CONVERSATION_METHODS: Readonly<Record<string, MethodHandler>> = {
  "conversations.open": open,
  "conversations.info": info,
  "conversations.history": history,
  "conversations.replies": replies,
};

function readableChannel(call: MethodCall): Channel {
  const channel = visibleChannel(call);
  if (!channel.members.has(call.team.botUserId)) {
    throw new SlackRefusal("not_in_channel");
  }
  return channel;
}

function inRange(call: MethodCall, messages: readonly Message[]): Message[] {
  const oldest = boundary(call, "oldest");
  const latest = boundary(call, "latest");
  const inclusive = call.args["inclusive"] === true;
  return messages.filter(
    ({ ts }) =>
      (oldest === null || ts > oldest || (inclusive && ts === oldest)) &&
      (latest === null || ts < latest || (inclusive && ts === latest)),
  );
}

function boundary(call: MethodCall, name: "oldest" | "latest"): string | null {
  const ts = textArgument(call, name);
  if (ts !== null && !isTimestamp(ts) && !/^\d{1,10}(\.\d+)?$/u.test(ts)) {
    throw new SlackRefusal(`invalid_ts_${name}`);
  }
  return ts === "0" ? null : ts;
}

function page(call: MethodCall, messages: readonly Message[], channel: Channel): JsonObject {
  const asked = call.args["limit"];
  const { mostInOnePage, repeatsCursor } = call.state.paging;
  const limit = Math.min(typeof asked === "number" && asked > 0 ? asked : 100, mostInOnePage);
  const start = offsetOf(textArgument(call, "cursor"));
  const end = repeatsCursor ? Math.max(start, 1) : start + limit;
  const hasMore = repeatsCursor || end < messages.length;
  const withMetadata = call.args["include_all_metadata"] === true;
  const cursor = hasMore ? Buffer.from(`next:${end}`).toString("base64") : "";
  return {
    messages: messages.slice(start, end).map((message) => shown(call, message, channel, withMetadata)),
    has_more: hasMore,
    response_metadata: { next_cursor: cursor },
  };
}

function shown(call: MethodCall, message: Message, channel: Channel, withMetadata: boolean): JsonObject {
  const answers = [...channel.messages.values()].filter((one) => one.threadTs === message.ts);
  const thread =
    answers.length === 0
      ? {}
      : { thread_ts: message.ts, reply_count: answers.length, latest_reply: answers.at(-1)?.ts ?? message.ts };
  return { ...messagePayload(message, call.state.appId, { withMetadata }), ...thread };
}

function offsetOf(cursor: string | null): number {
  if (cursor === null || cursor === "") {
    return 0;
  }
  const offset = /^next:(\d+)$/u.exec(Buffer.from(cursor, "base64").toString())?.[1];
  if (offset === undefined) {
    throw new SlackRefusal("invalid_cursor");
  }
  return Number(offset);
}
