import type { Inline } from "../../../../src/ports/reply.js";

/**
 * Groups a citation mark with the short word before it, so that hardly a line begins with a mark.
 */
export function keepMarksWithWords(nodes: readonly Inline[]): readonly (readonly Inline[])[] {
  const groups: Inline[][] = [];
  for (const node of nodes) {
    const last = groups.at(-1);
    if (node.kind !== "citation" || last === undefined) groups.push([node]);
    else groups.splice(-1, 1, ...joined(last, node));
  }
  return groups;
}

function joined(group: readonly Inline[], mark: Inline): Inline[][] {
  const [first] = group;
  if (group.length > 1) return [[...group, mark]];
  // Longer words and whole bold phrases must be free to break, or they would push a narrow screen apart.
  const split = first?.kind === "text" ? /^(.*\s)?(\S{1,24})\s*$/su.exec(first.text) : null;
  if (split === null) return [[...group], [mark]];
  const [, before = "", word = ""] = split;
  const together: Inline[] = [{ kind: "text", text: word }, mark];
  return before === "" ? [together] : [[{ kind: "text", text: before }], together];
}
