import { recogniseIntent } from "../answering/stages/intent.js";
import { refersBack } from "../answering/stages/points-back.js";
import { languageOf, mainTerms } from "../text/analyze.js";

/** What a customer means who writes after their handoff was resolved, and before anybody knows whether it is. */
export type AfterResolved = "solved" | "not-solved" | "new-question";

const YES =
  /^[\s\p{P}]*(?:yes|yep|yeah|solved|(?:it |that |all )?works|works now|all good|thanks|thank you|thx|ja|gelöst|erledigt|passt|funktioniert|danke|vielen dank|oui|c'est réglé|résolu|merci|sí|si|resuelto|gracias|sim|resolvido|obrigad[oa]|sì|risolto|grazie|opgelost|bedankt)(?![\p{L}\p{N}])/iu;

/** What goes on behind a yes: then it is none, or not all of it. */
const GOES_ON = /[?]|(?<![\p{L}\p{N}])(?:but|however|aber|mais|pero|mas|ma|maar)(?![\p{L}\p{N}])/iu;

const NO =
  /^[\s\p{P}]*(?:no|nope|nein|non|não|nee|not yet|noch nicht)(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])(?:still|again|not solved|not fixed|doesn't (?:work|help)|does not (?:work|help)|didn't (?:work|help)|did not (?:work|help)|isn't working|not working|same (?:problem|error|issue)|immer noch|geht nicht|funktioniert nicht|klappt nicht|toujours|ne (?:marche|fonctionne) pas|sigue sin|todavía|aún no|no funciona|ainda|não funciona|ancora|non funziona|nog steeds|werkt niet)(?![\p{L}\p{N}])/iu;

/** How much of a question's words the conversation must know for it to go on about the same thing. */
const SAME_TOPIC_SHARE = 1 / 2;

/**
 * Old words never open a handoff again by themselves: what has little to do with it is a new question for the bot. What
 * is about the same thing, or says that it still fails, goes back to the people who know it.
 *
 * @param said what the handoff was about: its question and the words since
 */
export function afterResolved(text: string, said: readonly string[]): AfterResolved {
  const { kind } = recogniseIntent(text);
  if (kind === "human-please") return "not-solved";
  if (kind === "greeting") return "new-question";
  if (NO.test(text)) return "not-solved";
  if (kind === "thanks" || (YES.test(text) && !GOES_ON.test(text))) return "solved";
  return isAboutTheSame(text, said) ? "not-solved" : "new-question";
}

function isAboutTheSame(text: string, said: readonly string[]): boolean {
  if (refersBack(text, null)) return true;
  const terms = mainTerms(text, languageOf(text));
  if (terms.size === 0) return true;
  const known = new Set(said.flatMap((each) => [...mainTerms(each, languageOf(each))]));
  const shared = [...terms].filter((term) => known.has(term)).length;
  return shared / terms.size >= SAME_TOPIC_SHARE;
}
