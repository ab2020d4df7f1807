import { checkMessageBlocks, refuseTooMuchText, textLength } from "./block-kit.js";
import { markdownOf, metadataOf, newMessage, publish } from "./chat-methods.js";
import {
  messageOf,
  textArgument,
  threadArgument,
  visibleChannel,
  writableChannel,
  type MethodCall,
  type MethodHandler,
} from "./call.js";
import { isList, isObject, textAt, type Json, type JsonObject } from "./json.js";
import { messagePayload } from "./message-payload.js";
import type { Channel, Message, StreamState } from "./model.js";
import { refusalWith, SlackRefusal } from "./refusal.js";
import { byType, list, oneOf, optional, required, shape, text, webAddress } from "./shape.js";

/** Slack closes a stream so long after its start, also while text is coming. */
const STREAM_LIFE_MS = 5 * 60_000;
const BLOCKS = 50;

const source = shape({ type: required(oneOf("url")), url: required(webAddress), text: required(text(1, 255)) });

const chunk = byType({
  markdown_text: { text: required(text(1, 12_000)) },
  task_update: {
    id: required(text(1, 255)),
    title: required(text(1, 255)),
    status: required(oneOf("pending", "in_progress", "complete", "error")),
    details: optional(text(0, 3_000)),
    output: optional(text(0, 3_000)),
    sources: optional(list(source, 0, 20)),
  },
  plan_update: { title: required(text(1, 255)) },
  blocks: { blocks: required((value, at, problems) => list(() => undefined, 1, BLOCKS)(value, at, problems)) },
});

interface Addition {
  readonly markdown: string;
  readonly blocks: readonly JsonObject[];
}

const startStream: MethodHandler = (call) => {
  const channel = writableChannel(call, visibleChannel(call));
  const threadTs = threadArgument(call, channel);
  refuseWithoutRecipient(call, channel);
  const mode = textArgument(call, "task_display_mode");
  if (mode !== null && !["timeline", "plan", "dense"].includes(mode)) {
    throw refusalWith("invalid_arguments", [`unknown task_display_mode: ${mode}`]);
  }
  const addition = additionOf(call);
  const message = newMessage(call, channel, { threadTs, text: "", blocks: [], metadata: null, ephemeralTo: null });
  message.stream = { startedAt: call.state.clock.now(), phase: "open", markdown: "", blocks: [] };
  add(message, message.stream, addition);
  publish(call, channel, message);
  return { channel: channel.id, ts: message.ts };
};

const appendStream: MethodHandler = (call) => {
  refuseStopped(call);
  const { channel, message, stream } = openStream(call);
  const addition = additionOf(call);
  if (addition.markdown === "" && addition.blocks.length === 0) {
    throw new SlackRefusal("no_text");
  }
  add(message, stream, addition);
  return { channel: channel.id, ts: message.ts };
};

const stopStream: MethodHandler = (call) => {
  const { channel, message, stream } = openStream(call);
  const addition = additionOf(call);
  const given = call.args["blocks"];
  if (isList(given) && given.length > BLOCKS) {
    throw new SlackRefusal("msg_blocks_too_many");
  }
  const blocks = checkMessageBlocks(isList(given) ? given : []);
  const metadata = metadataOf(call);
  refuseTooMuchText(stream.markdown.length + addition.markdown.length + textLength(stream.blocks) + textLength(blocks));
  const previous = messagePayload(message, call.state.appId, { withMetadata: true });
  add(message, stream, addition);
  stream.phase = "finished";
  message.blocks = blocks;
  message.metadata = metadata;
  call.state.events.messageChanged(channel, message, previous);
  const shown = messagePayload(message, call.state.appId, { withMetadata: true });
  return { channel: channel.id, ts: message.ts, message: shown };
};

export const STREAM_METHODS: Readonly<Record<string, MethodHandler>> = {
  "chat.startStream": startStream,
  "chat.appendStream": appendStream,
  "chat.stopStream": stopStream,
};

