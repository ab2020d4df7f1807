import { ACKNOWLEDGEMENTS, type Acknowledgement, type ReactionEvent } from "../../src/ports/chat.js";
import type { InboundActivity } from "./inbound-activity.js";

const NAMED: Readonly<Record<string, Acknowledgement>> = { like: "👍", plusOne: "👍", heart: "❤️" };

/** Which acknowledgement somebody gave or took back; null for any other reaction. */
export function acknowledgementIn({
  reactionsAdded,
  reactionsRemoved,
}: InboundActivity): Pick<ReactionEvent, "emoji" | "isAdded"> | null {
  const added = first(reactionsAdded);
  if (added !== null) return { emoji: added, isAdded: true };
  const removed = first(reactionsRemoved);
  return removed === null ? null : { emoji: removed, isAdded: false };
}

function first(reactions: InboundActivity["reactionsAdded"]): Acknowledgement | null {
  return (reactions ?? []).map(({ type }) => NAMED[type] ?? byCharacter(type)).find((emoji) => emoji !== null) ?? null;
}

/** Teams names the others by their character: `1f64f_foldedhands`. */
function byCharacter(type: string): Acknowledgement | null {
  const [, code] = /^([0-9a-f]{4,5})(?:_|-|$)/iu.exec(type) ?? [];
  const point = code === undefined ? null : Number.parseInt(code, 16);
  return ACKNOWLEDGEMENTS.find((emoji) => emoji.codePointAt(0) === point) ?? null;
}
