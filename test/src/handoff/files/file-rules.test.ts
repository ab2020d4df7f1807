import fc from "fast-check";
import { expect, it } from "vitest";
import { fileEnding, fileName, mediaTypeOf, refusalBefore } from "../../../../src/handoff/files/file-rules.js";

const rules = { maxBytes: 1_000, types: null, blockedTypes: ["exe"] };

it.each([
  ["../../etc/passwd", "_.._etc_passwd"],
  ["C:\\till\\scan.PDF", "C_till_scan.PDF"],
  ["in\u202Evoice.fdp.exe\u0000", "invoice.fdp.exe"],
  [" . ", "file"],
])("makes %j a name and nothing else", (given, name) => {
  expect(fileName(given)).toBe(name);
});

it("keeps a name's ending, however long it is, and makes no name of a path", () => {
  const stem = fc.string({ unit: "grapheme", minLength: 1, maxLength: 400 });
  fc.assert(
    fc.property(stem, (text) => {
      const name = fileName(`a${text}.pdf`);
      expect(fileEnding(name)).toBe("pdf");
      expect(name.length).toBeLessThanOrEqual(150);
      expect(name).not.toMatch(/[\\/:*?"<>|\p{Cc}]/u);
      expect(fileName(name)).toBe(name);
    }),
  );
});

it.each([
  ["run.pdf.EXE", 10, "type"],
  ["a.pdf", 1_001, "too-large"],
  ["a.pdf", 0, "empty"],
  ["a.pdf", null, null],
  ["exe", 10, null],
])("%s of %s bytes: %s", (name, size, refusal) => {
  expect(refusalBefore(name, size, rules)).toBe(refusal);
});

it("lets only the listed types through where there is a list", () => {
  const listed = { ...rules, types: ["png"] };
  expect([refusalBefore("a.PNG", 1, listed), refusalBefore("a.gif", 1, listed)]).toEqual([null, "type"]);
});

it("takes no media type for more than a media type", () => {
  expect(["image/PNG; x=1", "text/html\r\nx: y", "*/*", null].map(mediaTypeOf)).toEqual([
    "image/png",
    ...Array<string>(3).fill("application/octet-stream"),
  ]);
});
