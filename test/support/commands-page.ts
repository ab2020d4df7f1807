import type { Command } from "commander";
import { createProgram } from "../../infra/cli/program.js";
import type { ProgramDependencies } from "../../infra/cli/program-dependencies.js";
import { COMMAND_HELP } from "../../src/commands/command-help.js";

const INTRODUCTION = `# Commands

This page is made from the program's own help: \`UPDATE_DOCS=1 npx vitest run test/docs\` writes it again.

After \`npm ci\`, \`npx deskhand …\` works from the repository's folder. While a server runs on the embedded database, commands
work through it; without one they open the database themselves. Nothing has to be told about that.

- Results go to standard output, notices and progress to standard error. With \`--json\`, standard output is JSON and nothing else.
- The exit status is 0 when all is well, 1 when something failed, 2 for a command or a configuration that is wrong.
- A message about a failure says what to do next. \`LOG_LEVEL=debug\` adds where in the program it happened.
- Settings are described in \`deskhand.sample.yaml\`; addresses and secrets come from the environment.
`;

const GROUPS: readonly { readonly title: string; readonly text: string; readonly commands: readonly string[] }[] = [
  {
    title: "Running it",
    text: "The server answers in the browser until it is stopped. `doctor` is the first thing to run when something is wrong.",
    commands: ["start", "doctor", "migrate"],
  },
  {
    title: "Asking",
    text: "Both talk to the same bot as the browser does. A question that goes to a person waits on the agents' side of the page.",
    commands: ["ask", "chat"],
  },
  {
    title: "Documents",
    text:
      "A source is a folder, a JSON-lines file, a repository, a website or a service; see [Add your documents](knowledge.md). A\n" +
      "sync reads only what has changed, and can be stopped and started again at any time.",
    commands: ["kb add", "kb sync", "kb status", "kb diff", "kb search"],
  },
  {
    title: "Looking after documents",
    text: "What a source or a document was before is kept, and can be brought back. Whoever changes something is recorded.",
    commands: [
      ...["kb remove", "kb pause", "kb resume", "kb restore", "kb show", "kb history", "kb write", "kb approve"],
      ...["kb publish", "kb archive", "kb entries", "kb stale", "kb audit"],
    ],
  },
  {
    title: "What handoffs taught",
    text: "What agents answered waits here until somebody approves it; see [Learning from handoffs](learning.md).",
    commands: [
      "learn list",
      "learn show",
      "learn edit",
      "learn split",
      "learn approve",
      "learn done",
      "learn reject",
      "learn cases",
      "learn case",
      "learn label",
      "learn export",
      "gaps",
    ],
  },
  {
    title: "Handoffs",
    text: "What your teams have to do, and how fast they are; see [A person takes over](handoff.md).",
    commands: ["handoffs status", "handoffs list", "handoffs transcript"],
  },
  {
    title: "Measuring",
    text: "`explain` shows how one answer came to be. Evaluations and benchmarks print one JSON object last.",
    commands: [
      "explain",
      "eval retrieval",
      "eval answers",
      "eval compare",
      "tune threshold",
      "tune fusion",
      "bench answer",
      "bench ingress",
      "bench relay",
      "bench sync",
      "bench retrieval",
    ],
  },
  {
    title: "Configuration",
    text: "Every problem is named at once, with its variable or its line. Values are never printed.",
    commands: ["config check", "config show", "config sample", "config schema"],
  },
];

/** docs/commands.md, from the help of the program. */
export function commandsPage(): string {
  const program = createProgram({ version: "0", env: {} } as unknown as ProgramDependencies);
  const groups = GROUPS.flatMap(({ title, text, commands }) => [
    `## ${title}\n\n${text}\n`,
    ...commands.map((path) => `### deskhand ${path}\n\n\`\`\`text\n${helpOf(program, path)}\n\`\`\`\n`),
  ]);
  return [INTRODUCTION, ...groups, inConversations()].join("\n");
}

/** The commands that the page describes. */
export const DESCRIBED_COMMANDS = GROUPS.flatMap(({ commands }) => commands);

function helpOf(program: Command, path: string): string {
  const command = path
    .split(" ")
    .reduce<Command | undefined>((parent, name) => parent?.commands.find((child) => child.name() === name), program);
  if (command === undefined) throw new Error(`there is no command ${path}`);
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text.trimEnd();
}

function inConversations(): string {
  const lines = COMMAND_HELP.map(({ usage, text }) => `- \`${usage}\`: ${text}`);
  return `## Commands in a conversation

Typed after a slash in \`deskhand chat\`, in the console, after a mention or in a direct message, and as slash commands where a chat
platform has them. Customers may search and ask for help; what only reads is for agents; what changes something, \`kb audit\` and
\`doctor\` are for admins. Folders are added from a conversation only below \`knowledge.roots\`.

What takes something away first says in numbers what it would do. It is done when its author presses Confirm or types
\`confirm\` with the code, within ten minutes, once.

${lines.join("\n")}
`;
}
