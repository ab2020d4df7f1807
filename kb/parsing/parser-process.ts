import type { FetchedItem } from "../sources/source.js";
import type { ParseOutcome } from "./parsed-document.js";
import { parseDocument } from "./parse-document.js";

/** What goes to the child process. Answers come back in the order of the jobs. */
export interface ParseJob {
  readonly id: number;
  readonly item: FetchedItem;
}

export interface ParseJobResult {
  readonly id: number;
  readonly outcome: ParseOutcome;
}

/** Serves parse jobs, one after the other, until the parent goes away. */
export function serveParseJobs(port: NodeJS.Process, maxOutputCharacters: number): void {
  let last = Promise.resolve();
  port.on("message", (message) => {
    // Only the sandbox that started this process has a channel to it.
    const { id, item } = message as ParseJob;
    last = last.then(async () => {
      const outcome = withinLimit(await parseDocument(item), maxOutputCharacters);
      port.send?.({ id, outcome } satisfies ParseJobResult);
    });
  });
  port.on("disconnect", () => port.exit(0));
  // From here on time counts against documents.
  port.send?.("ready");
}

function withinLimit(outcome: ParseOutcome, maxCharacters: number): ParseOutcome {
  if (!outcome.ok) return outcome;
  const characters = outcome.documents.reduce((sum, document) => sum + JSON.stringify(document).length, 0);
  if (characters <= maxCharacters) return outcome;
  const message = `The text has ${characters} characters; at most ${maxCharacters} are read. Split the file.`;
  return { ok: false, failure: { code: "too-much-text", message } };
}
