import { inputTokensOf, type WriteRequest } from "./request-rules.js";
import { sentPiecesOf, type Script } from "./scripts.js";
import { countTokens } from "./fake-models.js";

/** One server-sent event. */
export interface ServerEvent {
  readonly event: string | null;
  readonly data: object | string;
}

export interface Tokens {
  readonly input: number;
  readonly output: number;
}

const THINKING_TOKENS = 64;

export function tokensOf(request: WriteRequest, script: Script): Tokens {
  const written = script.calls === undefined ? sentPiecesOf(script).join("") : JSON.stringify(script.calls);
  return { input: inputTokensOf(request), output: countTokens(written) + thinkingTokens(request) };
}

function thinkingTokens({ model, effort }: WriteRequest): number {
  return model.efforts.length > 0 && effort !== "none" ? THINKING_TOKENS : 0;
}

/** The Responses API's stream: everything before the text, the text in pieces, and everything after. */
export function responseEvents(request: WriteRequest, script: Script, id: string) {
  let sequence = 0;
  const event = (type: string, fields: object): ServerEvent => {
    const data = { type, ...fields, sequence_number: sequence };
    sequence += 1;
    return { event: type, data };
  };
  const isRefusal = script.ending === "refusal";
  const place = { item_id: `msg_${id}`, output_index: 0, content_index: 0 };
  const message = { id: place.item_id, type: "message", role: "assistant" };
  const text = sentPiecesOf(script).join("");
  const emptyPart = isRefusal ? { type: "refusal", refusal: "" } : outputText("");
  const part = isRefusal ? { type: "refusal", refusal: text } : outputText(text);
  const before = [
    event("response.created", { response: responseObject(request, script, id, "in_progress") }),
    event("response.in_progress", { response: responseObject(request, script, id, "in_progress") }),
    event("response.output_item.added", {
      output_index: 0,
      item: { ...message, status: "in_progress", content: [] },
    }),
    event("response.content_part.added", { ...place, part: emptyPart }),
  ];
  const delta = (piece: string) =>
    isRefusal
      ? event("response.refusal.delta", { ...place, delta: piece })
      : event("response.output_text.delta", { ...place, delta: piece, logprobs: [] });
  const after = () => {
    const status = statusOf(script);
    const done = isRefusal
      ? event("response.refusal.done", { ...place, refusal: text })
      : event("response.output_text.done", { ...place, text, logprobs: [] });
    const item = { ...message, status: status === "completed" ? "completed" : "incomplete", content: [part] };
    return [
      done,
      event("response.content_part.done", { ...place, part }),
      event("response.output_item.done", { output_index: 0, item }),
      event(`response.${status}`, { response: responseObject(request, script, id, status) }),
    ];
  };
  return { before, delta, after };
}

type Status = "in_progress" | "completed" | "incomplete" | "failed";

function statusOf({ ending }: Script): Status {
  if (ending === "failed") return "failed";
  return ending === "length" || ending === "content-filter" ? "incomplete" : "completed";
}

/** The whole response, as it is answered without a stream and in a stream's last event. */
export function responseObject(request: WriteRequest, script: Script, id: string, status = statusOf(script)): object {
  const isOver = status !== "in_progress";
  const text = sentPiecesOf(script).join("");
  const part = script.ending === "refusal" ? { type: "refusal", refusal: text } : outputText(text);
  const itemStatus = status === "completed" ? "completed" : "incomplete";
  const message = { id: `msg_${id}`, type: "message", role: "assistant", status: itemStatus, content: [part] };
  const reason = script.ending === "content-filter" ? "content_filter" : "max_output_tokens";
  return {
    id: `resp_${id}`,
    object: "response",
    created_at: 1_795_000_000,
    completed_at: status === "completed" ? 1_795_000_001 : null,
    status,
    error: status === "failed" ? { code: "server_error", message: "The server had an error." } : null,
    incomplete_details: status === "incomplete" ? { reason } : null,
    instructions: request.instruction === "" ? null : request.instruction,
    max_output_tokens: request.maxOutputTokens,
    metadata: {},
    model: request.model.id,
    output: isOver ? (script.calls === undefined ? [message] : callItems(script.calls, id)) : [],
    parallel_tool_calls: request.toolUse.mayCallSeveral,
    previous_response_id: null,
    reasoning: { effort: request.effort, summary: null },
    store: false,
    temperature: 1,
    text: { format: request.format ?? { type: "text" } },
    tool_choice: request.toolUse.mustCall ? "required" : "auto",
    tools: request.toolUse.sent,
    top_p: 1,
    truncation: "disabled",
    ...(isOver ? { usage: usageOf(request, script) } : {}),
  };
}

function callItems(calls: NonNullable<Script["calls"]>, id: string): readonly object[] {
  return calls.map((call, index) => ({
    id: `fc_${id}${index}`,
    type: "function_call",
    call_id: `call_${id}${index}`,
    status: "completed",
    ...call,
  }));
}

function usageOf(request: WriteRequest, script: Script): object {
  const { input, output } = tokensOf(request, script);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: thinkingTokens(request) },
    total_tokens: input + output,
  };
}

function outputText(text: string): object {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}
