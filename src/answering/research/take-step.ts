import { NotFoundError } from "../../ports/errors.js";
import type { KnowledgeReader, KnowledgeSearch, OpenedPassage, Passage } from "../../ports/knowledge.js";
import { RESEARCH_TOOLS, type ResearchTool, type StepOutcome, type WantedStep } from "../../ports/models.js";
import { orAbort } from "../../ports/or-abort.js";
import { hasContent } from "../stages/standalone.js";
import { cleanText } from "../text/clean-text.js";
import { Notebook, passagesOf } from "./notebook.js";
import type { RecordedStep, ResearchTask } from "./stage.js";

export interface StepResult {
  readonly outcome: StepOutcome;
  readonly documents: RecordedStep["documents"];
}

export interface StepEnd {
  readonly ended: "finished" | "asked-back" | "handed-off";
  readonly asked: string | null;
}

const MAX_QUERY_CHARACTERS = 400;

/**
 * Does what a model wants, as far as it may: who asks, and what they may read, comes from the question and never from the
 * model. What is refused is told to the model.
 */
export class StepTaker {
  readonly notebook = new Notebook();
  /** What each step has found, in order. */
  readonly further: (readonly Passage[])[] = [];
  embeddings = 0;
  /** The documents that the model says are needed, best first. */
  chosen: readonly string[] = [];
  readonly #search: KnowledgeSearch;
  readonly #reader: KnowledgeReader;
  readonly #task: ResearchTask;
  readonly #limit: AbortSignal;
  readonly #queries: string[];
  readonly #opened = new Set<string>();
  readonly #documents: Set<string>;

  constructor(search: KnowledgeSearch, reader: KnowledgeReader, task: ResearchTask, limit: AbortSignal) {
    this.#search = search;
    this.#reader = reader;
    this.#task = task;
    this.#limit = limit;
    this.#queries = [oneLine(task.question)];
    this.#documents = new Set(task.first.passages.map(({ documentId }) => documentId));
  }

  async take({ tool, argument }: WantedStep): Promise<StepResult | StepEnd> {
    const known = RESEARCH_TOOLS.find((one): one is ResearchTool => one === tool);
    switch (known) {
      case "search":
        return this.#searchFor(oneLine(argument));
      case "open_document":
        return this.#open(argument);
      case "ask_back":
        return this.#askBack(argument);
      case "hand_off":
        return { ended: "handed-off", asked: null };
      case "finish":
        this.chosen = this.notebook.documentsIn(argument);
        return { ended: "finished", asked: null };
      case undefined:
        return refused("there is no such tool");
    }
  }

  async #searchFor(text: string): Promise<StepResult> {
    if (!hasContent(text)) return refused("the query has no word to search for");
    if (this.#queries.some((query) => query.toLowerCase() === text.toLowerCase())) {
      return refused("this was searched for already");
    }
    this.#queries.push(text);
    const { tenantId, audience } = this.#task.request;
    const query = { tenantId, audience, text, limit: this.#task.limit };
    const { passages, embeddings } = await orAbort(this.#search.search(query, this.#limit), this.#limit);
    this.embeddings += embeddings;
    const documents = this.#keep(passages);
    return { outcome: { kind: "found", texts: this.notebook.show(passages) }, documents };
  }

  async #open(name: string): Promise<StepResult> {
    const found = this.notebook.passageOf(name);
    if (found === null) return refused("no search has found a document of that name");
    if (this.#opened.has(found.documentId)) return refused("this document was opened already");
    const opened = await this.#read(found);
    if (opened === null) return refused("the document is not there any more");
    this.#opened.add(found.documentId);
    const documents = this.#keep(passagesOf(found, opened, this.#queries.join("\n")));
    return { outcome: { kind: "opened", document: this.notebook.showDocument(found, opened) }, documents };
  }

  /** Null when it is gone, has changed since, or is closed to who asks by now. */
  async #read({ chunkId }: Passage): Promise<OpenedPassage | null> {
    const { tenantId, audience } = this.#task.request;
    try {
      const opened = await orAbort(this.#reader.openPassage(tenantId, audience, chunkId), this.#limit);
      return opened.isCurrent ? opened : null;
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  }

  #askBack(draft: string): StepResult | StepEnd {
    const asked = this.#task.mayAsk(draft, [...this.#task.first.passages, ...this.further.flat()]);
    return asked === null ? refused("this cannot be asked") : { ended: "asked-back", asked };
  }

  #keep(passages: readonly Passage[]): RecordedStep["documents"] {
    this.further.push(passages);
    const byDocument = new Map(passages.map((passage) => [passage.documentId, passage]));
    return [...byDocument].map(([documentId, { externalId, title }]) => {
      const isNew = !this.#documents.has(documentId);
      this.#documents.add(documentId);
      return { externalId, title, isNew };
    });
  }
}

function refused(why: string): StepResult {
  return { outcome: { kind: "refused", why }, documents: [] };
}

function oneLine(text: string): string {
  return cleanText(text).replaceAll(/\s+/gu, " ").trim().slice(0, MAX_QUERY_CHARACTERS).toWellFormed();
}
