import type { FixedTextLanguage } from "../fixed-texts.js";

/** What only somebody with access to the customer's account can do, as verbs that a request begins with. */
const ACTIONS: Readonly<Record<FixedTextLanguage, string>> = {
  en: "refund|reimburse|cancel|delete|erase|remove|close|terminate|change|update|correct|unlock|unblock|block|freeze|unfreeze|activate|reactivate|deactivate|reset|restore|resend|send|transfer|upgrade|downgrade|raise|increase|extend|credit|reverse|reopen|merge|ship|issue|check|look up|track",
  de: "erstatte|erstatten|storniere|stornieren|kündige|kündigen|lösche|löschen|schließe|schließen|ändere|ändern|entsperre|entsperren|sperre|sperren|aktiviere|aktivieren|setze|setzen|sende|senden|schicke|schicken|verlängere|verlängern|erhöhe|erhöhen|prüfe|prüfen",
  fr: "remboursez|rembourser|annulez|annuler|supprimez|supprimer|fermez|fermer|changez|changer|modifiez|modifier|débloquez|débloquer|activez|activer|réinitialisez|réinitialiser|renvoyez|renvoyer|envoyez|envoyer|prolongez|prolonger|vérifiez|vérifier",
  es: "reembolse|reembolsen|reembolsar|cancele|cancelen|cancelar|elimine|eliminen|eliminar|borre|borrar|cierre|cierren|cerrar|cambie|cambien|cambiar|desbloquee|desbloqueen|desbloquear|active|activen|activar|restablezca|restablecer|reenvíe|reenviar|envíe|envíen|enviar|amplíe|ampliar|revise|revisar",
  pt: "reembolse|reembolsar|cancele|cancelar|exclua|excluir|apague|apagar|feche|fechar|altere|alterar|desbloqueie|desbloquear|ative|ativar|redefina|redefinir|reenvie|reenviar|envie|enviar|verifique|verificar",
  it: "rimborsate|rimborsi|rimborsare|annullate|annulli|annullare|cancellate|cancelli|cancellare|eliminate|elimini|eliminare|chiudete|chiuda|chiudere|cambiate|cambi|cambiare|sbloccate|sblocchi|sbloccare|attivate|attivi|attivare|reimpostate|reimposti|reimpostare|inviate|invii|inviare|verificate|verifichi|verificare",
  nl: "betaal|betalen|annuleer|annuleren|verwijder|verwijderen|sluit|sluiten|wijzig|wijzigen|deblokkeer|deblokkeren|blokkeer|blokkeren|activeer|activeren|reset|resetten|stuur|sturen|verleng|verlengen|controleer|controleren",
};

/** How a request opens, apart from the bare imperative. What asks how, where or whether is a question. */
const OPENINGS: Readonly<Record<FixedTextLanguage, string>> = {
  en: "(?:(?:can|could|would|will) (?:you|someone|somebody) (?:please )?|i(?: would|'d) like you to |i (?:need|want) you to |you need to |kindly |just )?",
  de: "(?:(?:können|könnten|kannst|könntest|würden) (?:sie|du) )?",
  fr: "(?:(?:pouvez|pourriez|peux)[- ](?:vous|tu) |veuillez |merci de )?",
  es: "(?:(?:puede|pueden|podría|podrían|puedes|podrías)(?: usted)? |quiero que )?",
  pt: "(?:(?:pode|podem|poderia|poderiam)(?: você)? |quero que )?",
  it: "(?:(?:può|potete|potreste|potrebbe|puoi) |vorrei che )?",
  nl: "(?:(?:kunt|kun|kan|zou) (?:u|je|jij) )?",
};

/** Whose it is. */
const OWN: Readonly<Record<FixedTextLanguage, string>> = {
  en: "my|our|mine|me",
  de: "mein|meine|meinen|meinem|meiner|meines|unser|unsere|unseren|unserem|unserer|mir",
  fr: "mon|ma|mes|notre|nos|moi|me",
  es: "mi|mis|nuestro|nuestra|nuestros|nuestras|me",
  pt: "meu|minha|meus|minhas|nosso|nossa|me",
  it: "mio|mia|miei|mie|nostro|nostra|mi",
  nl: "mijn|ons|onze|mij|me",
};

