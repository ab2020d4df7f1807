import { badRequest } from "./problem.js";
import {
  boolean,
  isObject,
  nullable,
  object,
  oneOf,
  optional,
  required,
  string,
  wrongType,
  type Rule,
} from "./rules.js";

export type FormatType = "text" | "json_object" | "json_schema";

export const FORMAT_TYPES: readonly FormatType[] = ["text", "json_object", "json_schema"];

const name: Rule = (value, path) => {
  string({ longest: 64, isFilled: true })(value, path);
  if (/^[\w-]+$/u.test(String(value))) return;
  const message = `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`;
  throw badRequest("invalid_value", message, path);
};

const anyObject: Rule = (value, path) => {
  if (!isObject(value)) throw wrongType(path, "an object", value);
};

const SCHEMA_FIELDS = {
  name: required(name),
  description: optional(string()),
  schema: required(anyObject),
  strict: optional(nullable(boolean)),
};
const TYPE = required(oneOf(...FORMAT_TYPES));
const PLAIN = object({ type: TYPE });

function isSchema(value: unknown): boolean {
  return isObject(value) && value["type"] === "json_schema";
}

/** `text` of the Responses API. */
export const RESPONSES_TEXT = object({
  format: optional((value, path) => {
    (isSchema(value) ? object({ type: TYPE, ...SCHEMA_FIELDS }) : PLAIN)(value, path);
  }),
  verbosity: optional(nullable(oneOf("low", "medium", "high"))),
});

/** `response_format` of Chat Completions. */
export const RESPONSE_FORMAT: Rule = (value, path) => {
  (isSchema(value) ? object({ type: TYPE, json_schema: required(object(SCHEMA_FIELDS)) }) : PLAIN)(value, path);
};

export interface FormatUse {
  readonly param: "text.format" | "response_format";
  /** The format as it was sent; null where none was. */
  readonly format: unknown;
  /** What must hold the word JSON before JSON may be asked for: with the Responses API not the instructions. */
  readonly words: string;
  readonly known: readonly FormatType[];
}

/** Refuses a format that the endpoint does not know, a strict schema that is not strict, and JSON that nobody asked for. */
export function checkFormat({ param, format, words, known }: FormatUse): FormatType {
  if (!isObject(format)) return "text";
  const type = FORMAT_TYPES.find((one) => one === format["type"]) ?? "text";
  if (!known.includes(type)) {
    const message = `Invalid parameter: '${param}' of type '${type}' is not supported with this model.`;
    throw badRequest(null, message, param);
  }
  if (type === "json_object" && !/json/iu.test(words)) {
    const place = param === "text.format" ? "Response input messages" : "'messages'";
    const message = `${place} must contain the word 'json' in some form, to use '${param}' of type 'json_object'.`;
    throw badRequest(null, message, param === "text.format" ? "input" : "messages");
  }
  const definition = param === "text.format" ? format : format["json_schema"];
  if (type === "json_schema" && isObject(definition) && definition["strict"] === true) {
    const what = `Invalid schema for response_format '${String(definition["name"])}'`;
    const place = param === "text.format" ? "text.format.schema" : param;
    checkStrictSchema(definition["schema"], schemaRefusal(what, "invalid_json_schema", place));
  }
  return type;
}

/** The keywords that structured outputs know. Lengths of strings are not among them. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...["$schema", "$ref", "$defs", "definitions", "type", "properties", "required", "additionalProperties", "items"],
  ...["anyOf", "enum", "const", "title", "description", "pattern", "format", "multipleOf", "minItems", "maxItems"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
]);

/** How a schema is refused: where it stands, and what is wrong there. */
export function schemaRefusal(what: string, code: string, param: string): Refuse {
  return (context, message) => {
    const place = context.map((part) => `'${part}'`).join(", ");
    return badRequest(code, `${what}: In context=(${place}), ${message}`, param);
  };
}

export function checkStrictSchema(schema: unknown, refuse: Refuse): void {
  if (!isObject(schema) || schema["type"] !== "object") {
    throw refuse([], `schema must be a JSON Schema of 'type: "object"'.`);
  }
  checkNode(schema, [], refuse);
}

export type Refuse = (context: readonly string[], message: string) => Error;

function checkNode(node: unknown, context: readonly string[], refuse: Refuse): void {
  if (!isObject(node)) throw refuse(context, "schema must be an object.");
  const unknown = Object.keys(node).find((keyword) => !KEYWORDS.has(keyword));
  if (unknown !== undefined) throw refuse(context, `'${unknown}' is not permitted.`);
  if (node["type"] === undefined && node["anyOf"] === undefined && node["$ref"] === undefined) {
    throw refuse(context, "schema must have a 'type' key.");
  }
  if (node["type"] === "object") checkObject(node, context, refuse);
  if (node["type"] === "array") checkNode(node["items"], [...context, "items"], refuse);
  const alternatives: readonly unknown[] = Array.isArray(node["anyOf"]) ? node["anyOf"] : [];
  for (const [index, one] of alternatives.entries()) checkNode(one, [...context, "anyOf", String(index)], refuse);
  for (const group of ["properties", "$defs", "definitions"]) {
    const nodes = isObject(node[group]) ? Object.entries(node[group]) : [];
    for (const [key, one] of nodes) checkNode(one, [...context, group, key], refuse);
  }
}

function checkObject(node: Readonly<Record<string, unknown>>, context: readonly string[], refuse: Refuse): void {
  if (node["additionalProperties"] !== false) {
    throw refuse(context, "'additionalProperties' is required to be supplied and to be false.");
  }
  const properties = isObject(node["properties"]) ? Object.keys(node["properties"]) : [];
  const requiredNames: readonly unknown[] = Array.isArray(node["required"]) ? node["required"] : [];
  const rule = "'required' is required to be supplied and to be an array including every key in properties.";
  const missing = properties.find((key) => !requiredNames.includes(key));
  if (missing !== undefined) throw refuse(context, `${rule} Missing '${missing}'.`);
  const extra = requiredNames.find((key) => !properties.some((one) => one === key));
  if (extra !== undefined) throw refuse(context, `${rule} Extra required key ${JSON.stringify(extra)} supplied.`);
}
