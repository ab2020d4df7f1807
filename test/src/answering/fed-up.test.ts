import { describe, expect, it } from "vitest";
import { asksSomething, fedUp } from "../../../src/answering/policy/fed-up.js";
import type { ConversationTurn } from "../../../src/ports/models.js";

const ANSWERED: readonly ConversationTurn[] = [
  { role: "customer", text: "How do I pair the lamp?" },
  { role: "bot", text: "Hold the button for ten seconds. [1]" },
];

describe("a customer who has had enough of the bot", () => {
  it.each([
    "This is useless.",
    "you're not helping",
    "That doesn't help!",
    "that does not answer my question",
    "I already told you, it blinks red",
    "are you even reading what I write?",
    "stupid bot",
    "what a waste of time",
    "Das hilft mir überhaupt nicht weiter.",
    "Das beantwortet meine Frage nicht",
    "Ça ne m'aide pas",
    "C'est vraiment inutile",
    "Esto no me sirve de nada",
    "não está me ajudando",
    "Questo non mi aiuta",
    "Dit helpt me niet verder",
  ])("says so: %s", (words) => {
    expect(fedUp(words, ANSWERED)).toBe("frustrated");
  });

  it.each([
    "What is the worst case for the battery?",
    "Does the lamp help me sleep?",
    "The old cable is useless now, which one do I buy?",
    "It does not help the lamp to stand in the sun, does it?",
    "Is there support for the older hub?",
    "Wie hilft mir die App beim Einrichten?",
    "Ist das nutzbar ohne Hub?",
    "¿Esto sirve para la lámpara grande?",
    "Thanks, that helps!",
    "Can I give up my subscription?",
    "How do I stop the bot from writing?",
  ])("is nobody who asks on: %s", (words) => {
    expect(fedUp(words, ANSWERED)).toBeNull();
  });

  it.each(["This is useless!", "Stupid bot. Argh!", "Das hilft mir nicht weiter", "A human please", "Thanks!"])(
    "asks for nothing with: %s",
    (words) => {
      expect(asksSomething(words)).toBe(false);
    },
  );

  it.each([
    "That doesn't help. It still blinks red after ten seconds.",
    "This is useless, how do I pair the big lamp?",
  ])("still asks with: %s", (words) => {
    expect(asksSomething(words)).toBe(true);
  });

  it("is nobody to whom the bot has not said anything yet", () => {
    expect(fedUp("This is useless.", [])).toBeNull();
    expect(fedUp("This is useless.", [...ANSWERED, { role: "agent", text: "Ana here." }])).toBeNull();
  });

  it("asks the same for the third time in a row, in whatever order of words", () => {
    const again: readonly ConversationTurn[] = [
      ...ANSWERED,
      { role: "customer", text: "but how do I pair the lamp" },
      { role: "bot", text: "Hold the button for ten seconds. [1]" },
    ];
    expect(fedUp("How can I pair the lamp??", ANSWERED)).toBeNull();
    expect(fedUp("The lamp, how do I pair it?", again)).toBe("asked-again");
    expect(fedUp("How do I pair the big lamp with two hubs?", again)).toBeNull();
    const between: readonly ConversationTurn[] = [
      ...again,
      { role: "customer", text: "How long is the warranty?" },
      { role: "bot", text: "Three years. [1]" },
      { role: "customer", text: "And the shipping costs?" },
      { role: "bot", text: "Nothing. [1]" },
    ];
    expect(fedUp("How do I pair the lamp?", between)).toBeNull();
  });
});
