import type { FixedTextLanguage } from "../answering/fixed-texts.js";

export type CustomerTextName =
  "handedOver" | "handedOverUnsure" | "handedOverModelDown" | "handedOverBudget" | "readInPart" | "replaces";

/** What a customer is told beside an answer or instead of one. `{characters}` is a number. */
const CUSTOMER_TEXTS: Readonly<Record<CustomerTextName, Readonly<Record<FixedTextLanguage, string>>>> = {
  handedOver: {
    en: "I've passed your question to a person on the team. They'll answer you right here.",
    de: "Ich habe Ihre Frage an eine Person aus dem Team weitergegeben. Sie antwortet Ihnen hier.",
    fr: "J'ai transmis votre question à une personne de l'équipe. Elle vous répondra ici même.",
    es: "He pasado su pregunta a una persona del equipo. Le responderá aquí mismo.",
    pt: "Encaminhei a sua pergunta a uma pessoa da equipa. A resposta virá aqui mesmo.",
    it: "Ho passato la sua domanda a una persona del team. Le risponderà proprio qui.",
    nl: "Ik heb uw vraag doorgegeven aan iemand van het team. U krijgt hier antwoord.",
  },
  handedOverUnsure: {
    en: "I couldn't find a reliable answer to that in our documents, so I've passed your question to a person on the team. They'll answer you right here.",
    de: "Dazu habe ich in unseren Unterlagen keine verlässliche Antwort gefunden. Ich habe Ihre Frage an eine Person aus dem Team weitergegeben. Sie antwortet Ihnen hier.",
    fr: "Je n'ai pas trouvé de réponse fiable dans nos documents. J'ai transmis votre question à une personne de l'équipe. Elle vous répondra ici même.",
    es: "No he encontrado una respuesta fiable en nuestros documentos. He pasado su pregunta a una persona del equipo. Le responderá aquí mismo.",
    pt: "Não encontrei uma resposta fiável nos nossos documentos. Encaminhei a sua pergunta a uma pessoa da equipa. A resposta virá aqui mesmo.",
    it: "Non ho trovato una risposta affidabile nei nostri documenti. Ho passato la sua domanda a una persona del team. Le risponderà proprio qui.",
    nl: "Ik heb daarover geen betrouwbaar antwoord gevonden in onze documenten. Ik heb uw vraag doorgegeven aan iemand van het team. U krijgt hier antwoord.",
  },
  handedOverModelDown: {
    en: "I can't write an answer just now, so I've passed your question to a person on the team. They'll answer you right here.",
    de: "Ich kann gerade keine Antwort schreiben. Ich habe Ihre Frage an eine Person aus dem Team weitergegeben. Sie antwortet Ihnen hier.",
    fr: "Je ne peux pas rédiger de réponse pour le moment. J'ai transmis votre question à une personne de l'équipe. Elle vous répondra ici même.",
    es: "Ahora mismo no puedo redactar una respuesta. He pasado su pregunta a una persona del equipo. Le responderá aquí mismo.",
    pt: "Neste momento não consigo escrever uma resposta. Encaminhei a sua pergunta a uma pessoa da equipa. A resposta virá aqui mesmo.",
    it: "In questo momento non riesco a scrivere una risposta. Ho passato la sua domanda a una persona del team. Le risponderà proprio qui.",
    nl: "Ik kan op dit moment geen antwoord schrijven. Ik heb uw vraag doorgegeven aan iemand van het team. U krijgt hier antwoord.",
  },
  handedOverBudget: {
    en: "I can't answer any more questions by myself today, so I've passed your question to a person on the team. They'll answer you right here.",
    de: "Ich kann heute selbst keine Fragen mehr beantworten. Ich habe Ihre Frage an eine Person aus dem Team weitergegeben. Sie antwortet Ihnen hier.",
    fr: "Je ne peux plus répondre moi-même à des questions aujourd'hui. J'ai transmis votre question à une personne de l'équipe. Elle vous répondra ici même.",
    es: "Hoy ya no puedo responder más preguntas por mi cuenta. He pasado su pregunta a una persona del equipo. Le responderá aquí mismo.",
    pt: "Hoje já não consigo responder a mais perguntas. Encaminhei a sua pergunta a uma pessoa da equipa. A resposta virá aqui mesmo.",
    it: "Oggi non posso più rispondere da solo ad altre domande. Ho passato la sua domanda a una persona del team. Le risponderà proprio qui.",
    nl: "Ik kan vandaag zelf geen vragen meer beantwoorden. Ik heb uw vraag doorgegeven aan iemand van het team. U krijgt hier antwoord.",
  },
  readInPart: {
    en: "Your message is very long, so I read only the beginning of it, its first {characters} characters.",
    de: "Ihre Nachricht ist sehr lang. Ich habe nur ihren Anfang gelesen, die ersten {characters} Zeichen.",
    fr: "Votre message est très long. Je n'en ai lu que le début, les {characters} premiers caractères.",
    es: "Su mensaje es muy largo. Solo he leído el principio, los primeros {characters} caracteres.",
    pt: "A sua mensagem é muito longa. Li apenas o início, os primeiros {characters} caracteres.",
    it: "Il suo messaggio è molto lungo. Ne ho letto solo l'inizio, i primi {characters} caratteri.",
    nl: "Uw bericht is erg lang. Ik heb alleen het begin gelezen, de eerste {characters} tekens.",
  },
  replaces: {
    en: "You changed your question, so this takes the place of my earlier answer.",
    de: "Sie haben Ihre Frage geändert. Dies ersetzt meine frühere Antwort.",
    fr: "Vous avez modifié votre question. Ceci remplace ma réponse précédente.",
    es: "Ha cambiado su pregunta. Esto sustituye mi respuesta anterior.",
    pt: "Alterou a sua pergunta. Isto substitui a minha resposta anterior.",
    it: "Ha modificato la sua domanda. Questo sostituisce la mia risposta precedente.",
    nl: "U hebt uw vraag gewijzigd. Dit vervangt mijn eerdere antwoord.",
  },
};

export function customerText(name: CustomerTextName, language: FixedTextLanguage): string {
  return CUSTOMER_TEXTS[name][language];
}

export function readInPartText(language: FixedTextLanguage, characters: number): string {
  return customerText("readInPart", language).replace("{characters}", characters.toLocaleString(language));
}
