import { join } from "node:path";
import { blocksToMarkdown } from "../../kb/parsing/blocks-to-markdown.js";
import { parseDocument } from "../../kb/parsing/parse-document.js";
import { createFolderSource } from "../../kb/sources/folder-source.js";
import { packageRoot } from "../../infra/package-root.js";

const demo = join(packageRoot(), "kb", "demo");

/** Where the labelled questions about the demo documents are, in the evaluation format. */
export const demoQuestions = join(demo, "questions");

/** The demo documents as one corpus in the evaluation format, as the product itself reads them. */
export async function demoCorpus(): Promise<string> {
  const source = createFolderSource(join(demo, "documents"));
  const { signal } = new AbortController();
  const lines: string[] = [];
  for (const item of (await source.list(null, signal)).items) {
    const { externalId } = item;
    const fetched = await source.fetch({ ...item, known: null }, signal);
    if (fetched === "unchanged") throw new Error(`${externalId} was never read`);
    const outcome = await parseDocument(fetched);
    if (!outcome.ok) throw new Error(`${externalId}: ${outcome.failure.message}`);
    for (const { externalId: id, title, kind, variants, updatedAt, blocks } of outcome.documents) {
      lines.push(
        JSON.stringify({
          id,
          title,
          text: blocksToMarkdown(blocks),
          kind,
          ...(variants.length === 0 ? {} : { variants }),
          ...(updatedAt === null ? {} : { updated: updatedAt }),
        }),
      );
    }
  }
  return `${lines.toSorted().join("\n")}\n`;
}
