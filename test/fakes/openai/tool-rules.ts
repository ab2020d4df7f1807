import { checkStrictSchema, schemaRefusal } from "./format-rules.js";
import { badRequest } from "./problem.js";
import {
  boolean,
  isObject,
  list,
  nullable,
  object,
  oneOf,
  optional,
  required,
  string,
  wrongType,
  type Rule,
} from "./rules.js";

/** A function that a request offers. */
export interface OfferedTool {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly isStrict: boolean;
}

/** Which functions a reply may call, and whether it must call one. */
export interface ToolUse {
  readonly tools: readonly OfferedTool[];
  readonly mustCall: boolean;
  readonly mayCallSeveral: boolean;
  /** As they were sent, for the reply to say. */
  readonly sent: unknown;
}

const functionName: Rule = (value, path) => {
  string({ longest: 64, isFilled: true })(value, path);
  if (/^[\w-]+$/u.test(String(value))) return;
  const message = `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`;
  throw badRequest("invalid_value", message, path);
};
const anyObject: Rule = (value, path) => {
  if (!isObject(value)) throw wrongType(path, "an object", value);
};
const callId = string({ longest: 64, isFilled: true });
const choice: Rule = (value, path) => {
  if (typeof value === "string") oneOf("none", "auto", "required")(value, path);
  else object({ type: required(oneOf("function")), name: required(functionName) })(value, path);
};
const chatChoice: Rule = (value, path) => {
  const named = object({
    type: required(oneOf("function")),
    function: required(object({ name: required(functionName) })),
  });
  if (typeof value === "string") oneOf("none", "auto", "required")(value, path);
  else named(value, path);
};

const DESCRIPTION = optional(nullable(string()));

/** `tools`, `tool_choice` and `parallel_tool_calls` of the Responses API. */
export const RESPONSES_TOOLS = {
  tools: optional(
    list(
      object({
        type: required(oneOf("function")),
        name: required(functionName),
        description: DESCRIPTION,
        parameters: required(nullable(anyObject)),
        strict: required(nullable(boolean)),
      }),
    ),
  ),
  tool_choice: optional(choice),
  parallel_tool_calls: optional(nullable(boolean)),
};

/** The same of Chat Completions. */
export const CHAT_TOOLS = {
  tools: optional(
    list(
      object({
        type: required(oneOf("function")),
        function: required(
          object({
            name: required(functionName),
            description: optional(string()),
            parameters: optional(anyObject),
            strict: optional(nullable(boolean)),
          }),
        ),
      }),
    ),
  ),
  tool_choice: optional(chatChoice),
  parallel_tool_calls: optional(boolean),
};

/** Items of `input` that are no messages. */
export const FUNCTION_CALL = object({
  type: required(oneOf("function_call")),
  call_id: required(callId),
  name: required(functionName),
  arguments: required(string()),
  id: optional(string()),
  status: optional(oneOf("in_progress", "completed", "incomplete")),
});
export const FUNCTION_CALL_OUTPUT = object({
  type: required(oneOf("function_call_output")),
  call_id: required(callId),
  output: required(string()),
  id: optional(nullable(string())),
  status: optional(nullable(oneOf("in_progress", "completed", "incomplete"))),
});

/** Messages of Chat Completions that call, and that say what came of it. */
export const CALLING_MESSAGE = object({
  role: required(oneOf("assistant")),
  content: optional(nullable(string())),
  tool_calls: required(
    list(
      object({
        id: required(callId),
        type: required(oneOf("function")),
        function: required(object({ name: required(functionName), arguments: required(string()) })),
      }),
    ),
  ),
});
export const TOOL_MESSAGE = object({
  role: required(oneOf("tool")),
  content: required(string()),
  tool_call_id: required(callId),
});

/** Refuses tools that are not what they say, and a choice among none. */
export function checkTools(
  fields: Readonly<Record<string, unknown>>,
  api: "responses" | "chat",
  hasTools: boolean,
): ToolUse {
  const { tools: sent } = fields;
  if (sent === undefined) {
    for (const name of ["tool_choice", "parallel_tool_calls"]) {
      if (fields[name] === undefined) continue;
      throw badRequest(null, `'${name}' is only allowed when 'tools' are specified.`, name);
    }
    return { tools: [], mustCall: false, mayCallSeveral: true, sent: [] };
  }
  if (!hasTools)
    throw badRequest(
      "unsupported_parameter",
      "Unsupported parameter: 'tools' is not supported with this model.",
      "tools",
    );
  const definitions = (Array.isArray(sent) ? sent.filter(isObject) : []).map((tool) =>
    api === "chat" && isObject(tool["function"]) ? tool["function"] : tool,
  );
  const tools = definitions.map((definition, index) =>
    offered(definition, `tools[${index}]${api === "chat" ? ".function" : ""}`),
  );
  const chosen = fields["tool_choice"];
  if (isObject(chosen)) checkChosen(tools, chosen);
  return {
    tools,
    mustCall: chosen === "required" || isObject(chosen),
    mayCallSeveral: fields["parallel_tool_calls"] !== false,
    sent,
  };
}

function checkChosen(tools: readonly OfferedTool[], chosen: Readonly<Record<string, unknown>>): void {
  const definition = isObject(chosen["function"]) ? chosen["function"] : chosen;
  if (tools.some(({ name }) => name === definition["name"])) return;
  throw badRequest(
    "invalid_value",
    `Tool choice '${String(definition["name"])}' not found in 'tools' parameter.`,
    "tool_choice",
  );
}

function offered(definition: Readonly<Record<string, unknown>>, param: string): OfferedTool {
  const name = String(definition["name"]);
  const parameters = isObject(definition["parameters"]) ? definition["parameters"] : { type: "object", properties: {} };
  const isStrict = definition["strict"] === true;
  const refuse = schemaRefusal(
    `Invalid schema for function '${name}'`,
    "invalid_function_parameters",
    `${param}.parameters`,
  );
  if (isStrict) checkStrictSchema(parameters, refuse);
  return { name, parameters, isStrict };
}

interface Call {
  readonly id: string;
  readonly isOutput: boolean;
}

/** Refuses an output without its call, and a call without its output: `calls` in the order in which they were sent. */
export function checkPairs(calls: readonly Call[]): void {
  const open = new Set<string>();
  for (const { id, isOutput } of calls) {
    if (!isOutput) open.add(id);
    else if (!open.delete(id))
      throw badRequest(null, `No tool call found for function call output with call_id ${id}.`, "input");
  }
  for (const id of open) throw badRequest(null, `No tool output found for function call ${id}.`, "input");
}

/** Each calling message is followed by the messages of its tools, and no other stands between. */
export function checkToolMessages(messages: readonly Readonly<Record<string, unknown>>[]): void {
  let open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message["role"] === "tool") {
      if (open.delete(String(message["tool_call_id"]))) continue;
      const text =
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
      throw badRequest(null, text, `messages.[${index}].role`);
    }
    checkAnswered(open, index);
    const calls: readonly unknown[] = Array.isArray(message["tool_calls"]) ? message["tool_calls"] : [];
    open = new Set(calls.filter(isObject).map(({ id }) => String(id)));
  }
  checkAnswered(open, messages.length);
}

function checkAnswered(open: ReadonlySet<string>, index: number): void {
  if (open.size === 0) return;
  const text = `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open].join(", ")}`;
  throw badRequest(null, text, `messages.[${index}].role`);
}
