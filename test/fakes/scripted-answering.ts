import type {
  AnswerListener,
  AnswerRequest,
  AnswerResult,
  Answering,
  Candidate,
} from "../../src/answering/contract.js";
import { newId } from "../../src/ports/ids.js";
import type { Citation, Reply } from "../../src/ports/reply.js";
import type { NewAnswer } from "../../src/ports/stores.js";

/**
 * An answering whose results depend on the question alone: "Unknown …" is handed over, anything else is answered in
 * three sentences that repeat it. Fails loudly when it is told to stop and is then asked to go on.
 */
export class ScriptedAnswering implements Answering {
  readonly questions: string[] = [];
  readonly #pauseMs: number;
  readonly #reply: Reply | null;
  readonly #candidate: Candidate | null;
  readonly requests: AnswerRequest[] = [];

  /**
   * @param options.reply what it answers instead
   * @param options.candidate what an agent is offered for what is handed over
   */
  constructor(options: { readonly pauseMs?: number; readonly reply?: Reply; readonly candidate?: Candidate } = {}) {
    this.#candidate = options.candidate ?? null;
    this.#pauseMs = options.pauseMs ?? 0;
    this.#reply = options.reply ?? null;
  }

  async answer(request: AnswerRequest, listener: AnswerListener, signal: AbortSignal): Promise<AnswerResult> {
    this.questions.push(request.question);
    this.requests.push(request);
    await listener.stage("retrieve");
    await listener.stage("confidence");
    if (this.#pauseMs > 0) await pause(this.#pauseMs, signal);
    if (request.question.startsWith("Unknown")) {
      const candidate = this.#candidate ?? ({ kind: "none", reason: "nothing-found" } as const);
      return { answer: trace(request, "hand-off"), reply: null, language: "en", tried: [], stopped: false, candidate };
    }
    await listener.stage("generate");
    const sentences = sentencesFor(request.question);
    let stopped = false;
    if (request.mayStream && (await listener.begin())) {
      for (const sentence of sentences) {
        stopped = !(await listener.sentence(`${sentence} `));
        if (stopped) break;
      }
    }
    const reply = this.#reply ?? replyTo(request.question);
    return {
      answer: trace(request, "answer"),
      reply,
      language: "en",
      tried: [],
      stopped,
      candidate: { kind: "draft", blocks: reply.blocks, citations: reply.citations },
    };
  }
}

/** What a customer must see in the end, word for word. */
export function expectedText(question: string): string {
  return sentencesFor(question).join(" ");
}

function sentencesFor(question: string): string[] {
  return [`You asked: ${question}`, "This is the second sentence.", "This is the last one."];
}

function replyTo(question: string): Reply {
  return {
    blocks: [{ kind: "paragraph", children: [{ kind: "text", text: expectedText(question) }] }],
    citations: [] satisfies Citation[],
    actions: [],
  };
}

function trace(request: AnswerRequest, decision: NewAnswer["decision"]): NewAnswer {
  const stage = { ms: 0, cost: 0, model: null, promptVersion: null, output: {} };
  return {
    answerId: newId(),
    conversationId: request.conversationId,
    inboxId: request.inboxId,
    question: request.question,
    decision,
    reason: decision === "answer" ? "confident" : "low-confidence",
    confidence: decision === "answer" ? 0.9 : 0.1,
    threshold: 0.5,
    text: "",
    stages: [
      { ...stage, stage: "retrieve" },
      { ...stage, stage: "confidence" },
    ],
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Error("aborted", { cause: signal.reason }));
    });
  });
}
