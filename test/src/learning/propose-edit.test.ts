import { describe, expect, it } from "vitest";
import { proposeEdit } from "../../../src/learning/propose-edit.js";

const ARTICLE = `---
title: Returns
---

# Returns

You can send back what you have bought.

## Refunds

Refunds take 5 working days. They go to the card
that you have paid with.

- Vouchers are not refunded.
- Gift cards are refunded as gift cards.

## Parcels

Print the label before you close the parcel.
`;
const article = { body: ARTICLE, headingPath: ["Returns", "Refunds"] };

function edited(answer: string, question = "How long does a refund take?"): string | null {
  return proposeEdit(article, { question, answer });
}

describe("what an article would say", () => {
  it("with a sentence that gives another number in the place of the one that it contradicts", () => {
    expect(edited("Refunds take 10 working days.")).toBe(
      ARTICLE.replace("Refunds take 5 working days.", "Refunds take 10 working days."),
    );
  });

  it("with the contrary in the place of the sentence of a list", () => {
    expect(edited("Vouchers are refunded.")).toBe(
      ARTICLE.replace("Vouchers are not refunded.", "Vouchers are refunded."),
    );
  });

  it("with a sentence that says more in the place of one whose lines break", () => {
    expect(edited("They go to the card that you have paid with, or to your bank account.")).toBe(
      ARTICLE.replace(
        "They go to the card\nthat you have paid with.",
        "They go to the card that you have paid with, or to your bank account.",
      ),
    );
  });

  it("with what is new behind what it is closest to, in the section that was found, and nothing else", () => {
    const answer = "Refunds to a closed bank account are sent by cheque. The cheque comes by mail.";
    expect(edited(answer)).toBe(ARTICLE.replace("paid with.\n", `paid with.\n\n${answer}\n`));
  });

  it("leaves out what it says already, and is none where it says all of it", () => {
    expect(edited("Print the label before you close the parcel. Refunds take 10 working days.")).toBe(
      ARTICLE.replace("5 working", "10 working"),
    );
    expect(edited("Refunds take 5 working days!")).toBeNull();
  });

  it("keeps steps and code of an answer as they are", () => {
    const steps = "1. Open Refunds.\n2. Press Again.";
    const proposed = edited(`Ask for it once more:\n\n${steps}\n\n\`\`\`sh\nrefund --again\n\`\`\``);
    expect(proposed).toContain(`\n\n${steps}\n\n\`\`\`sh\nrefund --again\n\`\`\`\n`);
  });

  it("changes nothing but whole lines around what it puts in, wherever the section is", () => {
    for (const headingPath of [[], ["No such heading"], ["Returns"], ["Returns", "Parcels"]]) {
      const proposed = proposeEdit({ body: ARTICLE, headingPath }, { question: "Who?", answer: "Ask Otto Nagel." });
      expect(proposed?.split("\n").filter((line) => line !== "Ask Otto Nagel." && line !== "")).toEqual(
        ARTICLE.split("\n").filter((line) => line !== ""),
      );
    }
  });
});
