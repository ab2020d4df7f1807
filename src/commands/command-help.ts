/** Every command of conversations with what it does, for help and for messages about misuse. */
export const COMMAND_HELP = [
  { usage: "kb status", text: "which sources there are, and how their last sync went" },
  { usage: "kb add <address> [name]", text: "adds a website or a repository" },
  {
    usage: "kb sync [source] [--yes]",
    text: "reads a source, or all of them, again; --yes also confirms held removals",
  },
  { usage: "kb pause <source>", text: "leaves a source as it is, whatever its schedule says" },
  { usage: "kb resume <source>", text: "goes on syncing a paused source" },
  { usage: "kb remove <source>", text: "takes a source and its documents out of every answer" },
  { usage: "kb restore <source>", text: "brings back a source that was removed" },
  {
    usage: "kb restore <source> <document> --version <number>",
    text: "makes an earlier text of a document current again",
  },
  { usage: "kb show <source> [document]", text: "the documents of a source, or the text of one" },
  {
    usage: "kb history <source> <document> [--diff <number> <number>]",
    text: "the versions of a document, or what two of them differ in",
  },
  {
    usage: "kb diff <source> [--runs] [--run <number>]",
    text: "what the last sync of a source that changed something changed, its last runs, or one of them",
  },
  { usage: "kb search <words>", text: "which passages would be found" },
  {
    usage: 'kb write "<question>" "<answer>" [--variant "<question>"] [--until <date>]',
    text: "drafts a question with its answer",
  },
  { usage: "kb entries [state]", text: "the questions and answers that were written here" },
  { usage: "kb approve <id>", text: "approves a draft" },
  { usage: "kb publish <id>", text: "answers from an approved entry" },
  { usage: "kb archive <id>", text: "takes an entry out of every answer" },
  { usage: "kb stale [--days <number>]", text: "documents that are out of date or were not changed for long" },
  { usage: "kb audit [--limit <number>]", text: "who changed what of the knowledge" },
  { usage: "learn list [state]", text: "what handoffs taught, and waits to be approved" },
  {
    usage: "learn show <id> [--diff]",
    text: "one of them, with the handoffs that it came out of; --diff only what it would change in an article",
  },
  {
    usage: 'learn edit <id> --answer "<answer>" [--question "<question>"]',
    text: "puts other words in the place of an agent's",
  },
  { usage: "learn split <id> <number>", text: "parts a handoff that is about something else" },
  {
    usage: "learn approve <id> [--new] [--force]",
    text: "answers from it, or changes the entry that it is close to; --new: an entry of its own; --force also when other answers get worse",
  },
  { usage: "learn done <id>", text: "notes that the article that it is close to was changed at its source" },
  { usage: "gaps [--since <days>]", text: "which questions the documents did not answer, the most asked first" },
  { usage: "learn cases [state]", text: "answers that did not help, and wait for somebody to say what would" },
  { usage: "learn case <id>", text: "one of them, with what it was answered" },
  {
    usage: "learn label <id> <source> <document>",
    text: "which document answers it; instead of one: --not-answerable, or --dismiss",
  },
  { usage: 'learn reject <id> [--why "<why>"]', text: "leaves it" },
  { usage: "handoffs status", text: "what each team has to do, how fast it was, and who holds how many" },
  { usage: "handoffs list", text: "the newest handoffs" },
  { usage: "confirm <code>", text: "does what a command has asked you to confirm" },
  { usage: "explain [answer id]", text: "how an answer came to be; without an id, the newest one here" },
  { usage: "doctor", text: "what is on, off and broken" },
  { usage: "help", text: "this list" },
] as const;

/** A line that is read as the command whose usage is given. */
export function exampleOf(usage: string): string {
  return usage
    .replaceAll(/\[[^\]]*\]/gu, "")
    .replaceAll(/<(?:id|code)>/gu, "000000")
    .replaceAll("<number>", "1")
    .replaceAll("<address>", "https://example.com")
    .replaceAll(/<[^>]*>/gu, "x")
    .trim();
}

/** How a command is typed whose usage begins like this. */
export function usagesOf(start: string): string {
  const usages = COMMAND_HELP.filter(({ usage }) => usage === start || usage.startsWith(`${start} `));
  return usages.length === 0 ? start : usages.map(({ usage }) => usage).join(" or: ");
}
