import type { FixedTextLanguage } from "../../answering/fixed-texts.js";
import { MOST_FILES, type FileRefusal, type FileRules, type RefusedFile } from "./file-rules.js";

type Texts<Name extends string> = Readonly<Record<Name, Readonly<Record<FixedTextLanguage, string>>>>;

/** In braces stands what is put in. */
const CUSTOMERS: Texts<FileRefusal | "title"> = {
  title: {
    en: "Not everything that you sent reached the team:",
    de: "Nicht alles, was Sie gesendet haben, ist beim Team angekommen:",
    fr: "Une partie de ce que vous avez envoyé n'est pas parvenue à l'équipe :",
    es: "No todo lo que ha enviado ha llegado al equipo:",
    pt: "Nem tudo o que enviou chegou à equipa:",
    it: "Non tutto ciò che ha inviato è arrivato al team:",
    nl: "Niet alles wat u hebt gestuurd is bij het team aangekomen:",
  },
  "switched-off": {
    en: "files are not passed on here.",
    de: "Dateien werden hier nicht weitergegeben.",
    fr: "les fichiers ne sont pas transmis ici.",
    es: "aquí no se transmiten archivos.",
    pt: "aqui não se encaminham ficheiros.",
    it: "qui i file non vengono inoltrati.",
    nl: "bestanden worden hier niet doorgegeven.",
  },
  "too-many": {
    en: "only {most} files of one message are passed on. Please send it again by itself.",
    de: "von einer Nachricht werden nur {most} Dateien weitergegeben. Bitte senden Sie sie noch einmal einzeln.",
    fr: "seuls {most} fichiers par message sont transmis. Merci de le renvoyer séparément.",
    es: "solo se transmiten {most} archivos por mensaje. Envíelo de nuevo por separado.",
    pt: "só se encaminham {most} ficheiros por mensagem. Envie-o de novo em separado.",
    it: "si inoltrano solo {most} file per messaggio. Lo invii di nuovo da solo.",
    nl: "van één bericht worden maar {most} bestanden doorgegeven. Stuur het apart nog eens.",
  },
  "too-large": {
    en: "it is larger than {megabytes} MB.",
    de: "sie ist größer als {megabytes} MB.",
    fr: "il dépasse {megabytes} Mo.",
    es: "supera los {megabytes} MB.",
    pt: "tem mais de {megabytes} MB.",
    it: "supera i {megabytes} MB.",
    nl: "het is groter dan {megabytes} MB.",
  },
  empty: {
    en: "it is empty.",
    de: "sie ist leer.",
    fr: "il est vide.",
    es: "está vacío.",
    pt: "está vazio.",
    it: "è vuoto.",
    nl: "het is leeg.",
  },
  type: {
    en: "files of this type are not passed on.",
    de: "Dateien dieser Art werden nicht weitergegeben.",
    fr: "les fichiers de ce type ne sont pas transmis.",
    es: "los archivos de este tipo no se transmiten.",
    pt: "ficheiros deste tipo não são encaminhados.",
    it: "i file di questo tipo non vengono inoltrati.",
    nl: "bestanden van dit type worden niet doorgegeven.",
  },
  "held-back": {
    en: "it was held back by the check for harmful files.",
    de: "sie wurde bei der Prüfung auf schädliche Dateien zurückgehalten.",
    fr: "il a été retenu par le contrôle des fichiers dangereux.",
    es: "se ha retenido en la comprobación de archivos dañinos.",
    pt: "foi retido na verificação de ficheiros nocivos.",
    it: "è stato trattenuto dal controllo dei file dannosi.",
    nl: "het is tegengehouden bij de controle op schadelijke bestanden.",
  },
  "not-fetched": {
    en: "it could not be read. Please send it again.",
    de: "sie konnte nicht gelesen werden. Bitte senden Sie sie noch einmal.",
    fr: "il n'a pas pu être lu. Merci de le renvoyer.",
    es: "no se ha podido leer. Envíelo de nuevo.",
    pt: "não foi possível lê-lo. Envie-o de novo.",
    it: "non è stato possibile leggerlo. Lo invii di nuovo.",
    nl: "het kon niet worden gelezen. Stuur het nog eens.",
  },
};

export function customersFileNotice(
  refused: readonly RefusedFile[],
  language: FixedTextLanguage,
  rules: FileRules | null,
): string {
  const lines = refused.map(({ name, why }) => `• ${name}: ${put(CUSTOMERS[why][language], rules)}`);
  return [CUSTOMERS.title[language], ...lines].join("\n");
}

/** To agents, whose words are English wherever the bot speaks about a handoff. */
export function agentsFileNotice(refused: readonly RefusedFile[], rules: FileRules | null): string {
  const lines = refused.map(({ name, why }) => `• ${name}: ${put(CUSTOMERS[why].en, rules)}`);
  return ["Not sent to the customer:", ...lines].join("\n");
}

function put(text: string, rules: FileRules | null): string {
  return text
    .replaceAll("{most}", String(MOST_FILES))
    .replaceAll("{megabytes}", String(Math.floor((rules?.maxBytes ?? 0) / 1_000_000)));
}
