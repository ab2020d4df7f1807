import { Ajv } from "ajv";
import { Problem } from "./problem.js";
import type { WriteRequest } from "./request-rules.js";
import { isObject } from "./rules.js";
import type { Script } from "./scripts.js";

/**
 * The script as it is written in the format that was asked for. A real model is held to a strict schema, in the order of
 * its fields; a script that is not is refused, so that no test passes by a reply that cannot come.
 */
export function inAskedFormat(script: Script, { formatType, format }: WriteRequest): Script {
  if (formatType !== "json_schema") return script;
  const written = script.object === undefined ? script : { ...script, text: JSON.stringify(script.object) };
  const definition = isObject(format) && isObject(format["json_schema"]) ? format["json_schema"] : format;
  const isWhole = written.ending === "completed" || written.ending === "stalled-at-end";
  if (!isWhole || written.ignoresSchema === true || !isObject(definition)) return written;
  if (definition["strict"] !== true || !isObject(definition["schema"])) return written;
  if (fits(written.text, definition["schema"])) return written;
  throw new Problem(500, "unscripted", `A script does not fit the schema '${String(definition["name"])}'.`);
}

function fits(text: string, schema: Readonly<Record<string, unknown>>): boolean {
  const value = jsonOf(text);
  const names = isObject(schema["properties"]) ? Object.keys(schema["properties"]) : [];
  return (
    isObject(value) &&
    Object.keys(value).join() === names.join() &&
    new Ajv({ strict: false, validateFormats: false }).validate(schema, value)
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
