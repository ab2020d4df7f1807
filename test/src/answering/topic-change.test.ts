import { describe, expect, it } from "vitest";
import { makeStandalone } from "../../../src/answering/stages/standalone.js";

/** What came before, and how a customer goes on: about the same, or with something new. */
interface Talk {
  readonly language: "en" | "de";
  readonly before: string;
  readonly goesOn: readonly string[];
  readonly changes: readonly string[];
}

const TALKS: readonly Talk[] = [
  {
    language: "en",
    before: "How do I reset the Hub to factory settings?",
    goesOn: [
      "And the camera?",
      "How long does it take?",
      "Can I undo that?",
      "What about the app?",
      "Does this delete my rooms?",
      "Why?",
      "And on Android?",
      "Is it safe?",
      "Do I need the same code after?",
      "Where do I find it?",
      "Camera?",
      "Will they still work?",
      "but without the button",
      "Can I do this remotely?",
    ],
    changes: [
      "Where is my invoice?",
      "Is there a mobile app?",
      "Do you ship to Norway?",
      "Are there discounts for students?",
      "How do refunds work?",
      "Is it possible to pay by invoice?",
      "What is your phone number?",
      "Can I change my delivery address?",
      "Which payment methods do you take?",
      "There is a scratch on my lamp",
      "I want to cancel my subscription",
      "When do you open?",
      "Is it true that shipping is free?",
      "Who makes the sensor?",
    ],
  },
  {
    language: "de",
    before: "Wie setze ich den Hub auf Werkseinstellungen zurück?",
    goesOn: [
      "Und die Kamera?",
      "Wie lange dauert das?",
      "Kann ich das rückgängig machen?",
      "Was ist mit der App?",
      "Löscht das meine Räume?",
      "Warum?",
      "Und auf Android?",
      "Ist das sicher?",
      "Brauche ich danach denselben Code?",
      "Wo finde ich ihn?",
      "Kamera?",
      "Funktionieren sie danach noch?",
      "aber ohne die Taste",
      "Geht das auch aus der Ferne?",
    ],
    changes: [
      "Wo ist meine Rechnung?",
      "Gibt es eine App fürs Handy?",
      "Liefern Sie nach Norwegen?",
      "Wo finde ich die Rechnung?",
      "Wie funktioniert die Rückerstattung?",
      "Ist es möglich, auf Rechnung zu zahlen?",
      "Wie ist Ihre Telefonnummer?",
      "Kann ich das Lieferdatum ändern?",
      "Welche Zahlungsarten nehmen Sie?",
      "Die Lampe hat einen Kratzer",
      "Ich möchte das Abo kündigen",
      "Wann haben Sie geöffnet?",
      "Wie lange gilt die Garantie?",
      "Wer stellt den Sensor her?",
    ],
  },
];

function takenFor({ language, before }: Talk, question: string): boolean {
  return makeStandalone(question, [{ role: "customer", text: before }], language).isFollowUp;
}

it.each([
  ["How do I switch on the cloud backup?", "Does it also keep photos, videos and contacts from Android phones?", "en"],
  [
    "Wie stelle ich die Kamera ein?",
    "Zeichnet sie nachts auch Bewegungen hinter Fensterscheiben zuverlässig auf?",
    "de",
  ],
])("after %j, what refers back in many words is no new topic: %j", (before, question, language) => {
  expect(makeStandalone(question, [{ role: "customer", text: before }], language).isNewTopic).toBe(false);
});

describe.each(TALKS)("after a question in $language", (talk) => {
  it("knows nearly every follow-up", () => {
    expect(talk.goesOn.filter((question) => !takenFor(talk, question))).toEqual([]);
  });

  it("takes no words over into a new topic", () => {
    expect(talk.changes.filter((question) => takenFor(talk, question))).toEqual([]);
  });
});
