import type { WriteRequest } from "./request-rules.js";
import { tokensOf, type ServerEvent } from "./responses-replies.js";
import { sentPiecesOf, type Script } from "./scripts.js";

/** The Chat Completions API's stream. */
export function chatEvents(request: WriteRequest, script: Script, id: string) {
  const isRefusal = script.ending === "refusal";
  const envelope = {
    id: `chatcmpl-${id}`,
    object: "chat.completion.chunk",
    created: 1_795_000_000,
    model: request.model.id,
  };
  const chunk = (delta: object, finish: string | null): ServerEvent => ({
    event: null,
    data: { ...envelope, choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }] },
  });
  const usage: ServerEvent = { event: null, data: { ...envelope, choices: [], usage: usageOf(request, script) } };
  const error = { message: "The server had an error.", type: "server_error", param: null, code: "server_error" };
  return {
    before: [chunk({ role: "assistant", content: isRefusal ? null : "", refusal: isRefusal ? "" : null }, null)],
    delta: (piece: string) => chunk(isRefusal ? { refusal: piece } : { content: piece }, null),
    after: (): readonly ServerEvent[] =>
      script.ending === "failed"
        ? [{ event: null, data: { error } }]
        : [chunk({}, finishOf(script)), ...(request.wantsUsage ? [usage] : []), { event: null, data: "[DONE]" }],
  };
}

export function chatObject(request: WriteRequest, script: Script, id: string): object {
  const text = sentPiecesOf(script).join("");
  const isRefusal = script.ending === "refusal";
  const message = {
    role: "assistant",
    content: isRefusal ? null : text,
    refusal: isRefusal ? text : null,
    annotations: [],
    ...(script.calls === undefined ? {} : { content: null, tool_calls: toolCalls(script.calls, id) }),
  };
  return {
    id: `chatcmpl-${id}`,
    object: "chat.completion",
    created: 1_795_000_000,
    model: request.model.id,
    choices: [{ index: 0, message, finish_reason: finishOf(script), logprobs: null }],
    usage: usageOf(request, script),
  };
}

function toolCalls(calls: NonNullable<Script["calls"]>, id: string): readonly object[] {
  return calls.map((call, index) => ({ id: `call_${id}${index}`, type: "function", function: call }));
}

function finishOf({ ending, calls }: Script): string {
  if (ending === "length") return "length";
  if (ending === "content-filter") return "content_filter";
  return calls === undefined ? "stop" : "tool_calls";
}

function usageOf(request: WriteRequest, script: Script): object {
  const { input, output } = tokensOf(request, script);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  };
}
