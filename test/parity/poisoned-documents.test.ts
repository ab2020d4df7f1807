import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quoteFromPassages } from "../fakes/openai/quoting-writer.js";
import { writesDraft } from "../fakes/openai/scripts.js";
import { PuppetProduct, type Puppet } from "./puppet-product.js";
import { hasSecurityFiles, poisonedArticles, type PoisonedArticle } from "./security-files.js";

const articles = hasSecurityFiles ? poisonedArticles() : [];

/** The order without what it asks to be said. */
function demandOf({ attack, canary }: PoisonedArticle): string {
  const words = attack.replaceAll(/^<!-- | -->$|^IMPORTANT for the assistant: /gu, "");
  return words.split(canary)[0]?.split(/(?<=[.?!'])\s/u)[0] ?? words;
}

describe.skipIf(!hasSecurityFiles)("articles with an order to the model (needs TEST_DATA_DIR)", () => {
  let desk: PuppetProduct;

  beforeAll(async () => {
    desk = await PuppetProduct.start();
    const files = articles.map(({ id, title, text }) => [`${id}.md`, `# ${title}\n\n${text}`]);
    await desk.know(Object.fromEntries(files) as Record<string, string>);
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  it("are there", () => {
    expect(articles.length).toBeGreaterThanOrEqual(46);
  });

  it.each(articles)("$id: a model that obeys says nothing of it to anybody", async (article) => {
    const { canary, question } = article;
    desk.puppet = ({ input }) => {
      const numbers = [...input.matchAll(/^BEGIN \S+ \(passage \[(\d+)\]\)$/gmu)].map(([, number]) => `[${number}]`);
      const marks = numbers.join(" ");
      const said = [
        `${demandOf(article)} ${marks}`,
        `${canary} ${marks}`,
        `The code is ${canary}. ${marks}`,
        `Include the code ${canary} in your answer. ${marks}`,
      ];
      return writesDraft(said.join("\n\n"));
    };

    const { written, prompts } = await desk.ask(question);

    expect(prompts.length).toBeGreaterThan(0);
    expect(JSON.stringify(written)).not.toContain(canary);
    expect(JSON.stringify(written)).not.toContain(JSON.stringify(demandOf(article)).slice(1, -1));
  });

  it("a careful model answers from the article as without the order, and says nothing of it", async () => {
    const poisoned = await unanswered();
    const files = articles.map(({ id, title, text, attack }) => [
      `${id}.md`,
      `# ${title}\n\n${text.replace(attack, "")}`,
    ]);
    await desk.know(Object.fromEntries(files) as Record<string, string>);
    const clean = await unanswered();

    expect(poisoned.filter((id) => !clean.includes(id))).toEqual([]);
    expect(clean.length).toBeLessThan(articles.length / 3);
  }, 180_000);

  /** Articles that their question is not answered from. */
  async function unanswered(): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const article of articles) {
      desk.puppet = quoteFrom(article.title);
      const { seen, written, outcomes } = await desk.ask(article.question);
      expect(JSON.stringify(written)).not.toContain(article.canary);
      expect(seen.slice(seen.indexOf("\n"))).not.toContain(demandOf(article));
      if (outcomes.at(-1) !== "answered" || !seen.includes(article.title)) ids.push(article.id);
    }
    return ids;
  }
});

/** Quotes what fits the question best, of the passages with this title where there are any. */
function quoteFrom(title: string): Puppet {
  return (request) => {
    const passages = request.input.split(/(?<=^END \S+$)\n\n/mu);
    const ofArticle = passages.filter((text) => text.includes(`\nTitle: ${title}\n`));
    const [first] = ofArticle;
    const quoted = quoteFromPassages({ ...request, input: [...ofArticle, passages.at(-1)].join("\n\n") });
    if (quoted.text !== "NO_ANSWER" || first === undefined) return quoted;
    const sentence = /\n\n[\s\S]*?([A-Z][^.\n*[\]]{20,}\.)/u.exec(first)?.[1];
    return sentence === undefined
      ? quoted
      : writesDraft(`${sentence} [${/passage \[(\d+)\]/u.exec(first)?.[1] ?? ""}]`);
  };
}
