import type { FixedTextLanguage } from "../answering/fixed-texts.js";

/** What customers see of the names of agents: all of it, the first name, or a word that stands for all of them. */
export const AGENT_NAMES = ["full", "first", "hidden"] as const;
export type AgentNames = (typeof AGENT_NAMES)[number];

/** What stands for whoever it is: as a name, and at the beginning of a sentence. */
const HIDDEN: Readonly<Record<FixedTextLanguage, { readonly name: string; readonly subject: string }>> = {
  en: { name: "Support", subject: "The team" },
  de: { name: "Support", subject: "Das Team" },
  fr: { name: "Support", subject: "L'équipe" },
  es: { name: "Soporte", subject: "El equipo" },
  pt: { name: "Suporte", subject: "A equipa" },
  it: { name: "Assistenza", subject: "Il team" },
  nl: { name: "Support", subject: "Het team" },
};

/** The name that a customer sees. */
export function agentName(names: AgentNames, displayName: string, language: FixedTextLanguage): string {
  if (names === "hidden") return HIDDEN[language].name;
  return names === "first" ? firstName(displayName) : displayName;
}

/** The same where a sentence begins with it. */
export function agentSubject(names: AgentNames, displayName: string, language: FixedTextLanguage): string {
  return names === "hidden" ? HIDDEN[language].subject : agentName(names, displayName, language);
}

/** What customers may call an agent by. */
export function calledBy(names: AgentNames, displayName: string): readonly string[] {
  if (names !== "hidden") return [displayName, agentName(names, displayName, "en")];
  return [...new Set(Object.values(HIDDEN).map(({ name }) => name))];
}

const TITLE = /\p{L}{2}\.$/u;
const INITIALS = /^(?:\p{L}\.)+$/u;

/** Of `ana.lopez@example.com`, or `ana_lopez`, the part that comes first. */
const FIRST_PART = /[^@._+]+/u;

/** The first word that is no title; of `Lopez, Ana` the word behind the comma. */
function firstName(displayName: string): string {
  const words = displayName.trim().split(/\s+/u);
  const [first = words[0] ?? "", second] = words.filter((word) => !TITLE.test(word));
  const word = (first.endsWith(",") ? (second ?? first) : first).replace(/,$/u, "");
  return INITIALS.test(word) ? word : (FIRST_PART.exec(word)?.[0] ?? word);
}
