import type { Refusal, StreamInfo } from "./activity-rules.js";

/** A stream as Teams keeps it, until its final message. */
export interface OpenStream {
  readonly id: string;
  readonly startedAt: number;
  lastAt: number;
  sequence: number;
  /** The text that every later chunk has to start with. */
  text: string;
  isOver: boolean;
  isCancelled: boolean;
}

export interface StreamScene {
  readonly isPersonal: boolean;
  readonly now: number;
  /** One request a second. */
  readonly enforceRate: boolean;
  readonly find: (streamId: string) => OpenStream | undefined;
  /** The chat's stream that is not over. */
  readonly open: OpenStream | undefined;
}

const LIFETIME_MS = 120_000;
const INFORMATIVE_LIMIT = 1_000;

/** Checks a request of a stream against all rules. Null when it may go on. */
export function streamRuleBroken(
  info: StreamInfo,
  activity: { readonly type: string; readonly text?: string | undefined },
  scene: StreamScene,
): Refusal | null {
  if (!scene.isPersonal) return notAllowed("Streaming is supported in one-on-one chats only");
  const isFinal = info.streamType === "final";
  if (isFinal !== (activity.type === "message")) {
    return bad("Only start streaming and continue streaming types are allowed as a typing activity");
  }
  const text = activity.text ?? "";
  if (info.streamType === "informative" && text.length > INFORMATIVE_LIMIT) return bad("Informative message too long");
  if (text === "") return bad("A stream's activity needs text");
  if (isFinal && info.streamSequence !== undefined) return bad("The final message has no streamSequence");
  if (!isFinal && info.streamSequence === undefined) return bad("streamSequence is missing");
  return info.streamId === undefined ? startBroken(info, scene) : continuationBroken(info, text, scene);
}

function startBroken(info: StreamInfo, { open, now }: StreamScene): Refusal | null {
  if (info.streamType === "final") return bad("streamId is missing");
  if (info.streamSequence !== 1) return outOfOrder("a stream starts with sequence 1");
  const isBusy = open !== undefined && now - open.startedAt < LIFETIME_MS;
  return isBusy ? notAllowed("Another stream of this chat is still open") : null;
}

function continuationBroken(info: StreamInfo, text: string, scene: StreamScene): Refusal | null {
  const stream = scene.find(info.streamId ?? "");
  if (stream === undefined) return bad("There is no such stream");
  if (stream.isCancelled) return notAllowed("Content stream was cancelled by user");
  if (stream.isOver) return notAllowed("Content stream is not allowed on an already completed streamed message");
  if (scene.now - stream.startedAt >= LIFETIME_MS) return notAllowed("Content stream exceeded streaming time");
  if (scene.enforceRate && scene.now - stream.lastAt < 1_000) {
    return { status: 429, code: "Throttled", message: "One request a second" };
  }
  if (info.streamSequence !== undefined && info.streamSequence !== stream.sequence + 1) {
    return outOfOrder(`expected ${stream.sequence + 1}`);
  }
  if (info.streamType === "informative") return stream.text === "" ? null : bad("Informative after the text has begun");
  return text.startsWith(stream.text) ? null : bad("The streamed text has to start with what was streamed before");
}

function bad(message: string): Refusal {
  return { status: 400, code: "BadRequest", message };
}

function notAllowed(message: string): Refusal {
  return { status: 403, code: "ContentStreamNotAllowed", message };
}

function outOfOrder(message: string): Refusal {
  return { status: 202, code: "ContentStreamSequenceOrderPreConditionFailed", message };
}
