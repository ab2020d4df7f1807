import { describe, expect, it } from "vitest";
import { afterResolved } from "../../../src/handoff/after-resolved.js";

const ABOUT = ["Where is my order 4711?", "It left our warehouse on Monday, so the parcel should arrive tomorrow."];

describe("what a customer means after their handoff was resolved", () => {
  it.each(["Thanks!", "Yes", "yes, it works", "ja", "Danke", "Sí, gracias", "that worked", "oui", "Thanks, Ana!"])(
    "takes %j for a yes",
    (text) => {
      expect(afterResolved(text, ABOUT)).toBe("solved");
    },
  );

  it.each([
    "No",
    "It still has not arrived",
    "Der Link funktioniert nicht",
    "Yes but it fails again",
    "and what about the second parcel?",
    "Where is the parcel then?",
    "I want to talk to a person",
    "?",
    "toujours rien",
  ])("opens it again for %j", (text) => {
    expect(afterResolved(text, ABOUT)).toBe("not-solved");
  });

  it.each([
    "How do I change my password?",
    "Do you have a student discount?",
    "Wie kündige ich mein Abonnement?",
    "Hello",
    "Thanks. How do I change my password?",
  ])("takes %j for a new question", (text) => {
    expect(afterResolved(text, ABOUT)).toBe("new-question");
  });
});
