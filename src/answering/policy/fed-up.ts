import type { HandoffReason } from "../../ports/handoffs.js";
import type { ConversationTurn } from "../../ports/models.js";
import type { FixedTextLanguage } from "../fixed-texts.js";
import { recogniseIntent } from "../stages/intent.js";
import { contentWordsOf } from "../text/words.js";

/** What people write who have had enough of the bot. It speaks of the help, not of the thing that they need help with. */
const COMPLAINTS: Readonly<Record<FixedTextLanguage, string>> = {
  en: "(?:you(?:'re| are)|this (?:bot|chat(?:bot)?|answer|help|support) is|that(?:'s| is)|this is) (?:(?:so|just|really|totally|completely|absolutely|of) )*(?:useless|no help|no use|not help(?:ful|ing)|unhelpful|ridiculous|hopeless|a joke|pathetic)|(?:that|this|it|you) (?:does|did|do|is|are|was)(?:n't| not) (?:really )?(?:help(?:ing|ful)?(?: me)?(?: at all)?(?=[.!?]|$)|answer(?:ing)? (?:my|the) question)|(?:i(?:'ve| have) (?:already )?(?:asked|told you|said)(?: (?:you|this|that|it))* (?:twice|three times|\\d+ times|again and again|already|before))|i already (?:said|told you|asked)|(?:are you|do you) even (?:read(?:ing)?|listen(?:ing)?|understand(?:ing)?)|(?:stupid|dumb|useless|terrible|worst|idiotic) (?:bot|chatbot|robot|machine|answer|support|service)|waste of (?:my )?time|i give up(?=[.!?]|$)|fed up|sick of this|wtf|for (?:god|heaven|christ|fuck)'?s? sake",
  de: "(?:das|du|sie|es) (?:hilft|hilfst|helfen|bringt) (?:mir )?(?:überhaupt |so |gar )?(?:nicht(?:s)?|nicht weiter)(?: weiter)?|(?:das ist|du bist|sie sind) (?:doch |echt |völlig )?(?:nutzlos|lächerlich|unbrauchbar|ein witz)|(?:dummer|blöder|nutzloser) bot|habe ich (?:doch )?(?:schon|bereits) (?:gesagt|gefragt|geschrieben)|ich gebe auf|zeitverschwendung|mir reicht(?:'s| es)|das beantwortet meine frage nicht",
  fr: "(?:ça|cela|vous) ne? ?(?:m'|m’)?aide[sz]? (?:pas|en rien)|(?:c'est|c’est|vous êtes) (?:vraiment |complètement )?(?:inutile|ridicule|nul|une blague)|(?:bot|robot) (?:stupide|inutile|nul)|je l'ai déjà (?:dit|demandé)|j'ai déjà (?:dit|demandé|posé)|perte de temps|j'abandonne|j'en ai (?:marre|assez)|ne répond(?:ez)? pas à ma question",
  es: "(?:eso|esto) no (?:me )?(?:ayuda|sirve)(?: de nada| para nada)?|no me (?:ayudas|ayuda|está ayudando)|(?:es|eres) (?:totalmente )?(?:inútil|ridículo|una broma)|bot (?:inútil|estúpido)|ya (?:lo|te lo|se lo) (?:dije|he dicho|pregunté|he preguntado)|pérdida de tiempo|me rindo|estoy harto|estoy harta|no responde a mi pregunta",
  pt: "(?:isso|isto) não (?:me )?(?:ajuda|serve)(?: em nada| para nada)?|não (?:está|estás) (?:me )?ajudando|(?:é|você é) (?:totalmente )?(?:inútil|ridículo|uma piada)|(?:bot|robô) (?:inútil|burro)|já (?:disse|falei|perguntei)|perda de tempo|desisto|estou farto|estou farta|não responde (?:à|a) minha pergunta",
  it: "(?:questo|così|ciò) non (?:mi )?(?:aiuta|serve)(?: a nulla| per niente| a niente)?|non mi (?:aiuti|aiuta|sta aiutando)|(?:è|sei) (?:del tutto )?(?:inutile|ridicolo|una barzelletta)|bot (?:inutile|stupido)|l'ho già (?:detto|chiesto)|perdita di tempo|mi arrendo|sono stufo|sono stufa|non risponde alla mia domanda",
  nl: "(?:dit|dat|je|u) helpt (?:me )?(?:echt |helemaal )?niet(?: verder)?|(?:dit is|je bent|dat is) (?:echt |volkomen )?(?:nutteloos|belachelijk|een grap)|(?:domme|nutteloze|stomme) bot|(?:dat )?heb ik (?:toch )?al (?:gezegd|gevraagd)|tijdverspilling|ik geef het op|ik ben het zat|geen antwoord op mijn vraag",
};

const COMPLAINT = new RegExp(`(?<![\\p{L}\\p{N}])(?:${Object.values(COMPLAINTS).join("|")})(?![\\p{L}\\p{N}])`, "iu");

/** Fewer words that carry a topic ask for nothing. */
const FEW_WORDS = 2;
/** So many of the customer's last words are looked at. */
const RECENT = 3;
/** Asked, and asked again: the third time, a person answers. */
const TIMES = 3;
/** The share of words that two questions have in common, of all that they have, when both ask the same. */
const SAME_WORDS = 0.75;

/**
 * Whether the customer has had enough of the bot: says so behind something that it said, or asks the same for the third time
 * in a row. Read from words alone.
 *
 * @param history oldest first, without the question
 */
export function fedUp(
  question: string,
  history: readonly ConversationTurn[],
): Extract<HandoffReason, "frustrated" | "asked-again"> | null {
  if (history.at(-1)?.role !== "bot") return null;
  if (COMPLAINT.test(question)) return "frustrated";
  const words = new Set(contentWordsOf(question));
  const before = history.filter(({ role }) => role === "customer").slice(-RECENT);
  const same = before.filter(({ text }) => isSame(words, new Set(contentWordsOf(text))));
  return same.length >= TIMES - 1 ? "asked-again" : null;
}

/** Whether somebody asks for something in these words, instead of greeting, thanking, wanting a person or only complaining. */
export function asksSomething(text: string): boolean {
  return recogniseIntent(text).kind === "question" && !onlyComplains(text);
}

/** What is left without the complaint says nothing of what it is about. */
function onlyComplains(text: string): boolean {
  const rest = text.replaceAll(new RegExp(COMPLAINT, "giu"), " ");
  return rest !== text && contentWordsOf(rest).length < FEW_WORDS;
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const common = [...one].filter((word) => other.has(word)).length;
  const all = one.size + other.size - common;
  return common > 1 && common / all >= SAME_WORDS;
}
