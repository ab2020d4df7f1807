import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeAddress, type TeamsAddress } from "../../../adapters/teams/address.js";
import { ChatPlatformError } from "../../../src/ports/chat.js";
import type { Citation, Reply } from "../../../src/ports/reply.js";
import type { Fault } from "../../fakes/teams/fake-teams.js";
import { cora } from "../../fakes/teams/people.js";
import {
  AGENTS,
  HOME_TENANT,
  INSTALLATION,
  messageTo,
  openTeams,
  signal,
  SUPPORT,
  type TeamsHarness,
} from "./teams-harness.js";

let teams: TeamsHarness;
beforeEach(async () => {
  teams = await openTeams();
  await teams.fake.direct(cora, "How do I reset it?");
});
afterEach(async () => teams[Symbol.asyncDispose]());

const chat = "a:29:cora";

describe("what is sent", () => {
  it("keeps the fields of entities that the connector would drop: streams, citations and the AI label", async () => {
    const stream = await teams.surface.adapter.openStream(messageTo(teams.ref(chat), ""), signal);
    await stream.append("Hold the button [1].", signal);
    await stream.finish(answer, signal);

    const streamId = stream.posted.platformId;
    expect(teams.fake.bodies).toMatchObject([
      { type: "typing", entities: [{ type: "streaminfo", streamType: "informative", streamSequence: 1 }] },
      {
        type: "typing",
        text: "Hold the button [1].",
        entities: [{ type: "streaminfo", streamType: "streaming", streamSequence: 2, streamId }],
      },
      {
        type: "message",
        entities: [
          { type: "streaminfo", streamType: "final", streamId },
          {
            type: "https://schema.org/Message",
            "@type": "Message",
            "@context": "https://schema.org",
            additionalType: ["AIGeneratedContent"],
            citation: [
              {
                "@type": "Claim",
                position: 1,
                appearance: {
                  "@type": "DigitalDocument",
                  name: "Reset",
                  abstract: "Reset › Buttons",
                  url: "https://help.acme.example/reset",
                },
              },
            ],
          },
        ],
      },
    ]);
    expect(teams.fake.transcript(chat).at(-1)).toMatchObject({
      text: "Hold the button [1].",
      citations: [{ position: 1, name: "Reset", url: "https://help.acme.example/reset" }],
      isLabelledAsGenerated: true,
      isStreaming: false,
      buttons: ["Helpful", "Not helpful"],
    });
  });

  it("starts a thread with a post in the agents' channel, where nobody has written yet", async () => {
    const channel = teams.surface.agentsChannel();
    expect(channel).toEqual({ installationId: INSTALLATION, key: AGENTS });

    const posted = await teams.surface.adapter.post(messageTo(channel!, "A card."), signal);
    await teams.surface.adapter.post(messageTo(teams.ref(posted.threadKey), "In its thread."), signal);

    expect(posted.threadKey).toBe(`${AGENTS};messageid=${posted.platformId}`);
    expect(teams.fake.texts(posted.threadKey)).toEqual(["A card.", "In its thread."]);
  });

  it("says whose words it passes on", async () => {
    const { adapter } = teams.surface;
    await adapter.post(messageTo(teams.ref(chat), "Hello.", { role: "agent", name: "*Ana*" }), signal);
    await adapter.post(messageTo(teams.ref(chat), "Thanks.", { role: "customer", name: "<at>Cora</at>" }), signal);

    expect(teams.fake.texts(chat).slice(1)).toEqual([
      "*Ana* (support team):\n\nHello.",
      "<at>Cora</at> (customer):\n\nThanks.",
    ]);
  });

  it("shows that it is working without leaving a message", async () => {
    await teams.surface.adapter.showStatus(teams.ref(chat), "Looking that up", signal);

    expect(teams.fake.state.typing).toEqual([chat]);
    expect(teams.fake.texts(chat)).toHaveLength(1);
  });

  it("takes back what it posted", async () => {
    const { platformId } = await teams.surface.adapter.post(messageTo(teams.ref(chat), "Oops."), signal);
    await teams.surface.adapter.delete(teams.ref(chat), platformId, signal);

    expect(teams.fake.texts(chat)).toHaveLength(1);
  });

  it("shows a long answer whole, in as many messages as it needs", async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `Line ${index} of the manual.`);
    const { adapter } = teams.surface;
    const message = messageTo(teams.ref(chat), lines.join("\n\n"));
    for (let part = 0; part < adapter.countParts(message); part += 1) await adapter.post({ ...message, part }, signal);

    const shown = teams.fake.texts(chat).slice(1);
    expect(shown.length).toBeGreaterThan(1);
    expect(shown.join("\n\n").split("\n\n")).toEqual(lines);
  });
});

