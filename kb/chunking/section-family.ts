import type { DocumentKind } from "../../src/ports/models.js";
import type { Section } from "./sections.js";

const CAUSE_OR_REMEDY =
  /^(?:(?:possible|probable|likely|root|mögliche)\s+)?(?:symptoms?|causes?|reasons?|diagnosis|resolutions?|solutions?|remed(?:y|ies)|fix(?:es)?|workarounds?|what to do|how to fix|symptome?|ursachen?|lösung(?:en)?|abhilfe|behebung|fehlerbehebung)\b/iu;

const VERSION = /(?:^|[^\p{L}\d.])v?\d+\.\d+|\b(?:version|release|firmware|build)\s+v?\d|\b(?:19|20)\d\d\b/iu;

const QUESTION = /[?？]$/u;

/**
 * For each section the heading path of the family that it is kept together with, or null: the symptom of its causes and
 * remedies, the version of a release note, the question of an FAQ page.
 */
export function familiesOf(sections: readonly Section[], kind: DocumentKind): readonly (readonly string[] | null)[] {
  switch (kind) {
    case "faq":
      return sections.map(({ path }) => upTo(path, QUESTION));
    case "release":
      return sections.map(({ path }) => upTo(path, VERSION));
    case "troubleshooting":
    case "manual":
    case "policy":
    case "page":
      return problemsOf(sections, kind === "troubleshooting");
  }
}

/** The path up to the outermost heading of a form. */
function upTo(path: readonly string[], form: RegExp): readonly string[] | null {
  const index = path.findIndex((heading) => form.test(heading));
  return index === -1 ? null : path.slice(0, index + 1);
}

/** A problem is what has headings like "Cause" and "Remedy" right below it: a heading, or a page about one problem. */
function problemsOf(sections: readonly Section[], isAboutProblems: boolean): readonly (readonly string[] | null)[] {
  const problems = new Set<string>();
  for (const { path } of sections) {
    path.forEach((heading, depth) => {
      if ((depth > 0 || isAboutProblems) && CAUSE_OR_REMEDY.test(heading)) problems.add(keyOf(path.slice(0, depth)));
    });
  }
  if (problems.size === 0) return sections.map(() => null);
  return sections.map(({ path }) => {
    const depth = [...path, ""].findIndex((_, index) => problems.has(keyOf(path.slice(0, index))));
    return depth === -1 ? null : path.slice(0, depth);
  });
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
