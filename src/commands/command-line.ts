const KNOWLEDGE_WORDS =
  "status|add|sync|pause|resume|remove|restore|show|history|diff|search|write|entries|approve|publish|archive|stale|audit";

/**
 * Words that are a command when somebody speaks to the bot. A question that begins with such a word ("help me …",
 * "explain why …") stays a question.
 */
const COMMAND = new RegExp(
  `^\\/?(?:kb(?:\\s+(?:${KNOWLEDGE_WORDS})\\b.*)?|explain\\s+[\\da-f]{8}-[\\da-f-]{27}|confirm\\s+(?:[\\da-f]{6}|[\\da-f]{8}-[\\da-f-]{27})|doctor|help)$`,
  "isu",
);

/** The command line that a text is, or null when it is a message. The same on every surface. */
export function commandLine(text: string): string | null {
  const line = text.trim();
  return COMMAND.test(line) ? line.replace(/^\//u, "") : null;
}
