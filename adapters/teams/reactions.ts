import { ACKNOWLEDGEMENTS, type Acknowledgement, type ReactionEvent } from "../../src/ports/chat.js";
import type { InboundActivity } from "./inbound-activity.js";

const NAMED: Readonly<Record<string, Acknowledgement>> = { like: "👍", plusOne: "👍", heart: "❤️" };

/** Which acknowledgements somebody gave and took back; none for other reactions. Who changes one for another does both. */
export function acknowledgementsIn({
  reactionsAdded,
  reactionsRemoved,
}: InboundActivity): readonly Pick<ReactionEvent, "emoji" | "isAdded">[] {
  const known = (reactions: InboundActivity["reactionsAdded"], isAdded: boolean) =>
    [...new Set((reactions ?? []).map(({ type }) => NAMED[type] ?? byCharacter(type)))].flatMap((emoji) =>
      emoji === null ? [] : [{ emoji, isAdded }],
    );
  // Whatever is taken back is taken back knowing what was given instead.
  return [...known(reactionsAdded, true), ...known(reactionsRemoved, false)];
}

/** Teams names the others by their character: `1f64f_foldedhands`. */
function byCharacter(type: string): Acknowledgement | null {
  const [, code] = /^([0-9a-f]{4,5})(?:_|-|$)/iu.exec(type) ?? [];
  const point = code === undefined ? null : Number.parseInt(code, 16);
  return ACKNOWLEDGEMENTS.find((emoji) => emoji.codePointAt(0) === point) ?? null;
}
