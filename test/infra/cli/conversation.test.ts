import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { ProgramDependencies } from "../../../infra/cli/program-dependencies.js";
import { plainReply, type Reply } from "../../../src/ports/reply.js";
import { TerminalInstallation } from "../../fakes/terminal-installation.js";
import { output, run } from "./program-harness.js";

const ANSWER_ID = "01980a3c-7d1e-7cc2-9d7b-6a5f0e3b2c11";

const cited: Reply = {
  blocks: [
    {
      kind: "paragraph",
      children: [
        { kind: "text", text: "Hold the button." },
        { kind: "citation", number: 1 },
      ],
    },
  ],
  citations: [
    {
      number: 1,
      passageId: "p",
      documentId: "d",
      versionId: "v",
      title: "Reset",
      headingPath: [],
      url: null,
      updatedAt: null,
    },
  ],
  actions: [],
};

function installationThatKnows(): TerminalInstallation {
  const installation = new TerminalInstallation();
  installation.answers = {
    "reset?": { reply: cited, outcome: { kind: "answered", reason: "confident" }, confidence: 0.834 },
    broken: { reply: plainReply("Something went wrong."), outcome: { kind: "failed", reason: "fault" } },
    "hello there": { reply: plainReply("Hello!"), outcome: { kind: "answered", reason: "greeting" }, confidence: 0 },
    "more please": { reply: null, outcome: { kind: "relayed", reason: "to-agents" } },
  };
  return installation;
}

describe("deskhand ask", () => {
  it("prints the answer, how sure it is, and where to see why", async () => {
    const { stdout, exitCode } = await run(["ask", "reset?"], { installation: installationThatKnows() });
    expect(stdout).toBe(`Hold the button.[1]\n\nConfidence 83 % · deskhand explain ${ANSWER_ID}\n`);
    expect(exitCode).toBe(0);
  });

  it("names no confidence of small talk", async () => {
    const { stdout } = await run(["ask", "hello there"], { installation: installationThatKnows() });
    expect(stdout).not.toContain("Confidence");
  });

  it("prints one object for a program", async () => {
    const { stdout } = await run(["ask", "reset?", "--json"], { installation: installationThatKnows() });
    expect(JSON.parse(stdout)).toEqual({
      outcome: "answered",
      reason: "confident",
      answer: "Hold the button.[1]",
      citations: cited.citations,
      confidence: 0.834,
      answerId: ANSWER_ID,
      handedOff: false,
      conversation: expect.stringMatching(/^ask-/u) as string,
    });
  });

  it("says so when a person will answer, and where the reply arrives", async () => {
    const installation = installationThatKnows();
    const { stdout, exitCode } = await run(["ask", "what", "is", "love"], { installation });
    expect(installation.accepted).toMatchObject([{ text: "what is love" }]);
    const key = installation.accepted[0]?.conversation.key ?? "";
    expect(stdout).toContain("I've passed your question to a person.");
    expect(stdout).toContain(`deskhand chat --resume ${key}`);
    expect(exitCode).toBe(0);
    const json = await run(["ask", "what is love", "--json"], { installation });
    expect(JSON.parse(json.stdout)).toMatchObject({
      outcome: "handed-off",
      handedOff: true,
      answer: null,
      citations: [],
    });
  });

  it("exits with 1 when the question failed", async () => {
    const { stdout, stderr, exitCode } = await run(["ask", "broken"], { installation: installationThatKnows() });
    expect([stdout.trim(), exitCode]).toEqual(["Something went wrong.", 1]);
    expect(stderr).toContain("deskhand doctor");
  });

  it("refuses an empty question", async () => {
    await expect(run(["ask", " "])).resolves.toMatchObject({ exitCode: 2 });
  });

  it("gives up waiting when told to, and says where the question is kept", async () => {
    const { operations } = new TerminalInstallation();
    const never: Partial<ProgramDependencies> = {
      openOperations: () =>
        Promise.resolve({
          ...operations,
          say: () => Promise.resolve({ inboxId: "none" }),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        }),
    };
    const { stderr, exitCode } = await run(["ask", "reset?", "--timeout", "1"], { overrides: never });
    expect(stderr).toMatch(/^error: No outcome within 1 s\. It is kept: deskhand chat --resume ask-/u);
    expect(exitCode).toBe(1);
  });
});