const PLEASE =
  "(?:please|pls|bitte|s'il vous plaît|svp|por favor|per favore|alstublieft|aub|hi|hello|hallo|hola|bonjour)";
/** Between the verb and whose it is: "cancel the renewal of our subscription". */
const REACH = 4;

/** A case of one customer by its number: "order 123", "ticket #83112", "case no. 00912345". */
const CASE =
  /(?<!\p{L})(?:orders?|tickets?|cases?|invoices?|bookings?|reservations?|claims?|contracts?|user id|customer (?:id|number)|account (?:id|number)|bestellung|bestellnummer|auftrag|rechnung|vertrag|kundennummer|commande|facture|dossier|pedido|factura|caso|encomenda|fatura|ordine|fattura|pratica|bestelling|factuur)(?: (?:no\.?|number|nr\.?|id|n°|número|numero))?(?:[ :]+#?|#)(?=[\p{L}-]{0,4}\d)[\p{L}\d-]{3,}/u;

const LANGUAGES = Object.keys(ACTIONS) as readonly FixedTextLanguage[];

const REQUESTS: readonly RegExp[] = LANGUAGES.map(
  (language) =>
    new RegExp(
      `(?:^|[.!?;,:]\\s*|(?<!\\p{L})(?:and|und|et|y|e|en)\\s)(?:${PLEASE}[ ,]+)*${OPENINGS[language]}(?:${PLEASE} )?(?:${ACTIONS[language]})(?: [^\\s.!?;]+){0,${REACH}}? (?:${OWN[language]})(?!\\p{L})`,
      "u",
    ),
);

/** "Könnten Sie mein Konto entsperren": the verb stands last. */
const VERB_LAST: readonly RegExp[] = (["de", "nl"] as const).map(
  (language) =>
    new RegExp(
      `(?:können|könnten|kannst|könntest|würden|kunt|kun|zou) (?:sie|du|u|je|jij)(?: [^\\s.!?;]+){0,2}? (?:${OWN[language]})(?: [^\\s.!?;]+){1,${REACH}}? (?:${ACTIONS[language]})(?!\\p{L})`,
      "u",
    ),
);

/** What no reader can carry out, so that asking for it is asking somebody. */
const STAFF_VERB =
  /^(?:refund|reimburse|unlock|unblock|reverse|credit|reactivate|reopen|erstatten?|entsperren?|rembourse[rz]|débloque[rz]|reembols\p{L}+|desbloque\p{L}+|rimbors\p{L}+|sblocc\p{L}+|deblokke\p{L}+)(?!\p{L})/u;
/** "change my password?": one clause that begins with what is to be done, asks, and does not ask anybody to do it. */
const BARE_QUESTION = new RegExp(
  `^(?:${Object.values(ACTIONS).join("|")}) (?![^?]*${PLEASE}(?!\\p{L}))[^.!?;:,]+\\?+$`,
  "u",
);

/** "please refund one payment": said to somebody, so it need not say whose. Only verbs that no reader can carry out. */
const ONLY_STAFF =
  /(?<!\p{L})(?:please|pls|kindly) (?:refund|reimburse|unlock|unblock|reverse|credit|reactivate|reopen)(?!\p{L})/u;

/**
 * Whether a message asks to do something with the customer's own account or case ("refund my order 123", "please unlock our
 * account"), which no document can answer and the bot must not pretend to do. Read from its words alone. A question about
 * how something is done ("how do I cancel my subscription?", or short, "change my password?") is none, unless it names a case by its
 * number.
 */
export function isAccountAction(message: string): boolean {
  const plain = message.normalize("NFKC").toLowerCase().replaceAll("’", "'").replaceAll(/\s+/gu, " ").trim();
  if (CASE.test(plain) || ONLY_STAFF.test(plain)) return true;
  if (BARE_QUESTION.test(plain) && !STAFF_VERB.test(plain)) return false;
  return [...REQUESTS, ...VERB_LAST].some((request) => request.test(plain));
}
