import { splitSentences } from "../answering/text/sentences.js";

/** What is left of an agent's words for somebody else who asks the same, and whether some of it was about one case. */
export interface ReusableWords {
  /** Empty where nothing is. */
  readonly text: string;
  readonly hasOneCase: boolean;
}

/** `[^.!?]` keeps a pattern inside its sentence. */
const SALUTATION =
  /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|dear|hallo|guten (?:tag|morgen|abend)|moin|liebe[r]?|bonjour|bonsoir|hola|buen[oa]s (?:días|tardes|noches)|olá|bom dia|boa tarde|ciao|buongiorno|hoi|goede(?:morgen|middag|navond))(?: (?:there|again|\p{Lu}[\p{L}'-]*|\[name\]))*\s*(?:[,!.:–-]+\s*|$)/iu;

/** Sentences that only make the talk friendly, hold the line, or end it. */
const COURTESIES: readonly RegExp[] = [
  // English
  /^(?:many )?(?:thanks|thank you|thx|cheers)\b(?! to )[^.!?]{0,80}[.!]*$/iu,
  /^(?:you(?:'re| are) (?:very )?welcome|no (?:problem|worries)|my pleasure|happy to help|glad (?:to|i|we|that|it)|great|perfect|sure|ok(?:ay)?|of course|good question)\b[^.!?]{0,40}[.!]*$/iu,
  /\b(?:let me (?:just )?(?:check|look|see|ask|find out|have a look)|(?:one|a|just a) (?:moment|second|sec|minute)\b(?: please)?[.!]*$|bear with me|hold on|i(?:'ll| will| am going to|'m going to) (?:just )?(?:check|look|ask|find out|get back|be right back|see what)|i(?:'m| am) (?:just )?(?:checking|looking|asking)|give me a (?:moment|second|sec|minute))/iu,
  /^(?:please )?(?:let (?:me|us) know|feel free to|don't hesitate|do not hesitate|just (?:ask|reply|write))\b/iu,
  /\b(?:hope (?:this|that|it) helps|have a (?:nice|great|good|lovely)|(?:best|kind|warm) regards|all the best|anything else (?:i|we) can)\b/iu,
  /^(?:i(?:'m| am) (?:so |very )?sorry|sorry|apologies|my apologies|i (?:fully |completely )?understand|i see|my name is|this is \S+ from|i(?:'m| am) \S+ (?:from|with))\b[^.!?]{0,100}[.!]*$/iu,
  // German
  /^(?:vielen |besten |herzlichen )?danke?\b[^.!?]{0,80}[.!]*$/iu,
  /^(?:gern(?:e)?(?: geschehen)?|kein problem|alles klar|natürlich|klar)\b[^.!?]{0,30}[.!]*$/iu,
  /\b(?:einen (?:kleinen )?moment|moment bitte|ich (?:schaue|sehe|prüfe|frage)\b[^.!?]{0,30}\b(?:nach|mal|kurz|gleich)|melden sie sich|melde dich|ich hoffe,? das hilft|schönen (?:tag|abend)|(?:viele|beste|freundliche) grüße|mit freundlichen grüßen|tut mir leid|entschuldig(?:ung|en sie))/iu,
  // French
  /^(?:merci|je vous en prie|de rien|avec plaisir)\b[^.!?]{0,80}[.!]*$/iu,
  /\b(?:un (?:instant|moment)|je (?:vérifie|regarde|me renseigne)|n'hésitez pas|bonne journée|cordialement|désolée?)\b/iu,
  // Spanish, Portuguese
  /^(?:muchas )?(?:gracias|de nada|con gusto|obrigad[oa]|de nada|por nada)\b[^.!?]{0,80}[.!]*$/iu,
  /\b(?:un (?:momento|segundo)|um (?:momento|segundo)|d[eé]jame (?:ver|revisar|comprobar)|voy a (?:revisar|comprobar|consultar)|vou (?:verificar|ver)|no dudes|que tengas|tenha um|saludos|atenciosamente|lo siento|desculp)/iu,
  // Italian, Dutch
  /^(?:grazie|prego|bedankt|dank (?:je|u)|graag gedaan)\b[^.!?]{0,80}[.!]*$/iu,
  /\b(?:un (?:attimo|momento)|(?:controllo|verifico) subito|buona giornata|cordiali saluti|mi dispiace|een (?:moment|ogenblik)|ik (?:kijk|vraag|zoek) (?:het )?(?:even|na)|fijne dag|met vriendelijke groet|het spijt)/iu,
];

/** What was done for this customer, or is so with what is theirs alone. */
const ONE_CASE: readonly RegExp[] = [
  /\b(?:i|we)(?:'ve| have|'ll| will| just| have just|'ve just)*\s+(?:now )?(?:refunded|cancelled|canceled|reset|unlocked|upgraded|downgraded|escalated|forwarded|extended|credited|activated|deactivated|merged|resent|sent|removed|deleted|updated|changed|fixed|corrected|checked|found|refund|cancel|reset|unlock|escalate|forward|extend|credit|send|resend)\b[^.!?]*\b(?:you|your|it|this|them)\b/iu,
  /\byour (?:order|refund|account|invoice|ticket|package|parcel|payment|subscription|case|request|delivery|shipment)(?: \S+){0,3} (?:has been|was|is being|will be|is now|has now|should (?:arrive|be))\b/iu,
  /\b(?:ich|wir) hab(?:e|en)\b[^.!?]*\b(?:ihr|ihre|ihren|ihnen|dein|deine|deinen|dir)\b[^.!?]*(?:t|en)[.!]*$/iu,
  /\b(?:ihre?|deine?) (?:bestellung|rechnung|sendung|erstattung|konto|zahlung|paket)(?: \S+){0,3} (?:wurde|ist|wird)\b/iu,
  /\bj'ai\b[^.!?]*\bvotre\b|\bhe\b[^.!?]*\b(?:tu|su) (?:pedido|cuenta|factura)\b|\bho\b[^.!?]*\b(?:tuo|suo)\b/iu,
];

const CODE = /```[\s\S]*?(?:```|$)/gu;

/** An agent's message without courtesies, questions back, and what is only about this customer. Lists and code stay as they are. */
export function reusableWords(message: string): ReusableWords {
  const code: string[] = [];
  const text = message.replaceAll(CODE, (block) => `\u0000${code.push(block) - 1}\u0000`);
  let hasOneCase = false;
  const lines = text.split("\n").map((line) => {
    const kept = splitSentences(withoutSalutation(line.trimEnd())).filter((sentence) => {
      const isOneCase = ONE_CASE.some((pattern) => pattern.test(sentence));
      hasOneCase ||= isOneCase;
      return !isOneCase && !isCourtesy(sentence);
    });
    const indent = /^\s*/u.exec(line)?.[0] ?? "";
    return kept.length === 0 ? null : indent + kept.join(" ");
  });
  const left = lines
    .filter((line, index) => line !== null || text.split("\n")[index]?.trim() === "")
    .map((line) => line ?? "");
  const words = left
    .join("\n")
    .replaceAll(/\n{3,}/gu, "\n\n")
    .trim();
  return { text: words.replaceAll(/\u0000(\d+)\u0000/gu, (_, place: string) => code[Number(place)] ?? ""), hasOneCase };
}

function withoutSalutation(line: string): string {
  const rest = line.trimStart().replace(SALUTATION, "");
  return rest === line.trimStart() ? line : rest.charAt(0).toUpperCase() + rest.slice(1);
}

function isCourtesy(sentence: string): boolean {
  const bare = sentence.replaceAll("’", "'").trim();
  return (
    /[?？]["'”’»)]*$/u.test(bare) ||
    !/[\p{L}\p{N}\u0000]/u.test(bare) ||
    COURTESIES.some((pattern) => pattern.test(bare))
  );
}
