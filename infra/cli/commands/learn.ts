import type { Command } from "commander";
import { z } from "zod";
import { replyText } from "../../../src/answering/reply-text.js";
import {
  DEFAULT_GAP_DAYS,
  MOST_GAP_DAYS,
  readCandidateCode,
  readCandidateState,
  readCaseCode,
  readCaseLabel,
  readCaseState,
  readEditedWords,
  readGapDays,
  readWhy,
  type LearningCommand,
} from "../../../src/commands/learning-command.js";
import { readNumber } from "../../../src/commands/knowledge-input.js";
import { NotFoundError } from "../../../src/ports/errors.js";
import type { CommandContext } from "../command-context.js";
import { hasCorpus, labelledSchema, writeLabelled, writtenWords } from "../write-labelled.js";
import { manage } from "./knowledge-care.js";

interface Json {
  readonly json?: boolean;
}

/** What is done with what handoffs taught. */
export function addLearnCommands(program: Command, context: CommandContext): void {
  const learn = program.command("learn").description("Reviews what agents answered, before it is answered from.");
  const run = (command: LearningCommand, options: Json) => manage(context, command, options);
  addReading(learn, context, run);
  addWords(learn, run);
  addDecisions(learn, run);
  addCases(learn, context, run);
  program
    .command("gaps")
    .description("Shows which questions the documents did not answer, the most asked first.")
    .option("--since <days>", `how far back, for example 30d; at most ${MOST_GAP_DAYS} days`, `${DEFAULT_GAP_DAYS}d`)
    .option("--json", "print a JSON object")
    .addHelpText("after", "\nExample:\n  $ deskhand gaps --since 30d")
    .action((options: Json & { since: string }) => run({ kind: "gaps", days: readGapDays(options.since) }, options));
}

type Run = (command: LearningCommand, options: Json) => Promise<void>;

function addReading(learn: Command, context: CommandContext, run: Run): void {
  learn
    .command("list [state]")
    .description("Shows what handoffs taught: what waits, or is approved or rejected, or all.")
    .option("--json", "print a JSON array")
    .addHelpText("after", "\nExamples:\n  $ deskhand learn list\n  $ deskhand learn list all")
    .action((typed: string | undefined, options: Json) =>
      run({ kind: "learn-list", state: readCandidateState(typed) }, options),
    );
  learn
    .command("show <id>")
    .description("Shows one of them, with its wordings and the handoffs that it came out of.")
    .option("--diff", "print only what it would change in an article, as a patch where the article is a file")
    .option("--json", "print a JSON object")
    .addHelpText(
      "after",
      "\nExamples:\n  $ deskhand learn show 1a2b3c\n  $ deskhand learn show 1a2b3c --diff | git apply",
    )
    .action(async (typed: string, options: Json & { diff?: boolean }) => {
      const isDiff = options.diff === true;
      const command = { kind: "learn-show", candidate: readCandidateCode(typed), isDiff } as const;
      if (!isDiff || options.json === true) return run(command, options);
      await printDiff(context, command);
    });
}

const changeSchema = z.object({ diff: z.string().min(1) });

/** The diff as it is: a program may read it. @throws {NotFoundError} where there is none */
async function printDiff({ deps, terminal, withOperations }: CommandContext, command: LearningCommand): Promise<void> {
  const { reply, data } = await withOperations((operations) => operations.manage(command, deps.signal));
  const change = changeSchema.safeParse(data);
  if (!change.success) throw new NotFoundError(replyText(reply));
  terminal.print(change.data.diff.trimEnd());
}

function addWords(learn: Command, run: Run): void {
  learn
    .command("edit <id>")
    .description("Puts other words in the place of an agent's.")
    .option("--question <question>", "the question as it is to be")
    .option("--answer <answer>", "the answer as it is to be; Markdown")
    .option("--json", "print a JSON object")
    .addHelpText("after", '\nExample:\n  $ deskhand learn edit 1a2b3c --answer "Yes, within five days."')
    .action((typed: string, options: Json & { question?: string; answer?: string }) => {
      const words = readEditedWords({ question: options.question ?? null, answer: options.answer ?? null });
      return run({ kind: "learn-edit", candidate: readCandidateCode(typed), ...words }, options);
    });
  learn
    .command("split <id> <number>")
    .description("Parts a handoff that is about something else. Its number is in `learn show`.")
    .option("--json", "print a JSON object")
    .addHelpText("after", "\nExample:\n  $ deskhand learn split 1a2b3c 2")
    .action((typed: string, number: string, options: Json) =>
      run(
        { kind: "learn-split", candidate: readCandidateCode(typed), number: readNumber("The handoff", number) },
        options,
      ),
    );
}

