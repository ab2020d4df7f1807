import { contentStems } from "../../../src/answering/text/words.js";
import type { ConversationTurn } from "../../../src/ports/models.js";
import type { Language } from "../../../src/text/stop-words.js";
import { tokenize } from "../../../src/text/tokens.js";

/** What kind of answer a question waits for. A question may wait for several. */
export type AnswerType = "procedure" | "duration" | "price" | "number" | "place" | "reason" | "yes-no";

export interface QuestionProfile {
  readonly stems: readonly string[];
  /** For each stem that is a bare number what it is a number of, as far as the question says: `day` for "40 days". */
  readonly counted: ReadonlyMap<string, readonly string[]>;
  readonly types: ReadonlySet<AnswerType>;
}

const TYPE_CUES: Readonly<Record<AnswerType, RegExp>> = {
  procedure:
    /\bhow (?:do|can|should|would|to|does one|must)\b|\bwhat (?:can|do|must|should) (?:i|we) do\b|\bsteps?\b|\bset(?:ting)? ?up\b|\binstructions?\b|^(?:please )?(?:change|reset|add|remove|delete|create|install|update|turn|switch|connect|configure|enable|disable|set|cancel|make|get|export|import|invite|block|mute|rename|move)\b|\bwie (?:kann|mache|richte|stelle|ändere|lösche|setze|geht)\b|\bcomment\b|\bcómo\b|\bcomo (?:faço|posso)\b|\bcome (?:si|posso|faccio)\b|\bhoe (?:kan|moet|stel)\b/iu,
  duration:
    /\bhow (?:long|soon|quick|quickly|fast|often|late|far back)\b|\bwhen\b|\bhow many (?:days|hours|weeks|months|years|minutes)\b|\bopening hours\b|\bwie lange\b|\bwann\b|\bcombien de temps\b|\bquand\b|\bcuánto (?:tarda|tiempo)\b|\bcuándo\b|\bquanto tempo\b|\bquando\b|\bhoe lang\b|\bwanneer\b/iu,
  price:
    /\bhow much\b|\b(?:cost|costs|price|prices|pricing|fee|fees|charge|charged|expensive|cheap|pay|free)\b|\bkoste[tn]?\b|\bpreis\b|\bprix\b|\bcoûte\b|\bprecio\b|\bcuesta\b|\bpreço\b|\bcusta\b|\bprezzo\b|\bcosta\b|\bkost\b|\bprijs\b/iu,
  number:
    /\bhow (?:many|much|big|large|far|fast|heavy|high|wide|old|hot|strong)\b|\b(?:maximum|minimum|max|min|limit|limits|number of|size|speed|weight|range|temperature|version|at least|at most|up to)\b|\bwie (?:viele?|groß|schnell|weit)\b|\bcombien\b|\bcuánt[oa]s?\b|\bquant[oiae]s?\b|\bhoeveel\b/iu,
  place: /\bwhere\b|\bwhich (?:page|menu|screen|setting)\b|\bwo\b|\boù\b|\bdónde\b|\bonde\b|\bdove\b|\bwaar\b/iu,
  reason:
    /\bwhy\b|\bhow come\b|\bwhat causes?\b|\breason\b|\bwarum\b|\bwieso\b|\bpourquoi\b|\bpor qué\b|\bpor que\b|\bperché\b|\bwaarom\b/iu,
  "yes-no":
    /^(?:(?:and|but|so|hi|hello|also),? )?(?:can|could|is|are|do|does|did|will|would|may|must|should|has|have|am|was|were|kann|können|ist|sind|gibt|darf|muss|est-ce|peut-on|puis-je|puedo|se puede|posso|kan|mag|is er)\b|\b(?:possible|allowed|supported|available|compatible)\b/iu,
};

const UNIT_OF_TIME =
  /\b(?:\p{N}+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|same|next|few|every)\b[^.]{0,24}\b(?:second|minute|hour|day|week|month|year|night|sekunde|minute|stunde|tag|woche|monat|jahr|jour|heure|semaine|mois|día|hora|semana|mes|giorno|ora|settimana|dag|uur|maand)\p{L}*|\p{N}{1,2}:\p{N}{2}|\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/iu;
