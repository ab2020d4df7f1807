import { expect, it } from "vitest";
import { countChanges, unifiedDiff, type VersionText } from "../../../kb/lifecycle/compare-versions.js";

/** Two texts of so many characters each; the first line of one is the last one of the other. */
function withMovedLine(characters: number): readonly [VersionText, VersionText] {
  const lines = Array.from({ length: characters / 50 }, (_, index) => `${index}`.padEnd(49, "x"));
  const text = (body: readonly string[]) => ({ label: "a.md", title: "A", body: body.join("\n") });
  return [text(["Moved.", ...lines]), text([...lines, "Moved."])];
}

it("a line that has moved counts for two in short texts, and for none in long ones", () => {
  expect(countChanges(...withMovedLine(90_000))).toEqual({ addedLines: 1, removedLines: 1 });
  expect(countChanges(...withMovedLine(110_000))).toEqual({ addedLines: 0, removedLines: 0 });
});

it("texts that are very long are not shown line by line", () => {
  expect(unifiedDiff(...withMovedLine(900_000))).toContain("\n+Moved.\n");
  expect(unifiedDiff(...withMovedLine(1_100_000))).toEqual({ addedLines: 0, removedLines: 0 });
});
