export const UPDATED_FIELDS = ["updated", "updated_at", "last_updated", "lastmod", "date"] as const;
export const FROM_FIELDS = ["valid_from", "validfrom"] as const;
export const UNTIL_FIELDS = ["valid_until", "validuntil", "valid_to"] as const;

/** The fields of an FAQ entry under the names that sheets give them, without accents, in lower case. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  question: [
    "question",
    "q",
    "questions",
    "frage",
    "pregunta",
    "domanda",
    "pergunta",
    "vraag",
    "вопрос",
    "问题",
    "質問",
    "질문",
    "السؤال",
  ],
  answer: [
    "answer",
    "a",
    "reply",
    "response",
    "antwort",
    "reponse",
    "respuesta",
    "risposta",
    "resposta",
    "antwoord",
  ].concat(["ответ", "答案", "回答", "답변", "الجواب", "الإجابة"]),
  variants: ["variants", "alternatives", "alternative questions", "other wordings", "synonyms", "varianten"].concat([
    "alternative fragen",
    "variantes",
    "varianti",
    "variacoes",
    "варианты",
    "相似问题",
  ]),
  audience: [
    "audience",
    "zielgruppe",
    "public cible",
    "audiencia",
    "destinatari",
    "publico",
    "doelgroep",
    "аудитория",
    "受众",
  ],
  language: ["language", "sprache", "langue", "idioma", "lingua", "taal", "язык", "语言", "言語"],
  valid_from: [
    "valid from",
    "effective from",
    "gultig ab",
    "gultig von",
    "valable a partir du",
    "valable du",
    "valide du",
  ].concat(["valido desde", "vigente desde", "valido dal", "valido a partir de", "geldig vanaf", "生效日期"]),
  valid_until: [
    "valid until",
    "valid to",
    "valid till",
    "expires",
    "expires on",
    "gultig bis",
    "valable jusqu'au",
  ].concat([
    "valide jusqu'au",
    "valido hasta",
    "vigente hasta",
    "valido fino al",
    "valido ate",
    "geldig tot",
    "失效日期",
  ]),
  category: [
    "category",
    "topic",
    "kategorie",
    "thema",
    "rubrik",
    "categorie",
    "categoria",
    "rubrique",
    "категория",
    "类别",
    "カテゴリ",
  ],
  url: ["url", "link", "web address", "lien", "enlace", "collegamento", "ссылка", "链接"],
  updated: [
    "updated",
    "last updated",
    "aktualisiert",
    "stand",
    "mis a jour",
    "actualizado",
    "aggiornato",
    "atualizado",
    "bijgewerkt",
  ],
};

const FIELD_BY_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([field, names]) => names.map((name): [string, string] => [plainName(name), field])),
);

/** The field that a column or key stands for; a name that is not known stays as it is, in lower case. */
export function fieldOfName(name: string): string {
  return FIELD_BY_NAME.get(plainName(name)) ?? name.trim().toLowerCase();
}

function plainName(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[’`]/gu, "'")
    .replace(/[\s_-]+/gu, " ")
    .replace(/[:*?\s]+$/gu, "")
    .trim();
}

/** What a field is called when somebody is told about it. */
export function labelOf(field: string): string {
  return field.replaceAll("_", " ");
}
