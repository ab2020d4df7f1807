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

/**
 * A real model calls what it was offered, with arguments that fit a strict schema; it calls one where it must, and one
 * alone where it may not call several. An endpoint that only says it knows tools may do otherwise: `ignoresSchema`.
 */
export function checkCalls({ calls = [], ignoresSchema, ending }: Script, { toolUse, isStreamed }: WriteRequest): void {
  const unscripted = (what: string) => new Problem(500, "unscripted", `A script ${what}.`);
  if (isStreamed && calls.length > 0) throw unscripted("streams calls, which the fake cannot");
  if (ignoresSchema === true) return;
  if (toolUse.mustCall && calls.length === 0 && ending === "completed") throw unscripted("writes where it must call");
  if (!toolUse.mayCallSeveral && calls.length > 1) throw unscripted("calls several functions where it may call one");
  for (const { name, arguments: values } of calls) {
    const tool = toolUse.tools.find((one) => one.name === name);
    if (tool === undefined) throw unscripted(`calls '${name}', which is not offered`);
    if (tool.isStrict && !fits(values, tool.parameters)) throw unscripted(`calls '${name}' with what does not fit`);
  }
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
