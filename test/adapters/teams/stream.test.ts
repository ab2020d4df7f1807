import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { plainReply } from "../../../src/ports/reply.js";
import { cora } from "../../fakes/teams/people.js";
import { messageTo, openTeams, signal, type HarnessOptions, type TeamsHarness } from "./teams-harness.js";

const chat = "a:29:cora";
let teams: TeamsHarness;
let now: number;

async function open(options: HarnessOptions = {}): Promise<void> {
  await teams[Symbol.asyncDispose]();
  now = Date.now();
  teams = await openTeams({
    surface: { clock: { now: () => new Date(now) }, ...options.surface },
    fake: { now: () => now, ...options.fake },
  });
  await teams.fake.direct(cora, "How do I reset it?");
}

beforeEach(async () => {
  teams = await openTeams();
  await open();
});
afterEach(async () => teams[Symbol.asyncDispose]());

const start = () => teams.surface.adapter.openStream(messageTo(teams.ref(chat), ""), signal);
const shown = () => teams.fake.transcript(chat).slice(1);
const calls = () => teams.fake.requests.map((request) => request.split(" ")[0]);

describe("a stream in a personal chat", () => {
  it("keeps to one request a second, whatever the pace of the sentences", async () => {
    await open({
      surface: { streamCadenceMs: 1_100, clock: { now: () => new Date() } },
      fake: { enforceStreamRate: true, now: Date.now },
    });
    const stream = await start();
    for (const sentence of ["One. ", "Two. ", "Three. "]) await stream.append(sentence, signal);
    await sleep(1_200);
    const during = shown();
    await stream.append("Four.", signal);
    await stream.finish(plainReply("One. Two. Three. Four."), signal);

    expect(during).toMatchObject([{ text: "One. Two. Three.", isStreaming: true }]);
    expect(shown()).toMatchObject([{ text: "One. Two. Three. Four.", isStreaming: false, isEdited: false }]);
    expect(calls()).toEqual(["POST", "POST", "POST"]);
  });

  it("replaces what it has shown when the whole reply reads differently", async () => {
    const stream = await start();
    await stream.append("Hold the button.", signal);
    await stream.finish(plainReply("A person will help you."), signal);

    expect(shown()).toMatchObject([{ text: "A person will help you.", isStreaming: false }]);
    expect(calls().at(-1)).toBe("PUT");
  });

  it("never revises what it has shown: a list that turns out to be one waits", async () => {
    const stream = await start();
    for (const piece of ["Do this:\n\n", "1. First", "\n2. Second", "\n\nDone."]) await stream.append(piece, signal);
    const during = shown();
    await stream.finish(plainReply("Do this."), signal);

    expect(during).toMatchObject([{ text: "Do this:\n\n1. First\n2. Second\n\nDone.", isStreaming: true }]);
    expect(shown()).toMatchObject([{ text: "Do this." }]);
  });

  it("ends before Teams' two minutes are over, and the answer still arrives whole", async () => {
    const stream = await start();
    await stream.append("One. ", signal);
    now += 111_000;
    await stream.append("Two. ", signal);
    now += 20_000;
    await stream.finish(plainReply("One. Two. Three."), signal);

    expect(shown()).toMatchObject([{ text: "One. Two. Three.", isStreaming: false }]);
    expect(calls()).toEqual(["POST", "POST", "PUT"]);
  });

  it("leaves it at what was shown when the user has pressed Stop", async () => {
    const stream = await start();
    await stream.append("One. ", signal);
    teams.fake.cancelStreams(chat);
    await stream.append("Two. ", signal);
    await stream.finish(plainReply("One. Two."), signal);

    expect(shown()).toMatchObject([{ text: "One." }]);
  });

  it("shows a lost chunk's text with the whole reply", async () => {
    const stream = await start();
    teams.fake.failNext({ kind: "lose-reply" });
    await stream.append("One. ", signal);
    await stream.append("Two. ", signal);
    await stream.finish(plainReply("One. Two."), signal);

    expect(shown()).toMatchObject([{ text: "One. Two.", isStreaming: false }]);
  });

  it("is finished by an edit when the answer to its last request is lost", async () => {
    const stream = await start();
    await stream.append("One. ", signal);
    teams.fake.failNext({ kind: "lose-reply" });
    const message = messageTo(teams.ref(chat), "One. Two.");
    await expect(stream.finish(message.reply, signal)).rejects.toMatchObject({ failure: "unreachable" });
    await stream.abort();
    await teams.surface.adapter.edit(message, stream.posted.platformId, signal);

    expect(shown()).toMatchObject([{ text: "One. Two.", isStreaming: false }]);
  });

  it("becomes an ordinary message when Teams refuses to start one", async () => {
    await start();
    const second = await start();
    await second.append("Hold on.", signal);
    await second.finish(plainReply("Hold the button."), signal);

    expect(shown()).toMatchObject([{ text: "Hold the button.", isEdited: true }]);
  });

  it("can be followed by another once it was broken off", async () => {
    const first = await start();
    await first.append("One.", signal);
    await first.abort();
    const second = await start();
    await second.append("Two.", signal);
    await second.finish(plainReply("Two."), signal);

    expect(shown()).toMatchObject([{ text: "One." }, { text: "Two.", isEdited: false }]);
  });

  it("finishes a stream that another process left open", async () => {
    const message = messageTo(teams.ref(chat), "Hold the button.");
    const abandoned = await start();
    await teams.surface.adapter.edit(message, abandoned.posted.platformId, signal);

    expect(shown()).toMatchObject([{ text: "Hold the button.", isStreaming: false }]);
  });
});