/** Whether a stream still takes text; a stream that is too old closes now. */
export function isStreaming(stream: StreamState, now: number): boolean {
  if (stream.phase === "open" && now - stream.startedAt >= STREAM_LIFE_MS) {
    stream.phase = "expired";
  }
  return stream.phase === "open";
}

/** Only an append is told that a person pressed Stop; to the others the stream is simply over. */
function refuseStopped(call: MethodCall): void {
  const message = visibleChannel(call).messages.get(textArgument(call, "ts") ?? "");
  if (message?.botId === call.team.botId && message.stream?.phase === "stopped-by-user") {
    throw new SlackRefusal("stopped_by_user");
  }
}

function openStream(call: MethodCall): { channel: Channel; message: Message; stream: StreamState } {
  const channel = visibleChannel(call);
  const message = messageOf(channel, textArgument(call, "ts"));
  if (message.botId !== call.team.botId) {
    throw new SlackRefusal("message_not_owned_by_app");
  }
  const { stream } = message;
  if (stream === null || !isStreaming(stream, call.state.clock.now())) {
    throw new SlackRefusal("message_not_in_streaming_state");
  }
  return { channel, message, stream };
}

function refuseWithoutRecipient(call: MethodCall, channel: Channel): void {
  const teamId = textArgument(call, "recipient_team_id");
  const userId = textArgument(call, "recipient_user_id");
  if (channel.kind !== "im" && teamId === null) {
    throw new SlackRefusal("missing_recipient_team_id");
  }
  if (channel.kind !== "im" && userId === null) {
    throw new SlackRefusal("missing_recipient_user_id");
  }
  const recipient = userId === null ? null : call.state.workspace.people.get(userId);
  if (recipient === undefined) {
    throw new SlackRefusal("user_not_found");
  }
  if (teamId !== null && recipient !== null && recipient.teamId !== teamId) {
    throw new SlackRefusal("team_not_found");
  }
}

function additionOf(call: MethodCall): Addition {
  const markdown = markdownOf(call);
  const given = call.args["chunks"];
  if (!isList(given)) {
    return { markdown, blocks: [] };
  }
  const problems: string[] = [];
  list(chunk, 1, 100)(given, "/chunks", problems);
  if (problems.length > 0) {
    throw refusalWith("invalid_chunks", problems);
  }
  const chunks = given.filter(isObject);
  const blocks = chunks.flatMap((entry) => (isList(entry["blocks"]) ? entry["blocks"] : []));
  return {
    markdown: markdown + chunks.map((entry) => markdownIn(entry)).join(""),
    blocks: [...checkMessageBlocks(blocks), ...tasks(chunks)],
  };
}

function markdownIn(entry: JsonObject): string {
  return entry["type"] === "markdown_text" ? textAt(entry, "text") : "";
}

/** Tasks and plans as a person sees them: their title and what became of them. */
function tasks(chunks: readonly JsonObject[]): readonly JsonObject[] {
  return chunks
    .filter((entry) => entry["type"] === "task_update" || entry["type"] === "plan_update")
    .map((entry) => {
      const status: Json = entry["status"] ?? "";
      return { type: "task_card", task_id: entry["id"] ?? "plan", title: textAt(entry, "title"), status };
    });
}

function add(message: Message, stream: StreamState, addition: Addition): void {
  refuseTooMuchText(stream.markdown.length + addition.markdown.length);
  if (stream.blocks.length + addition.blocks.length > BLOCKS) {
    throw new SlackRefusal("msg_blocks_too_many");
  }
  for (const block of addition.blocks) {
    const earlier = stream.blocks.findIndex(
      (shown) => shown["task_id"] !== undefined && shown["task_id"] === block["task_id"],
    );
    stream.blocks.splice(earlier < 0 ? stream.blocks.length : earlier, earlier < 0 ? 0 : 1, block);
  }
  stream.markdown += addition.markdown;
  message.text = stream.markdown;
}
