import { claimedNumbers, exactTokens } from "../grounding/facts.js";
import { platformsIn } from "./platforms.js";

/** Why a sentence is worth keeping, most needed first. */
export const REASONS = ["platform", "identifier", "name", "tried"] as const;

export type Reason = (typeof REASONS)[number];

/** What a sentence tells that a later question may need, one text for each thing: said again, it tells nothing new. */
export type Marks = Readonly<Record<Reason, readonly string[]>>;

const TRIED =
  /(?<![\p{L}\p{N}])(?:already|tried|restarted|reinstalled|rebooted|still (?:not|no|does|is|the)|again|(?:does|did|has)n['’]t (?:work|help)|no luck|schon|bereits|versucht|probiert|neu gestartet|immer noch|(?:geht|funktioniert|hilft) (?:auch |immer noch |leider )?nicht|déjà|essayé|redémarré|toujours pas|ya (?:he|lo|la|reinicié)|probé|intenté|reiniciado|sigue sin|já|tentei|reiniciei|ainda|già|provato|riavviato|ancora|geprobeerd|opnieuw|nog steeds)(?![\p{L}\p{N}])/iu;

const CAPITALISED = /(?<=[\p{L}\p{N},;:"“„'’)] )\p{Lu}[\p{L}\p{N}]*(?: \p{Lu}[\p{L}\p{N}]*)*/gu;
/** Where more of the words begin with a capital, as nouns do in German, it makes no names. */
const MAX_CAPITALISED = 1 / 3;

export function marksOf(sentence: string): Marks {
  return {
    platform: platformsIn(sentence).map(asMark),
    identifier: [...exactTokens(sentence), ...claimedNumbers(sentence)],
    name: namesIn(sentence).map(asMark),
    tried: TRIED.test(sentence) ? [asMark(sentence)] : [],
  };
}

function namesIn(sentence: string): readonly string[] {
  const words = sentence.match(/[\p{L}\p{N}]+/gu) ?? [];
  const names = (sentence.match(CAPITALISED) ?? []).filter((name) => name !== "I");
  const capitalised = names.reduce((count, name) => count + name.split(" ").length, 0);
  return capitalised > words.length * MAX_CAPITALISED ? [] : names;
}

function asMark(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/gu, " ");
}
