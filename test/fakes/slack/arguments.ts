import { isList, isObject, parseJson, type Json, type JsonObject } from "./json.js";
import type { ArgumentType, MethodContract } from "./methods.js";
import { refusalWith, SlackRefusal } from "./refusal.js";

/** Accepted with every method: how a client names itself and its workspace. */
const GLOBAL_ARGUMENTS = new Set(["token", "team_id"]);

/** What Slack says when one of these is no JSON of the right kind. */
const MALFORMED: Readonly<Record<string, string>> = {
  blocks: "invalid_blocks_format",
  metadata: "invalid_metadata_format",
  chunks: "invalid_chunks",
};

/** Reads a body as Slack does; null when the content type or the form is not one it takes. */
export function readBody(contentType: string, body: string): JsonObject | null {
  const mediaType = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (mediaType === "application/json") {
    const parsed = parseJson(body);
    return isObject(parsed) ? parsed : null;
  }
  if (mediaType === "application/x-www-form-urlencoded" || body === "") {
    return Object.fromEntries(new URLSearchParams(body));
  }
  return null;
}

/**
 * The arguments with their types, nested values parsed.
 * @throws {SlackRefusal} for an unknown, missing or mistyped argument.
 */
export function checkArguments(contract: MethodContract, given: JsonObject, isForm: boolean): JsonObject {
  const problems: string[] = [];
  const checked: Record<string, Json> = {};
  for (const [name, value] of Object.entries(given)) {
    if (GLOBAL_ARGUMENTS.has(name) || value === undefined || value === null) {
      continue;
    }
    const type = contract.args[name];
    if (type === undefined) {
      problems.push(`unknown argument: ${name}`);
      continue;
    }
    const read = readArgument(bareType(type), value, isForm);
    if (read === undefined) {
      refuseMalformed(name);
      problems.push(`must be of type ${bareType(type)}: ${name}`);
      continue;
    }
    checked[name] = read;
  }
  problems.push(...missingArguments(contract, checked));
  if (problems.length > 0) {
    throw refusalWith("invalid_arguments", problems);
  }
  return checked;
}

function missingArguments(contract: MethodContract, checked: JsonObject): string[] {
  return Object.entries(contract.args)
    .filter(([name, type]) => type.endsWith("!") && (checked[name] === undefined || isMissingText(name, checked[name])))
    .map(([name]) => `missing required field: ${name}`);
}

/** An empty status clears the shown one; every other required text must say something. */
function isMissingText(name: string, value: Json): boolean {
  return value === "" && name !== "status";
}

function refuseMalformed(name: string): void {
  const code = MALFORMED[name];
  if (code !== undefined) {
    throw new SlackRefusal(code);
  }
}

function bareType(type: ArgumentType | `${ArgumentType}!`): ArgumentType {
  return type.replace("!", "") as ArgumentType;
}

function readArgument(type: ArgumentType, value: Json, isForm: boolean): Json | undefined {
  switch (type) {
    case "string":
      return typeof value === "string" ? value : undefined;
    case "boolean":
      return isForm ? formBoolean(value) : booleanOrNothing(value);
    case "number":
    case "integer":
      return isForm ? wholeNumber(value) : numberOrNothing(value);
    case "array": {
      const list = typeof value === "string" ? parseJson(value) : value;
      return isList(list) ? list : undefined;
    }
    case "object": {
      const object = typeof value === "string" ? parseJson(value) : value;
      return isObject(object) ? object : undefined;
    }
  }
}

const FORM_BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false };

function formBoolean(value: Json): boolean | undefined {
  return typeof value === "string" ? FORM_BOOLEANS[value] : undefined;
}

function booleanOrNothing(value: Json): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function numberOrNothing(value: Json): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function wholeNumber(value: Json): number | undefined {
  return typeof value === "string" && /^\d+$/u.test(value) ? Number(value) : undefined;
}
