import { recogniseIntent } from "../answering/stages/intent.js";
import { refersBack } from "../answering/stages/points-back.js";
import { languageOf, mainTerms } from "../text/analyze.js";

/** What a customer means who writes after their handoff was resolved, and before anybody knows whether it is. */
export type AfterResolved = "solved" | "not-solved" | "new-question";

/** What people close a matter with. Only where nothing else is said is it a yes. */
const CLOSING = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    "no problem|no more questions|nothing else|no thanks|(?:thanks|thank you|thx|ty|cheers)(?: again| so much| very much| a lot)?(?: for (?:your|the) help)?",
    "yes|yep|yeah|ok|okay|great|perfect|super|awesome|good|fine|all good|(?:it|that|this)(?:'s| is| has been)? (?:all )?(?:solved|fixed|done|works?|worked|working|helped|fixed it|solved it|did it|did the trick)(?: it)?(?: now)?|works now|solved|fixed",
    "nein danke|vielen dank|danke(?: schön| sehr| dir| ihnen)?|alles (?:gut|klar)|ja|prima|passt|gelöst|erledigt|(?:es |das )?(?:funktioniert|geht|klappt)(?: jetzt| wieder)?|hat geholfen|das hat geholfen",
    "non merci|merci(?: beaucoup| bien)?|oui|parfait|c'est (?:bon|réglé|résolu)|résolu|ça (?:marche|fonctionne)(?: maintenant)?|d'accord",
    "no gracias|muchas gracias|gracias|sí|perfecto|resuelto|ya funciona|vale|muito obrigad[oa]|obrigad[oa]|sim|perfeito|resolvido",
    "no grazie|grazie(?: mille)?|sì|perfetto|risolto|funziona|dank (?:je|u)(?: wel)?|bedankt|perfect|opgelost|het werkt(?: weer)?",
  ].join("|")})(?![\\p{L}\\p{N}])`,
  "giu",
);
const APPROVING = /[👍👌🙏🎉😊🙂❤️✅💯\u{1F3FB}-\u{1F3FF}]/gu;

/** That something fails, or a no. */
const DENIES =
  /(?<![\p{L}\p{N}])(?:not|no|nope|never|nothing|cannot|still|\p{L}+n't|nicht|nichts|kein\p{L}*|nie|nein|noch|ne|n'\p{L}+|pas|non|jamais|rien|toujours|no|nunca|nada|sigue|todavía|aún|não|nao|ainda|ancora|mai|niente|niet|geen|nooit|nee|steeds)(?![\p{L}\p{N}])/iu;

/** How much of a question's words the conversation must know for it to go on about the same thing. */
const SAME_TOPIC_SHARE = 1 / 2;

/**
 * Old words never open a handoff again by themselves: what has little to do with it is a new question for the bot. What
 * is about the same thing, or says that it fails, goes back to the people who know it. Only what says thanks or yes, and
 * nothing beside it, settles it.
 *
 * @param said what the handoff was about: its question and the words since
 * @param names of who took part: they are no words of a matter
 */
export function afterResolved(
  text: string,
  { said, names }: { readonly said: readonly string[]; readonly names: readonly string[] },
): AfterResolved {
  const { kind } = recogniseIntent(text);
  if (kind === "human-please") return "not-solved";
  if (kind === "greeting") return "new-question";
  const rest = beside(text, names);
  if (!/[\p{L}\p{N}?]/u.test(rest)) return rest === text ? "not-solved" : "solved";
  if (!rest.includes("?") && DENIES.test(rest)) return "not-solved";
  return isAboutTheSame(rest, said) ? "not-solved" : "new-question";
}

/** What is said beside thanks, a yes and names. */
function beside(text: string, names: readonly string[]): string {
  const words = names.flatMap((name) => name.split(/\s+/u)).filter((word) => word.length > 1);
  const rest = text.replaceAll("’", "'").replaceAll(CLOSING, " ").replaceAll(APPROVING, " ");
  return words.reduce((left, word) => left.replaceAll(word, " "), rest);
}

function isAboutTheSame(text: string, said: readonly string[]): boolean {
  if (refersBack(text, null)) return true;
  const terms = mainTerms(text, languageOf(text));
  if (terms.size === 0) return true;
  const known = new Set(said.flatMap((each) => [...mainTerms(each, languageOf(each))]));
  const shared = [...terms].filter((term) => known.has(term)).length;
  return shared / terms.size >= SAME_TOPIC_SHARE;
}
