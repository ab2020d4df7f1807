import { describe, expect, it } from "vitest";
import type { ChatUpdate, Operations } from "../../src/commands/operations.js";
import { replyText } from "../../src/answering/reply-text.js";
import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import { newId } from "../../src/ports/ids.js";
import { plainReply } from "../../src/ports/reply.js";
import { TerminalInstallation } from "../fakes/terminal-installation.js";

export interface OperationsHarness extends AsyncDisposable {
  readonly operations: Operations;
}

const ANSWER_ID = "01980a3c-7d1e-7cc2-9d7b-6a5f0e3b2c11";
const unaborted = new AbortController().signal;

async function collect<T>(source: AsyncIterable<T>, isLast: (value: T) => boolean = () => false): Promise<T[]> {
  const found: T[] = [];
  for await (const value of source) {
    found.push(value);
    if (isLast(value)) break;
  }
  return found;
}

function isOutcome(update: ChatUpdate): boolean {
  return update.kind === "outcome";
}

/** What every implementation of {@link Operations} keeps, whether it has the database or asks who has it. */
export function operationsContract(
  name: string,
  open: (installation: TerminalInstallation) => Promise<OperationsHarness>,
): void {
  describe(`${name} keeps the Operations contract`, () => {
    const said = (text: string) => ({ conversationKey: "chat-1", messageId: newId(), text, displayName: "Cora" });

    it("tells every step of an answer, and its outcome last", async () => {
      const installation = new TerminalInstallation();
      const reply = plainReply("Hold the button.\u2028Then wait.");
      installation.answers = {
        "reset?": { reply, streamed: ["Hold "], outcome: { kind: "answered", reason: "ok" }, confidence: 0.8 },
      };
      await using harness = await open(installation);
      const message = said("reset?");
      const { inboxId } = await harness.operations.say(message, unaborted);
      const updates = await collect(harness.operations.follow("chat-1", message.messageId, unaborted), isOutcome);
      expect(updates.at(-2)).toMatchObject({ kind: "message", message: { state: "complete", reply } });
      const last = updates.at(-2)!;
      expect(last.kind === "message" && last.message.createdAt).toBeInstanceOf(Date);
      expect(updates.at(-1)).toEqual({
        kind: "outcome",
        inboxId,
        outcome: { kind: "answered", reason: "ok" },
        answerId: ANSWER_ID,
        confidence: 0.8,
      });
    });

    it("tells what was said before only to whoever asks from the start", async () => {
      const installation = new TerminalInstallation();
      await using harness = await open(installation);
      const message = said("hello");
      await harness.operations.say(message, unaborted);
      const texts = (updates: ChatUpdate[]) =>
        updates.flatMap((update) => (update.kind === "message" ? [update.message.author.role] : []));
      const fromStart = await collect(harness.operations.follow("chat-1", null, unaborted), isOutcome);
      const after = await collect(harness.operations.follow("chat-1", message.messageId, unaborted), isOutcome);
      expect(texts(fromStart)).toEqual(["customer", "bot"]);
      expect(texts(after)).toEqual(["bot"]);
    });

    it("stores the same message once", async () => {
      const installation = new TerminalInstallation();
      await using harness = await open(installation);
      const message = said("hello");
      const first = await harness.operations.say(message, unaborted);
      await expect(harness.operations.say(message, unaborted)).resolves.toEqual(first);
      expect(installation.accepted).toHaveLength(1);
      expect(installation.accepted[0]).toMatchObject({ author: { role: "customer" }, audience: ["public"] });
    });

    it("shows nothing of a message that was not accepted, and all of it when it is said again", async () => {
      const installation = new TerminalInstallation();
      await using harness = await open(installation);
      const message = said("hello");
      const shown = async () => {
        const to = { installationId: installation.installationId, key: message.conversationKey };
        return (await installation.messages.list(to, 10)).map(({ author }) => author.role);
      };
      installation.acceptFailure = new Error("the database is away");
      await expect(harness.operations.say(message, unaborted)).rejects.toThrow();
      await expect(shown()).resolves.toEqual([]);

      installation.acceptFailure = null;
      await harness.operations.say(message, unaborted);
      await collect(harness.operations.follow("chat-1", message.messageId, unaborted), isOutcome);
      await expect(shown()).resolves.toEqual(["customer", "bot"]);
    });

    it("shows a person's reply as it arrives, and ends when told to", async () => {
      const installation = new TerminalInstallation();
      await using harness = await open(installation);
      await installation.say("chat-1", "Ana", "I'll look.");
      const stopping = new AbortController();
      const texts: string[] = [];
      for await (const update of harness.operations.follow("chat-1", null, stopping.signal)) {
        if (update.kind === "message" && update.message.reply !== null) texts.push(replyText(update.message.reply));
        if (texts.length === 1) await installation.say("chat-1", "Ana", "It works again.");
        else stopping.abort();
      }
      expect(texts).toEqual(["I'll look.", "It works again."]);
    });

    it("adds, syncs, describes, searches and removes sources", async () => {
      const installation = new TerminalInstallation();
      await using harness = await open(installation);
      const { operations } = harness;
      const source = { name: "docs", kind: "folder", location: "/srv/docs", acl: ["public"] } as const;
      await expect(operations.addSource(source)).resolves.toMatchObject({ name: "docs", documents: 0 });
      await expect(operations.addSource(source)).rejects.toThrow(UsageError);
      await expect(operations.lastDiff("docs")).resolves.toBeNull();

      installation.knowledge.put("docs", ["wifi.md", "vpn.md"]);
      const steps = await collect(operations.sync(null, { confirmRemovals: true }, unaborted));
      expect(steps.map(({ kind, source: name }) => [kind, name])).toEqual([
        ["listed", "docs"],
        ["document", "docs"],
        ["document", "docs"],
        ["done", "docs"],
      ]);
      await expect(operations.lastDiff("docs")).resolves.toMatchObject({
        added: ["wifi.md", "vpn.md"],
        removed: ["confirmed.md"],
      });

      const found = await operations.search("wifi", ["public", "staff"], 3, unaborted);
      expect(found.passages.map(({ externalId }) => externalId)).toEqual(["wifi.md"]);
      expect(installation.knowledge.lastQuery).toMatchObject({ audience: ["public", "staff"], limit: 3 });

      await operations.removeSource("docs");
      await expect(operations.status()).resolves.toEqual([]);
    });

    it("does what people do with sources, documents and entries, in words and as data", async () => {
      const installation = new TerminalInstallation();
      await using harness = await open(installation);
      const { operations } = harness;
      const { desk } = installation;
      desk.put("wifi.md", "Turn it on.");
      const shown = await operations.manage({ kind: "kb-show", source: "docs", document: "wifi.md" }, unaborted);
      expect(replyText(shown.reply)).toContain("Turn it on.");
      expect(shown.data).toMatchObject({ externalId: "wifi.md", body: "Turn it on." });
      await operations.manage({ kind: "kb-pause", source: "docs" }, unaborted);
      expect([...desk.paused]).toEqual(["docs"]);
      const draft = {
        question: "Do you ship?",
        answer: "Yes.",
        variants: ["Ship where?"],
        until: "2026-05-01",
      } as const;
      await operations.manage({ kind: "kb-write", ...draft }, unaborted);
      expect(desk.entries).toMatchObject([
        { variants: ["Ship where?"], validUntil: "2026-05-01", createdBy: "terminal" },
      ]);
      const missing = operations.manage({ kind: "kb-show", source: "docs", document: "none.md" }, unaborted);
      await expect(missing).rejects.toThrow(new NotFoundError('docs has no document "none.md".'));
      const between = { from: 1, to: 2 };
      const history = { kind: "kb-history", source: "docs", document: "wifi.md", between } as const;
      await expect(operations.manage(history, unaborted)).resolves.toMatchObject({ data: between });
    });

    it("says which sources there are when a name is wrong", async () => {
      await using harness = await open(new TerminalInstallation());
      const { operations } = harness;
      await operations.addSource({ name: "docs", kind: "folder", location: "/srv/docs", acl: ["public"] });
      const missing = new NotFoundError('There is no source "dosc". Sources: docs.');
      await expect(operations.lastDiff("dosc")).rejects.toThrow(missing);
      await expect(collect(operations.sync("dosc", { confirmRemovals: false }, unaborted))).rejects.toThrow(missing);
      await expect(operations.removeSource("dosc")).rejects.toThrow(NotFoundError);
    });

    it("explains an answer, or says that there is none", async () => {
      await using harness = await open(new TerminalInstallation());
      const answer = await harness.operations.explain(ANSWER_ID);
      expect(answer).toMatchObject({ confidence: 0.83, createdAt: new Date("2026-01-02T03:04:05Z") });
      expect(answer.stages.map(({ stage }) => stage)).toEqual(["retrieve", "generate"]);
      await expect(harness.operations.explain(newId())).rejects.toThrow(NotFoundError);
    });

    it("explains the newest answer of a conversation, or says that nothing was answered there", async () => {
      await using harness = await open(new TerminalInstallation());
      const newest = (conversationKey: string) =>
        harness.operations.explainNewest({ installationId: null, conversationKey });
      await expect(newest("chat-1")).rejects.toThrow(NotFoundError);
      const message = said("reset?");
      await harness.operations.say(message, unaborted);
      await collect(harness.operations.follow("chat-1", message.messageId, unaborted), isOutcome);
      await expect(newest("chat-1")).resolves.toMatchObject({ answerId: ANSWER_ID });
    });

    it("examines itself", async () => {
      await using harness = await open(new TerminalInstallation());
      await expect(harness.operations.doctor(unaborted)).resolves.toEqual({
        checks: [{ name: "Database", state: "on", detail: "embedded", advice: null }],
      });
    });
  });
}