function addDecisions(learn: Command, run: Run): void {
  learn
    .command("approve <id>")
    .description(
      "Answers from it, or changes the entry that it is close to, after the labelled questions of the settings were asked with it.",
    )
    .option("--new", "as an entry of its own, also where one is close that could be changed")
    .option("--force", "also when other answers get worse")
    .option("--json", "print a JSON object")
    .addHelpText("after", "\nExample:\n  $ deskhand learn approve 1a2b3c")
    .action((typed: string, options: Json & { force?: boolean; new?: boolean }) => {
      const kind = options.force === true ? "learn-force" : "learn-approve";
      return run({ kind, candidate: readCandidateCode(typed), isApart: options.new === true }, options);
    });
  learn
    .command("done <id>")
    .description("Notes that the article that it is close to was changed at its source.")
    .option("--json", "print a JSON object")
    .addHelpText("after", "\nExample:\n  $ deskhand learn done 1a2b3c")
    .action((typed: string, options: Json) =>
      run({ kind: "learn-done", candidate: readCandidateCode(typed) }, options),
    );
  learn
    .command("reject <id>")
    .description("Leaves it. Handoffs about the same are counted with it, and it does not come up again.")
    .option("--why <why>", "what is wrong with it")
    .option("--json", "print a JSON object")
    .addHelpText("after", '\nExample:\n  $ deskhand learn reject 1a2b3c --why "no longer sold"')
    .action((typed: string, options: Json & { why?: string }) =>
      run({ kind: "learn-reject", candidate: readCandidateCode(typed), why: readWhy(options.why) }, options),
    );
}

function addCases(learn: Command, context: CommandContext, run: Run): void {
  learn
    .command("cases [state]")
    .description("Shows answers that did not help: what is open, or was labelled or dismissed, or all.")
    .option("--json", "print a JSON array")
    .addHelpText("after", "\nExamples:\n  $ deskhand learn cases\n  $ deskhand learn cases all")
    .action((typed: string | undefined, options: Json) =>
      run({ kind: "learn-cases", state: readCaseState(typed) }, options),
    );
  learn
    .command("case <id>")
    .description("Shows one of them, with what it was answered.")
    .option("--json", "print a JSON object")
    .addHelpText("after", "\nExample:\n  $ deskhand learn case 1a2b3c")
    .action((typed: string, options: Json) => run({ kind: "learn-case", case: readCaseCode(typed) }, options));
  learn
    .command("label <id> [source] [document]")
    .description("Says which document answers one of them.")
    .option("--not-answerable", "no document does, so it belongs to a person")
    .option("--dismiss", "the answer was right, or it is no question to ask again")
    .option("--json", "print a JSON object")
    .addHelpText(
      "after",
      "\nExamples:\n  $ deskhand learn label 1a2b3c manual refunds.md\n  $ deskhand learn label 1a2b3c --not-answerable",
    )
    .action((typed: string, source: string | undefined, document: string | undefined, options: Json & TypedVerdict) => {
      const { notAnswerable: isNotAnswerable = false, dismiss: isDismissed = false } = options;
      return run(readCaseLabel(typed, { source, document, isNotAnswerable, isDismissed }), options);
    });
  addExport(learn, context);
}

interface TypedVerdict {
  readonly notAnswerable?: boolean;
  readonly dismiss?: boolean;
}

function addExport(learn: Command, { deps, terminal, withOperations }: CommandContext): void {
  learn
    .command("export <folder>")
    .description("Writes what was labelled into a folder of labelled questions, as `deskhand eval` reads it.")
    .option("--json", "print a JSON object")
    .addHelpText("after", "\nExample:\n  $ deskhand learn export ./labelled && deskhand eval answers ./labelled")
    .action(async (folder: string, options: Json) => {
      const withCorpus = !(await hasCorpus(folder));
      const { data } = await withOperations((operations) =>
        operations.manage({ kind: "learn-export", withCorpus }, deps.signal),
      );
      const written = await writeLabelled(folder, labelledSchema.parse(data));
      if (options.json === true) terminal.printJson(written);
      else terminal.print(writtenWords(folder, written));
    });
}
