import { cleanText } from "../../../src/answering/text/clean-text.js";
import type { ConversationTurn } from "../../../src/ports/models.js";

/** A piece that others wrote, as a prompt holds it. */
export interface Section {
  /** Never holds what others wrote. */
  readonly label: string;
  readonly text: string;
}

/** What is kept of the turns before all others, and the newest turns, oldest first, each cut to its beginning. */
export function turnSections(
  history: readonly ConversationTurn[],
  { newest, characters }: { readonly newest: number; readonly characters: number },
): readonly Section[] {
  const [first] = history;
  const earlier =
    first?.role === "earlier" ? [{ label: "kept of what was said before that", text: cleanText(first.text) }] : [];
  const turns = history.slice(earlier.length).slice(-newest);
  return [
    ...earlier,
    ...turns.map(({ role, text }) => ({
      label: `said before by the ${role}`,
      text: cleanText(text).slice(0, characters).toWellFormed(),
    })),
  ];
}

/**
 * Every piece between a BEGIN and an END line whose name occurs in none of the pieces, so that no piece can end itself
 * and go on as an instruction.
 */
export function renderSections(sections: readonly Section[]): string {
  const name = unusedName(sections.map(({ text }) => text));
  return sections.map(({ label, text }) => `BEGIN ${name} (${label})\n${text}\nEND ${name}`).join("\n\n");
}

function unusedName(texts: readonly string[]): string {
  const all = texts.join("\n").toUpperCase();
  for (let number = 1; ; number += 1) {
    const name = `DATA-${number}`;
    if (!all.includes(name)) return name;
  }
}
