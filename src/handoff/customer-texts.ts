import type { FixedTextLanguage } from "../answering/fixed-texts.js";

export type CustomerTextName =
  | "handedOver"
  | "handedOverUnsure"
  | "handedOverTopic"
  | "handedOverTopicUnsure"
  | "handedOverModelDown"
  | "handedOverBudget"
  | "handedOverFault"
  | "notDone"
  | "unreachable"
  | "unsentToAgents"
  | "joined"
  | "moved"
  | "solved"
  | "confirmed"
  | "rate"
  | "sayWhy"
  | "whatWasWrong"
  | "returned"
  | "reopened"
  | "nobodyCame"
  | "readInPart"
  | "replaces"
  | "takenBack"
  | "reacted"
  | "onlyFiles";

/** What a customer is told beside an answer or instead of one. In braces stands what is put in. */
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
  handedOverTopic: {
    en: "Questions on this topic are answered by people, so I've passed yours to a person on the team. They'll answer you right here.",
    de: "Fragen zu diesem Thema beantworten Menschen. Ich habe Ihre an eine Person aus dem Team weitergegeben. Sie antwortet Ihnen hier.",
    fr: "Les questions sur ce sujet sont traitées par des personnes. J'ai transmis la vôtre à une personne de l'équipe. Elle vous répondra ici même.",
    es: "Las preguntas sobre este tema las responden personas. He pasado la suya a una persona del equipo. Le responderá aquí mismo.",
    pt: "As perguntas sobre este assunto são respondidas por pessoas. Encaminhei a sua a uma pessoa da equipa. A resposta virá aqui mesmo.",
    it: "Alle domande su questo argomento rispondono le persone. Ho passato la sua a una persona del team. Le risponderà proprio qui.",
    nl: "Vragen over dit onderwerp worden door mensen beantwoord. Ik heb de uwe doorgegeven aan iemand van het team. U krijgt hier antwoord.",
  },
  handedOverTopicUnsure: {
    en: "On this topic I only answer when I'm especially sure, and here I'm not. I've passed your question to a person on the team. They'll answer you right here.",
    de: "Zu diesem Thema antworte ich nur, wenn ich mir besonders sicher bin, und das bin ich hier nicht. Ich habe Ihre Frage an eine Person aus dem Team weitergegeben. Sie antwortet Ihnen hier.",
    fr: "Sur ce sujet, je ne réponds que si je suis particulièrement sûr, et ce n'est pas le cas ici. J'ai transmis votre question à une personne de l'équipe. Elle vous répondra ici même.",
    es: "Sobre este tema solo respondo cuando estoy especialmente seguro, y aquí no lo estoy. He pasado su pregunta a una persona del equipo. Le responderá aquí mismo.",
    pt: "Sobre este assunto só respondo quando tenho uma certeza especial, e aqui não a tenho. Encaminhei a sua pergunta a uma pessoa da equipa. A resposta virá aqui mesmo.",
    it: "Su questo argomento rispondo solo quando sono particolarmente sicuro, e qui non lo sono. Ho passato la sua domanda a una persona del team. Le risponderà proprio qui.",
    nl: "Over dit onderwerp antwoord ik alleen als ik extra zeker ben, en dat ben ik hier niet. Ik heb uw vraag doorgegeven aan iemand van het team. U krijgt hier antwoord.",
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
  handedOverFault: {
    en: "Something went wrong on our side, so I've passed your question to a person on the team. They'll answer you right here. (Reference {reference})",
    de: "Bei uns ist etwas schiefgegangen. Ich habe Ihre Frage an eine Person aus dem Team weitergegeben. Sie antwortet Ihnen hier. (Referenz {reference})",
    fr: "Un problème est survenu de notre côté. J'ai transmis votre question à une personne de l'équipe. Elle vous répondra ici même. (Référence {reference})",
    es: "Algo ha fallado por nuestra parte. He pasado su pregunta a una persona del equipo. Le responderá aquí mismo. (Referencia {reference})",
    pt: "Algo correu mal do nosso lado. Encaminhei a sua pergunta a uma pessoa da equipa. A resposta virá aqui mesmo. (Referência {reference})",
    it: "Qualcosa è andato storto da parte nostra. Ho passato la sua domanda a una persona del team. Le risponderà proprio qui. (Riferimento {reference})",
    nl: "Er is bij ons iets misgegaan. Ik heb uw vraag doorgegeven aan iemand van het team. U krijgt hier antwoord. (Referentie {reference})",
  },
  notDone: {
    en: "That didn't work because of a fault on our side. Please try once more. (Reference {reference})",
    de: "Das hat wegen eines Fehlers auf unserer Seite nicht geklappt. Bitte versuchen Sie es noch einmal. (Referenz {reference})",
    fr: "Cela n'a pas fonctionné à cause d'une erreur de notre côté. Veuillez réessayer. (Référence {reference})",
    es: "No ha funcionado por un fallo nuestro. Inténtelo de nuevo. (Referencia {reference})",
    pt: "Não funcionou devido a uma falha nossa. Tente novamente. (Referência {reference})",
    it: "Non ha funzionato a causa di un nostro errore. Riprovi, per favore. (Riferimento {reference})",
    nl: "Dat is door een fout aan onze kant niet gelukt. Probeer het nog een keer. (Referentie {reference})",
  },
  unreachable: {
    en: "I couldn't reach the team just now, so nobody has seen your question yet. Please ask again in a while; I can try to help meanwhile.",
    de: "Ich konnte das Team gerade nicht erreichen. Ihre Frage hat also noch niemand gesehen. Bitte fragen Sie später noch einmal; bis dahin kann ich versuchen zu helfen.",
    fr: "Je n'ai pas pu joindre l'équipe à l'instant. Personne n'a donc encore vu votre question. Reposez-la dans un moment ; d'ici là, je peux essayer de vous aider.",
    es: "No he podido contactar con el equipo ahora mismo, así que nadie ha visto todavía su pregunta. Vuelva a preguntar dentro de un rato; mientras tanto puedo intentar ayudarle.",
    pt: "Não consegui contactar a equipa agora, por isso ainda ninguém viu a sua pergunta. Volte a perguntar daqui a pouco; entretanto, posso tentar ajudar.",
    it: "In questo momento non sono riuscito a raggiungere il team, quindi nessuno ha ancora visto la sua domanda. La ripeta tra un po'; nel frattempo posso provare ad aiutarla.",
    nl: "Ik kon het team zojuist niet bereiken, dus niemand heeft uw vraag nog gezien. Vraag het straks opnieuw; intussen kan ik proberen te helpen.",
  },
  unsentToAgents: {
    en: "Your message may not have reached the team. Please send it once more. (Reference {reference})",
    de: "Ihre Nachricht hat das Team vielleicht nicht erreicht. Bitte senden Sie sie noch einmal. (Referenz {reference})",
    fr: "Votre message n'est peut-être pas parvenu à l'équipe. Veuillez l'envoyer à nouveau. (Référence {reference})",
    es: "Puede que su mensaje no haya llegado al equipo. Envíelo otra vez. (Referencia {reference})",
    pt: "A sua mensagem pode não ter chegado à equipa. Envie-a novamente. (Referência {reference})",
    it: "Il suo messaggio potrebbe non essere arrivato al team. Lo invii di nuovo. (Riferimento {reference})",
    nl: "Uw bericht heeft het team misschien niet bereikt. Stuur het nog een keer. (Referentie {reference})",
  },
  joined: {
    en: "{agent} has joined and will help you from here.",
    de: "{agent} ist jetzt dabei und hilft Ihnen weiter.",
    fr: "{agent} a rejoint la conversation et va vous aider.",
    es: "{agent} se ha unido y le ayudará a partir de ahora.",
    pt: "{agent} entrou na conversa e vai ajudar a partir daqui.",
    it: "{agent} è ora in questa conversazione e la aiuterà da qui in poi.",
    nl: "{agent} doet nu mee en helpt u verder.",
  },
  moved: {
    en: "{agent} has passed your question on to another team. They'll answer you right here.",
    de: "{agent} hat Ihre Frage an ein anderes Team weitergegeben. Es antwortet Ihnen hier.",
    fr: "{agent} a transmis votre question à une autre équipe. Elle vous répondra ici même.",
    es: "{agent} ha pasado su pregunta a otro equipo. Le responderá aquí mismo.",
    pt: "{agent} encaminhou a sua pergunta a outra equipa. A resposta virá aqui mesmo.",
    it: "{agent} ha passato la sua domanda a un altro team. Le risponderà proprio qui.",
    nl: "{agent} heeft uw vraag doorgegeven aan een ander team. U krijgt hier antwoord.",
  },
  solved: {
    en: "{agent} has marked this as solved. Is it? If not, press the button or just write what is left.",
    de: "{agent} hat dies als gelöst markiert. Stimmt das? Wenn nicht, drücken Sie den Knopf oder schreiben Sie, was noch fehlt.",
    fr: "{agent} a indiqué que c'est résolu. Est-ce le cas ? Sinon, appuyez sur le bouton ou écrivez ce qu'il reste à faire.",
    es: "{agent} ha marcado esto como resuelto. ¿Es así? Si no, pulse el botón o escriba qué falta.",
    pt: "{agent} marcou isto como resolvido. Está? Se não, prima o botão ou escreva o que falta.",
    it: "{agent} ha indicato che è risolto. È così? Se no, prema il pulsante o scriva che cosa manca.",
    nl: "{agent} heeft dit als opgelost gemarkeerd. Klopt dat? Zo niet, druk op de knop of schrijf wat er nog ontbreekt.",
  },
  confirmed: {
    en: "Good to hear. If anything else comes up, just ask.",
    de: "Das freut mich. Wenn noch etwas ist, fragen Sie einfach.",
    fr: "Tant mieux. Si autre chose se présente, demandez-moi.",
    es: "Me alegro. Si surge algo más, pregunte sin problema.",
    pt: "Ainda bem. Se surgir mais alguma coisa, é só perguntar.",
    it: "Bene. Se c'è altro, chieda pure.",
    nl: "Fijn om te horen. Is er nog iets, vraag het gerust.",
  },
  rate: {
    en: "How was the help you got? 1 is poor, 5 is very good.",
    de: "Wie war die Hilfe? 1 ist schlecht, 5 ist sehr gut.",
    fr: "Comment évaluez-vous l'aide reçue ? 1 : mauvaise, 5 : très bonne.",
    es: "¿Qué le pareció la ayuda? 1 es mala, 5 es muy buena.",
    pt: "Como avalia a ajuda que recebeu? 1 é má, 5 é muito boa.",
    it: "Come valuta l'aiuto ricevuto? 1 è scarso, 5 è ottimo.",
    nl: "Hoe was de hulp die u kreeg? 1 is slecht, 5 is heel goed.",
  },
  sayWhy: {
    en: "Thank you. If you like, say why right below. What you write in the conversation is a new question.",
    de: "Vielen Dank. Wenn Sie möchten, sagen Sie gleich hier darunter, warum. Was Sie in der Unterhaltung schreiben, ist eine neue Frage.",
    fr: "Merci. Si vous le souhaitez, dites pourquoi juste en dessous. Ce que vous écrivez dans la conversation est une nouvelle question.",
    es: "Gracias. Si quiere, diga por qué justo aquí debajo. Lo que escriba en la conversación es una pregunta nueva.",
    pt: "Obrigado. Se quiser, diga porquê logo aqui em baixo. O que escrever na conversa é uma nova pergunta.",
    it: "Grazie. Se vuole, dica perché qui sotto. Ciò che scrive nella conversazione è una nuova domanda.",
    nl: "Dank u. Als u wilt, zeg hieronder waarom. Wat u in het gesprek schrijft, is een nieuwe vraag.",
  },
  whatWasWrong: {
    en: "Sorry that this didn't help. What was wrong with it? It is looked at by the team.",
    de: "Schade, dass das nicht geholfen hat. Was war daran falsch? Das Team sieht es sich an.",
    fr: "Désolé que cela n'ait pas aidé. Qu'est-ce qui n'allait pas ? L'équipe va le regarder.",
    es: "Siento que no le haya servido. ¿Qué estaba mal? El equipo lo revisa.",
    pt: "Lamento que não tenha ajudado. O que estava errado? A equipa vai ver.",
    it: "Mi dispiace che non sia stato utile. Che cosa non andava? Il team lo esamina.",
    nl: "Jammer dat dit niet hielp. Wat klopte er niet? Het team kijkt ernaar.",
  },
  returned: {
    en: "{agent} has handed this back to me. If there is anything else, just ask.",
    de: "{agent} hat mir das Gespräch zurückgegeben. Wenn noch etwas ist, fragen Sie einfach.",
    fr: "{agent} m'a rendu la conversation. Si vous avez une autre question, posez-la-moi.",
    es: "{agent} me ha devuelto la conversación. Si hay algo más, pregunte sin problema.",
    pt: "{agent} devolveu-me a conversa. Se houver mais alguma coisa, é só perguntar.",
    it: "{agent} mi ha restituito la conversazione. Se c'è altro, chieda pure.",
    nl: "{agent} heeft het gesprek aan mij teruggegeven. Is er nog iets, vraag het gerust.",
  },
  reopened: {
    en: "I've told the team that this isn't solved yet. A person will answer you right here.",
    de: "Ich habe dem Team gesagt, dass dies noch nicht gelöst ist. Eine Person antwortet Ihnen hier.",
    fr: "J'ai signalé à l'équipe que ce n'est pas encore résolu. Une personne vous répondra ici même.",
    es: "He avisado al equipo de que esto aún no está resuelto. Una persona le responderá aquí mismo.",
    pt: "Avisei a equipa de que isto ainda não está resolvido. Uma pessoa responderá aqui mesmo.",
    it: "Ho avvisato il team che non è ancora risolto. Una persona le risponderà proprio qui.",
    nl: "Ik heb het team laten weten dat dit nog niet is opgelost. Iemand antwoordt u hier.",
  },
  nobodyCame: {
    en: "I'm sorry: nobody on the team could take your question. Please ask again; I can try to help meanwhile.",
    de: "Es tut mir leid: Niemand aus dem Team konnte Ihre Frage übernehmen. Bitte fragen Sie noch einmal; bis dahin versuche ich zu helfen.",
    fr: "Je suis désolé : personne de l'équipe n'a pu prendre votre question. Posez-la de nouveau ; en attendant, j'essaierai de vous aider.",
    es: "Lo siento: nadie del equipo ha podido atender su pregunta. Vuelva a preguntar; mientras tanto puedo intentar ayudarle.",
    pt: "Lamento: ninguém da equipa pôde atender a sua pergunta. Pergunte de novo; entretanto posso tentar ajudar.",
    it: "Mi dispiace: nessuno del team ha potuto occuparsi della sua domanda. La ponga di nuovo; intanto posso provare ad aiutarla.",
    nl: "Het spijt me: niemand van het team kon uw vraag oppakken. Stel hem gerust opnieuw; intussen probeer ik te helpen.",
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
    en: "Your question has changed, so this takes the place of my earlier answer.",
    de: "Ihre Frage hat sich geändert. Dies ersetzt meine frühere Antwort.",
    fr: "Votre question a changé. Ceci remplace ma réponse précédente.",
    es: "Su pregunta ha cambiado. Esto sustituye mi respuesta anterior.",
    pt: "A sua pergunta mudou. Isto substitui a minha resposta anterior.",
    it: "La sua domanda è cambiata. Questo sostituisce la mia risposta precedente.",
    nl: "Uw vraag is veranderd. Dit vervangt mijn eerdere antwoord.",
  },
  takenBack: {
    en: "(This message was taken back.)",
    de: "(Diese Nachricht wurde zurückgezogen.)",
    fr: "(Ce message a été retiré.)",
    es: "(Este mensaje se ha retirado.)",
    pt: "(Esta mensagem foi retirada.)",
    it: "(Questo messaggio è stato ritirato.)",
    nl: "(Dit bericht is ingetrokken.)",
  },
  reacted: {
    en: "{name} reacted with {emoji} to: “{words}”",
    de: "{name} hat mit {emoji} reagiert auf: „{words}“",
    fr: "{name} a réagi avec {emoji} à : « {words} »",
    es: "{name} ha reaccionado con {emoji} a: «{words}»",
    pt: "{name} reagiu com {emoji} a: «{words}»",
    it: "{name} ha reagito con {emoji} a: «{words}»",
    nl: "{name} heeft met {emoji} gereageerd op: “{words}”",
  },
  onlyFiles: {
    en: "I can't read files. Please tell me in words what you need, or ask for a person: what you send then goes to them.",
    de: "Dateien kann ich nicht lesen. Bitte schreiben Sie mir, was Sie brauchen, oder fragen Sie nach einer Person: Was Sie dann senden, geht an sie.",
    fr: "Je ne sais pas lire les fichiers. Dites-moi avec des mots ce qu'il vous faut, ou demandez une personne : ce que vous enverrez ensuite lui parviendra.",
    es: "No puedo leer archivos. Dígame con palabras lo que necesita, o pida una persona: lo que envíe entonces le llegará.",
    pt: "Não consigo ler ficheiros. Diga-me por palavras o que precisa, ou peça uma pessoa: o que enviar depois chegará a ela.",
    it: "Non so leggere i file. Mi dica a parole che cosa le serve, o chieda una persona: ciò che invierà poi arriverà a lei.",
    nl: "Ik kan geen bestanden lezen. Zeg in woorden wat u nodig hebt, of vraag om een persoon: wat u daarna stuurt, gaat naar die persoon.",
  },
};

/** @param put what stands for the words in braces; names as they are, whatever they hold. */
export function customerText(
  name: CustomerTextName,
  language: FixedTextLanguage,
  put: Readonly<Record<string, string>> = {},
): string {
  return CUSTOMER_TEXTS[name][language].replaceAll(/\{(\w+)\}/gu, (braces, key: string) => put[key] ?? braces);
}

export function readInPartText(language: FixedTextLanguage, characters: number): string {
  return customerText("readInPart", language, { characters: characters.toLocaleString(language) });
}
