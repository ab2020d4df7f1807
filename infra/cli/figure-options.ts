import { InvalidArgumentError } from "commander";
import type { EvaluationRun } from "../../src/answering/evaluation/evaluation-run.js";
import type { FigureLimit } from "../../src/answering/evaluation/figure-limits.js";
import {
  ANSWER_FIGURES,
  FIGURE_NAMES,
  RETRIEVAL_FIGURES,
  type Figure,
} from "../../src/answering/evaluation/figures.js";

/** Reads `FIGURE=VALUE`, as often as it is given. @throws {InvalidArgumentError} naming the figures that there are */
export function limitOption(kind: EvaluationRun["kind"], bound: FigureLimit["bound"]) {
  return (text: string, previous: readonly FigureLimit[] = []): readonly FigureLimit[] => {
    const at = text.lastIndexOf("=");
    const [figure, value] = [text.slice(0, at), text.slice(at + 1).trim()];
    if (at < 1 || value === "" || !Number.isFinite(Number(value))) {
      throw new InvalidArgumentError(`It is a figure and a number, like ${FIGURE_NAMES[kind][1] ?? ""}=0.7.`);
    }
    if (!FIGURE_NAMES[kind].includes(figure)) throw unknownFigure(figure, FIGURE_NAMES[kind]);
    return [...previous, { figure, bound, value: Number(value) }];
  };
}

/** The figures of which a comparison can say that they became worse, by the kind of run. */
export const JUDGED_FIGURES: Readonly<Record<EvaluationRun["kind"], readonly string[]>> = {
  answers: judged(ANSWER_FIGURES),
  retrieval: judged(RETRIEVAL_FIGURES),
};

function judged(figures: Readonly<Record<string, Pick<Figure<never>, "better">>>): readonly string[] {
  return Object.keys(figures).filter((name) => figures[name]?.better !== "neither");
}

/** Reads the name of a figure that can become worse, as often as it is given. @throws {InvalidArgumentError} */
export function judgedFigureOption(name: string, previous: true | readonly string[]): readonly string[] {
  const known = [...JUDGED_FIGURES.answers, ...JUDGED_FIGURES.retrieval];
  if (!known.includes(name)) throw unknownFigure(name, known);
  return previous === true ? [name] : [...previous, name];
}

function unknownFigure(name: string, known: readonly string[]): InvalidArgumentError {
  return new InvalidArgumentError(`There is no figure "${name}". There are: ${known.join(", ")}.`);
}
