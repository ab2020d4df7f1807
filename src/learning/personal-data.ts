import { maskCards } from "../text/mask-cards.js";
import { maskSecrets } from "../text/find-secrets.js";
import { maskEmails, maskNames, maskPhones } from "../text/personal-data.js";

/** What stands in place of something personal. Nothing is published while its answer holds one. */
export const PLACEHOLDER = /\[(?:name|e-mail address|phone number|number|address|card number|secret)\]/u;

/** The word stays, the number goes: "order 4711-22", "ticket #882", "Bestellnummer: A-99812". */
const NUMBERED =
  /(?<![\p{L}])((?:order|ticket|case|invoice|customer|account|booking|reservation|tracking|reference|contract|serial|policy|bestell\p{L}*|auftrags?\p{L}*|rechnungs?\p{L}*|kunden\p{L}*|vorgangs?\p{L}*|sendungs?\p{L}*|commande|facture|dossier|pedido|factura|fatura|encomenda|ordine|fattura|pratica|bestelling|factuur|klant\p{L}*)(?:[ -]?(?:no|nr|number|id|code|nummer|numéro|número|numero|n°|nº)\.?)?\s*[:#]?\s*#?)(?=[\p{L}\p{N}-]*\d)[\p{Lu}\p{N}][\p{L}\p{N}]*(?:[-/][\p{L}\p{N}]+)*(?<=[\p{L}\p{N}-]{4,})/giu;
const HASHED = /(?<![\p{L}\p{N}/&])#\d{4,}(?![\p{L}\p{N}])/gu;
/** Nothing that people tell each other for good has so many digits in a row: orders, parcels, customers. */
const LONG = /(?<![\p{L}\p{N}_./:=#-])(?:[A-Z]{1,4}-?)?\d{7,}(?:-\d+)*(?![\p{L}\p{N}_/])/gu;
const IBAN = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?(?![\p{L}\p{N}])/gu;
const STREETS: readonly RegExp[] = [
  /(?<![\p{L}\p{N}])\d{1,5}[a-z]? (?:\p{Lu}[\p{L}'.-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Square|Place)\b\.?(?:,? (?:Apt|Suite|Unit)\.? \w+)?/gu,
  /(?<![\p{L}])\p{Lu}[\p{L}-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|straat|laan|plein) ?\d{1,4} ?[a-z]?(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])(?:\d{1,4}(?: bis| ter)?,? )?(?:rue|avenue|boulevard|impasse) (?:de la |de l'|des |du |de )?\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+){0,2}/gu,
  /(?<![\p{L}])(?:Calle|Avenida|Rua|Via|Piazza|Plaza) (?:de la |de |del |da |do )?\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)?,? (?:n[ºo°]\.? ?)?\d{1,4}/gu,
];

/** A text in which nothing tells whose it was. @param names of everybody who took part */
export function withoutPersonalData(text: string, names: readonly string[]): string {
  const cards = maskCards(maskSecrets(text, "[secret]")).replaceAll(/•••• \d{4}/gu, "[card number]");
  const numbers = maskPhones(maskEmails(cards).replaceAll(IBAN, "[number]"))
    .replaceAll(NUMBERED, "$1[number]")
    .replaceAll(HASHED, "[number]")
    .replaceAll(LONG, "[number]");
  const places = STREETS.reduce((left, street) => left.replaceAll(street, "[address]"), numbers);
  return maskNames(places, [{ names, role: "[name]" }]);
}
