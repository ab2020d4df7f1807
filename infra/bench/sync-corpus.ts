import { createReadStream, createWriteStream } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";

const lineSchema = z.looseObject({ id: z.string(), text: z.string() });

/** One page in a hundred. */
const CHANGED_EVERY = 100;

/**
 * Copies a corpus of JSON lines, with one sentence added to every hundredth page, at the end of a paragraph in its middle.
 * @returns how many sentences that are
 */
export async function copyWithChanges(from: string, to: string): Promise<number> {
  const output = createWriteStream(to);
  let pages = 0;
  let sentences = 0;
  for await (const line of createInterface({ input: createReadStream(from), crlfDelay: Infinity })) {
    if (line.trim() === "") continue;
    pages += 1;
    const isChanged = pages % CHANGED_EVERY === 0;
    if (isChanged) sentences += 1;
    if (!output.write(`${isChanged ? withSentence(line, pages) : line}\n`)) await once(output, "drain");
  }
  output.end();
  await once(output, "finish");
  return sentences;
}

function withSentence(line: string, page: number): string {
  const document = lineSchema.parse(JSON.parse(line));
  const lines = document.text.split("\n");
  const filled = lines.flatMap((text, index) => (/^[\p{L}\p{N}].*[.!?]\s*$/u.test(text) ? [index] : []));
  const middle = filled[Math.floor(filled.length / 2)] ?? lines.length - 1;
  lines[middle] = `${(lines[middle] ?? "").trimEnd()} This was added to page ${page} later.`;
  return JSON.stringify({ ...document, text: lines.join("\n") });
}
