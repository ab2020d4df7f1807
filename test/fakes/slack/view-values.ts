import { objectAt, objectsAt, textAt, type JsonObject } from "./json.js";

/**
 * The state of a form that a person filled in. `typed` names an input by its label, action id or block id.
 * @throws for an input that Slack would not let the person send, and for a name that no input has.
 */
export function viewValues(view: JsonObject, typed: Readonly<Record<string, string>>): JsonObject {
  const inputs = objectsAt(view, "blocks").filter((block) => block["type"] === "input");
  const unused = new Set(Object.keys(typed));
  const values = inputs.map((block): [string, JsonObject] => {
    const element = objectAt(block, "element") ?? {};
    const names = [
      textAt(objectAt(block, "label") ?? {}, "text"),
      textAt(element, "action_id"),
      textAt(block, "block_id"),
    ];
    const name = names.find((candidate) => unused.delete(candidate));
    const actionId = textAt(element, "action_id");
    const text = name === undefined ? textAt(element, "initial_value") : (typed[name] ?? "");
    return [
      textAt(block, "block_id"),
      { [actionId === "" ? "generated" : actionId]: inputState(block, element, text) },
    ];
  });
  if (unused.size > 0) {
    throw new Error(`The form has no input called ${[...unused].join(", ")}`);
  }
  return Object.fromEntries(values);
}

function inputState(block: JsonObject, element: JsonObject, text: string): JsonObject {
  const type = textAt(element, "type");
  if (text === "" && block["optional"] !== true) {
    throw new Error(`Slack does not send the form without ${textAt(objectAt(block, "label") ?? {}, "text")}`);
  }
  if (type === "plain_text_input") {
    refuseLength(element, text);
    return { type, value: text === "" ? null : text };
  }
  if (type === "users_select") {
    return { type, selected_user: text === "" ? null : text };
  }
  const chosen = objectsAt(element, "options").find(
    (option) => option["value"] === text || textAt(objectAt(option, "text") ?? {}, "text") === text,
  );
  if (chosen === undefined && text !== "") {
    throw new Error(`There is nothing called ${text} to choose`);
  }
  return type === "checkboxes"
    ? { type, selected_options: chosen === undefined ? [] : [chosen] }
    : { type, selected_option: chosen ?? null };
}

function refuseLength(element: JsonObject, text: string): void {
  const most = element["max_length"] ?? 3_000;
  const least = element["min_length"] ?? 0;
  if (
    typeof most === "number" &&
    typeof least === "number" &&
    (text.length > most || (text !== "" && text.length < least))
  ) {
    throw new Error(`Slack takes from ${least} to ${most} characters here`);
  }
}
