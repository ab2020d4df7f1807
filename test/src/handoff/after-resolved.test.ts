import { describe, expect, it } from "vitest";
import { afterResolved } from "../../../src/handoff/after-resolved.js";

const ABOUT = {
  said: ["Where is my order 4711?", "It left our warehouse on Monday, so the parcel should arrive tomorrow."],
  names: ["Ana Agent", "Deskhand"],
};

describe("what a customer means after their handoff was resolved", () => {
  it.each([
    "Thanks!",
    "Yes",
    "yes, it works",
    "ja",
    "Danke",
    "Sí, gracias",
    "that worked",
    "oui",
    "Thanks, Ana!",
    "Thanks again for your help",
    "No problem, thank you",
    "No more questions, thanks!",
    "nein danke, alles gut",
    "It's solved",
    "That solved it",
    "Great, that fixed it 👍",
    "👍",
    "Merci beaucoup !",
  ])("takes %j for a yes", (text) => {
    expect(afterResolved(text, ABOUT)).toBe("solved");
  });

  it.each([
    "No",
    "It still has not arrived",
    "Der Link funktioniert nicht",
    "Yes but the parcel fails again",
    "and what about the second parcel?",
    "Where is the parcel then?",
    "I want to talk to a person",
    "?",
    "…",
    "toujours rien",
    "Danke, das hat nicht geholfen",
    "Passt nicht",
    "Merci, ça ne m'aide pas",
    "Si no recibo el reembolso hoy llamo a mi banco",
    "Yes, I have waited since Monday and the money is not there",
    "Thanks, I never received it",
  ])("opens it again for %j", (text) => {
    expect(afterResolved(text, ABOUT)).toBe("not-solved");
  });

  it.each([
    "How do I change my password?",
    "Do you have a student discount?",
    "Wie kündige ich mein Abonnement?",
    "Hello",
    "Thanks. How do I change my password?",
    "thanks, how do I change my password",
    "Thanks. Now I need to change my delivery address to Berlin",
    "Thank you. Please also cancel my subscription",
  ])("takes %j for a new question", (text) => {
    expect(afterResolved(text, ABOUT)).toBe("new-question");
  });
});