const FAULTS: readonly (readonly [string, Fault, object])[] = [
  ["a lost answer", { kind: "lose-reply" }, { failure: "unreachable", isRetryable: true }],
  ["a cut connection", { kind: "cut" }, { failure: "unreachable" }],
  ["a 502 after the work", { kind: "status-after-work", status: 502 }, { failure: "unreachable" }],
  ["a 500", { kind: "status", status: 500 }, { failure: "unreachable" }],
  ["a 429", { kind: "status", status: 429, retryAfterSeconds: 7 }, { failure: "rate-limited", retryAfterMs: 7_000 }],
  ["a 412", { kind: "status", status: 412 }, { failure: "rate-limited", retryAfterMs: null }],
  ["a 401", { kind: "status", status: 401 }, { failure: "auth", isRetryable: false }],
  ["a 403", { kind: "status", status: 403 }, { failure: "forbidden", isRetryable: false }],
  ["a 404", { kind: "status", status: 404 }, { failure: "not-found", isRetryable: false }],
  ["a 413", { kind: "status", status: 413 }, { failure: "rejected", isRetryable: false }],
  ["a redirect", { kind: "status", status: 307 }, { failure: "rejected", isRetryable: false }],
];

describe("a call that fails", () => {
  it.each(FAULTS)("is made once and told: %s", async (_what, fault, failure) => {
    teams.fake.failNext(fault);
    const post = teams.surface.adapter.post(messageTo(teams.ref(chat), "Hold the button."), signal);

    await expect(post).rejects.toBeInstanceOf(ChatPlatformError);
    await expect(post).rejects.toMatchObject(failure);
    expect(teams.fake.requests).toHaveLength(1);
    expect(teams.fake.texts(chat).length).toBeLessThanOrEqual(2);
  });

  it("may be repeated when nothing was listening", async () => {
    await remember(chat, { serviceUrl: "http://127.0.0.1:1/" });
    const post = teams.surface.adapter.post(messageTo(teams.ref(chat), "Hold the button."), signal);

    await expect(post).rejects.toMatchObject({ failure: "rate-limited", isRetryable: true });
  });

  it("is not made at all to an address off the list, or to nowhere", async () => {
    await remember(chat, { serviceUrl: "https://attacker.example/" });
    const { adapter } = teams.surface;

    await expect(adapter.post(messageTo(teams.ref(chat), "Hi."), signal)).rejects.toMatchObject({
      failure: "not-found",
    });
    await expect(adapter.post(messageTo(teams.ref("a:nobody"), "Hi."), signal)).rejects.toMatchObject({
      failure: "not-found",
    });
    expect(teams.fake.requests).toEqual([]);
  });

  it("stops when its signal does", async () => {
    teams.fake.failNext({ kind: "delay", ms: 5_000 });
    const post = teams.surface.adapter.post(messageTo(teams.ref(chat), "Hold on."), AbortSignal.timeout(100));

    await expect(post).rejects.toMatchObject({ failure: "unreachable" });
  });
});

describe("outside of personal chats", () => {
  it("turns a short message into the answer, and never shows half of one", async () => {
    await teams.fake.mention(cora, SUPPORT, "How do I reset it?");
    const key = teams.accepted.at(-1)!.conversation.key;
    const stream = await teams.surface.adapter.openStream(messageTo(teams.ref(key), ""), signal);
    await stream.append("Hold ", signal);
    const during = teams.fake.texts(key);
    await stream.finish(answer, signal);

    expect(during.slice(1)).toEqual(["Looking that up…"]);
    expect(teams.fake.texts(key).slice(1)).toEqual(["Hold the button [1]."]);
    expect(stream.posted.threadKey).toBe(key);
  });
});

const citation: Citation = {
  number: 1,
  passageId: "p",
  documentId: "d",
  versionId: "v",
  title: "Reset",
  headingPath: ["Buttons"],
  url: "https://help.acme.example/reset",
  updatedAt: null,
};

const answerId = "0199a000-0000-7000-8000-0000000000aa";
const answer: Reply = {
  blocks: [
    {
      kind: "paragraph",
      children: [
        { kind: "text", text: "Hold the button " },
        { kind: "citation", number: 1 },
        { kind: "text", text: "." },
      ],
    },
  ],
  citations: [citation],
  actions: [
    { name: "helpful", answerId },
    { name: "not-helpful", answerId },
  ],
};

function remember(key: string, changes: Partial<TeamsAddress>): Promise<void> {
  const { serviceUrl, botId } = teams.fake;
  const address = {
    serviceUrl,
    botId,
    conversationId: key,
    type: "personal",
    tenantId: HOME_TENANT,
    ...changes,
  } as const;
  return teams.addressBook.remember(teams.ref(key), encodeAddress(address));
}