const AMOUNT =
  /[€$£¥]\s?\p{N}|\p{N}\s?(?:€|\$|£|eur|euros?|usd|dollars?|pounds?|percent|%)|\bfree(?: of charge)?\b|\bno (?:extra )?(?:cost|charge|fee)s?\b/iu;
const INSTRUCTION =
  /^(?:\**[^.]{0,40}\**,? )?(?:open|tap|click|select|choose|press|go to|enter|turn|switch|type|hold|unplug|plug|restart|download|install|remove|scan|swipe|create|use|check|wait|sign|log|set|add|contact|write|call|öffnen|tippen|klicken|wählen|cliquez|ouvrez|sélectionnez|haga clic|seleccione|abra|inicie|toque|clique|selecione|fare clic|selezionare|klik|open)\b/iu;
const MENU_PATH = /\S >\s?\S|\bunder \*\*|\bin the (?:app|menu|settings)\b/iu;
const CAUSE =
  /\b(?:because|since|so that|due to|caused?|reason|therefore|this happens|that's why|weil|denn|car|parce|porque|perché|omdat)\b/iu;
const VERDICT =
  /^(?:yes|no|ja|nein|oui|non|sí|sim|não|sì|nee)\b|\b(?:can|can't|cannot|only|not|must|may|allowed|possible|never|always|supports?|works?|isn't|aren't|doesn't|don't|won't)\b/iu;

const LOOKS_LIKE: Readonly<Record<AnswerType, (text: string) => boolean>> = {
  procedure: (text) => INSTRUCTION.test(text) || MENU_PATH.test(text),
  duration: (text) => UNIT_OF_TIME.test(text),
  price: (text) => AMOUNT.test(text),
  number: (text) => /\p{N}/u.test(text),
  place: (text) => MENU_PATH.test(text),
  reason: (text) => CAUSE.test(text),
  "yes-no": (text) => VERDICT.test(text),
};

const BARE_NUMBER = /^\p{N}+(?:[.,]\p{N}+)*$/u;
/** Share of the words of the question before that makes a question its follow-up. */
const TAKEN_OVER = 0.5;

const ANSWER_TYPES = Object.keys(TYPE_CUES) as readonly AnswerType[];

/** The kinds of answer are those of the earlier question when a follow-up names none: "and on Android?" */
export function profileQuestion(
  question: string,
  history: readonly ConversationTurn[],
  language: Language,
): QuestionProfile {
  const text = question.trim();
  const stems = [...new Set(contentStems(text, language))];
  const types = awaitedTypes(text);
  return {
    stems,
    counted: countedIn(text, language),
    types: types.size > 0 ? types : awaitedTypes(questionFollowed(stems, history, language)),
  };
}

function awaitedTypes(text: string): ReadonlySet<AnswerType> {
  return new Set(ANSWER_TYPES.filter((type) => TYPE_CUES[type].test(text)));
}

/** A follow-up has taken over most words of the question before it, though not how it was asked. */
function questionFollowed(stems: readonly string[], history: readonly ConversationTurn[], language: Language): string {
  const previous = history.findLast((turn) => turn.role === "customer")?.text.trim() ?? "";
  const said = new Set(contentStems(previous, language));
  const takenOver = stems.filter((stem) => said.has(stem)).length;
  return takenOver > 0 && takenOver >= said.size * TAKEN_OVER ? previous : "";
}

function countedIn(text: string, language: Language): ReadonlyMap<string, readonly string[]> {
  const stems = tokenize(text).map((token) => contentStems(token.word, language)[0] ?? null);
  const counted = new Map<string, readonly string[]>();
  for (const [at, stem] of stems.entries()) {
    if (stem === null || !BARE_NUMBER.test(stem)) continue;
    const beside = [stems[at - 1], stems[at + 1]].filter((other) => other !== null && other !== undefined);
    if (beside.length > 0) counted.set(stem, [...(counted.get(stem) ?? []), ...beside]);
  }
  return counted;
}

/** Share of the awaited kinds of answer that a text looks like, 0 to 1; 0 when nothing particular is awaited. */
export function typeMatch(types: ReadonlySet<AnswerType>, text: string): number {
  if (types.size === 0) return 0;
  return [...types].filter((type) => LOOKS_LIKE[type](text)).length / types.size;
}
