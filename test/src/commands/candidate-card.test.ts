import fc from "fast-check";
import { expect, it } from "vitest";
import { reviewLine } from "../../../src/commands/candidate-card.js";
import { parseCommand } from "../../../src/commands/parse-command.js";
import { newId } from "../../../src/ports/ids.js";

const candidateId = newId();
const seen = "2026-03-02T08:00:00.000Z";

it("a press on a card is the command, as of what the card shows", () => {
  expect(parseCommand(reviewLine({ candidateId, seen, verdict: "approve" }))).toEqual({
    kind: "learn-approve",
    ...{ candidate: candidateId, isApart: false, seen },
  });
  expect(parseCommand(reviewLine({ candidateId, seen, verdict: "reject" }))).toEqual({
    kind: "learn-reject",
    ...{ candidate: candidateId, why: null, seen },
  });
});

it("an edited answer is only ever an answer, whatever it says", () => {
  const words = fc.string({ unit: fc.constantFrom("a", '"', "'", "“", "”", " ", "\n", "-", "--force", "é") });
  fc.assert(
    fc.property(words, (typed) => {
      fc.pre(typed.trim() !== "");
      const command = parseCommand(reviewLine({ candidateId, seen, answer: typed }));
      expect(command).toMatchObject({ kind: "learn-edit", candidate: candidateId, question: null, seen });
    }),
  );
  expect(parseCommand(reviewLine({ candidateId, seen, answer: 'Press "Go".\n\n- it\'s done' }))).toMatchObject({
    answer: 'Press "Go".\n\n- it\'s done',
  });
});
