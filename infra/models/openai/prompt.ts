import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cleanText } from "../../../src/answering/text/clean-text.js";
import type { GenerationRequest, PromptPassage } from "../../../src/ports/models.js";
import { packageRoot } from "../../package-root.js";
import { renderSections, turnSections, type Section } from "./data-sections.js";

/**
 * Goes to the trace with every answer, and names the file in `prompts/` that the instruction comes from. A file that was
 * released is never changed: other words, or another layout of the data, get another file.
 */
export const PROMPT_VERSION = "cited-answer-4";

export interface RenderedPrompt {
  readonly instruction: string;
  /** The data: what was said before, the passages, the question. */
  readonly input: string;
}

/** What a draft is asked for as: an object that says what it is, or Markdown alone. */
export type DraftForm = "object" | "markdown";

export type Instructions = Readonly<Record<DraftForm, string>>;

/** The conversation that a follow-up may need; the question itself has been made to stand alone already. */
const TURNS = { newest: 8, characters: 1500 };

const PARTS = /^([\s\S]+)<!-- as an object -->([\s\S]+)<!-- as Markdown -->([\s\S]+)$/u;

/** Reads the instruction of a version. @throws when the installation is damaged. */
export function readInstructions(version = PROMPT_VERSION): Instructions {
  const file = join(packageRoot(), "infra", "models", "openai", "prompts", `${version}.md`);
  const [, rules, object, markdown] = PARTS.exec(readFileSync(file, "utf8").replaceAll("\r\n", "\n")) ?? [];
  if (rules === undefined || object === undefined || markdown === undefined) {
    throw new Error(`prompt ${version} is incomplete: install the package again`);
  }
  return { object: `${rules.trim()}\n\n${object.trim()}`, markdown: `${rules.trim()}\n${markdown.trim()}` };
}

/** Renders the data of a request for a model. Every piece that others wrote is a section. */
export function renderInput({ question, language, history, passages }: GenerationRequest): string {
  return renderSections([
    ...turnSections(history, TURNS),
    ...passages.map(passageSection),
    { label: `question of the customer${toBeAnsweredIn(language)}`, text: cleanText(question) },
  ]);
}

/** What it names was found out here, and is one of the languages that there are: nothing that others wrote. */
function toBeAnsweredIn(language: string | null): string {
  const name = language === null ? undefined : new Intl.DisplayNames(["en"], { type: "language" }).of(language);
  return name === undefined ? "" : `, to be answered in ${name}`;
}

export function passageSection({ number, title, headingPath, text }: PromptPassage): Section {
  const heading = headingPath.filter((part) => part !== title);
  const lines = [`Title: ${title}`, ...(heading.length === 0 ? [] : [`Section: ${heading.join(" > ")}`]), "", text];
  return { label: `passage [${number}]`, text: cleanText(lines.join("\n")) };
}