describe("deskhand chat", () => {
  it("answers a piped question a line, in order", async () => {
    const stdin = new PassThrough();
    stdin.end("reset?\n\nwhat is love\nmore please\n");
    const installation = installationThatKnows();
    const { stdout, stderr, exitCode } = await run(["chat"], { installation, stdin });
    expect(stdout).toBe(
      "Deskhand: Hold the button.[1]\n\n" +
        "(Confidence 83 %. /explain shows why.)\n\n" +
        "Deskhand: I've passed your question to a person.\n\n" +
        "(Sent to the person who has this conversation.)\n\n",
    );
    expect(stderr).toMatch(/^Come back to it with: deskhand chat --resume chat-/u);
    expect(exitCode).toBe(0);
    expect(new Set(installation.accepted.map(({ conversation }) => conversation.key)).size).toBe(1);
  });

  it("explains the newest answer of the chat, which needs no id", async () => {
    const stdin = new PassThrough();
    stdin.end("reset?\n/explain\n/quit\n");
    const { stdout } = await run(["chat"], { installation: installationThatKnows(), stdin });
    expect(stdout).toContain("Confidence: 83 %, threshold 50 %");
  });

  it("runs commands with a slash as the admin of this machine", async () => {
    const stdin = new PassThrough();
    stdin.end("/kb status\n/quit\nreset?\n");
    const installation = installationThatKnows();
    const { stdout } = await run(["chat"], { installation, stdin });
    expect(stdout).toBe("No sources yet. Add one: deskhand kb add ./docs\n\n");
    expect(installation.accepted).toEqual([]);
  });

  it("shows what was said before, and a person's reply as it arrives", async () => {
    const installation = installationThatKnows();
    await installation.say("chat-7", "Ana", "Which model is it?");
    const stdin = new PassThrough();
    const stdout = output(false);
    let text = "";
    stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.endsWith("Which model is it?\n\n")) stdin.write("more please\n");
      if (text.endsWith("this conversation.)\n\n")) void installation.say("chat-7", "Ana", "Then hold the button.");
      if (text.endsWith("hold the button.\n\n")) stdin.end();
    });
    await run(["chat", "--resume", "chat-7"], { installation, stdin, overrides: { stdout } });
    expect(text).toBe(
      "Ana: Which model is it?\n\n" +
        "(Sent to the person who has this conversation.)\n\n" +
        "Ana: Then hold the button.\n\n",
    );
  });

  it("streams on a terminal and replaces the stream by the whole reply, without control characters", async () => {
    const installation = new TerminalInstallation();
    const answered = { kind: "answered", reason: "confident" } as const;
    installation.answers = {
      "reset?": { reply: cited, streamed: ["Hold \u001b[31mthe ", "button."], outcome: answered },
    };
    const stdin = new PassThrough();
    const stdout = output(true);
    let text = "";
    let isAsked = false;
    stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (!isAsked && text.includes("> ")) {
        isAsked = true;
        stdin.write("reset?\n");
      }
      if (text.includes("Deskhand: Hold the button.[1]")) stdin.end();
    });
    const { exitCode } = await run(["chat"], { installation, stdin, isTerminal: true, overrides: { stdout } });
    expect(exitCode).toBe(0);
    expect(text).not.toContain("\u001b[31m");
    expect(text).toContain("Deskhand: Hold the button.[1]\n\n");
  });

  it("ends when the program is stopped", async () => {
    const stopping = new AbortController();
    const stdin = new PassThrough();
    const stdout = output(false);
    stdout.on("data", () => stopping.abort());
    stdin.write("reset?\n");
    const overrides = { signal: stopping.signal, stdout };
    const { exitCode } = await run(["chat"], { installation: installationThatKnows(), stdin, overrides });
    expect(exitCode).toBe(0);
  });

  it("ends with the failure when the server goes away", async () => {
    const { operations } = installationThatKnows();
    const gone: Partial<ProgramDependencies> = {
      openOperations: () =>
        Promise.resolve({
          ...operations,

          follow: async function* () {
            await Promise.resolve();
            throw new Error("connection lost");
          },
          [Symbol.asyncDispose]: () => Promise.resolve(),
        }),
    };
    const stdin = new PassThrough();
    stdin.write("reset?\n");
    await expect(run(["chat"], { stdin, overrides: gone })).resolves.toMatchObject({ exitCode: 1 });
  });
});
