import { describe, expect, it } from "vitest";
import { FakeSlack, type MessagePlace } from "../../fakes/slack/fake-slack.js";
import { textAt } from "../../fakes/slack/json.js";
import { rawCall, rawOutcome } from "./raw-call.js";
import { RequestUrl, type AppAnswer } from "./request-url.js";
import { VALID_VIEW } from "./valid-calls.js";

interface Setting extends AsyncDisposable {
  readonly fake: FakeSlack;
  readonly app: RequestUrl;
}

async function setting(...answers: readonly AppAnswer[]): Promise<Setting> {
  const app = await RequestUrl.listen(...answers);
  const fake = await FakeSlack.start({ requestUrl: app.url, acknowledgeWithinMs: 200 });
  return {
    fake,
    app,
    async [Symbol.asyncDispose]() {
      await fake[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
    },
  };
}

const BLOCKS = [
  {
    type: "actions",
    block_id: "card",
    elements: [{ type: "button", action_id: "claim", value: "h1", text: { type: "plain_text", text: "Claim" } }],
  },
  {
    type: "context_actions",
    elements: [
      {
        type: "feedback_buttons",
        action_id: "feedback",
        positive_button: { text: { type: "plain_text", text: "Helpful" }, value: "yes" },
        negative_button: { text: { type: "plain_text", text: "Not helpful" }, value: "no" },
      },
    ],
  },
];

/** Posts the card before the app listens, so that only interactions reach it. */
async function card(fake: FakeSlack, app: RequestUrl): Promise<MessagePlace> {
  const { body } = await rawCall(fake, "chat.postMessage", { channel: "C0AGENTS", text: "card", blocks: BLOCKS });
  await fake.settled();
  app.received.length = 0;
  return { channel: "C0AGENTS", ts: textAt(body, "ts") };
}

function formOf(app: RequestUrl): URLSearchParams {
  return new URLSearchParams(app.received.at(-1)?.body);
}

function payloadOf(app: RequestUrl): Record<string, unknown> {
  return JSON.parse(formOf(app).get("payload") ?? "{}") as Record<string, unknown>;
}

async function respond(url: unknown, body: unknown): Promise<readonly [number, string]> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(String(url), { method: "POST", headers, body: JSON.stringify(body) });
  return [response.status, await response.text()];
}

describe("A slash command", () => {
  it("arrives as a form without a charset, with an address to answer to", async () => {
    await using scene = await setting();
    await scene.fake.slash("Anna", "general", "/deskhand ask when do you open?");
    expect(scene.app.received[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(Object.fromEntries(formOf(scene.app))).toMatchObject({
      command: "/deskhand",
      text: "ask when do you open?",
      user_id: "U0ANNA",
      channel_id: "C0GENERAL",
      team_id: "T0ACME",
      api_app_id: scene.fake.appId,
    });
  });

  it.each([
    ["plain words", { status: 200, body: "Looking." }, "Deskhand (only Anna sees this): Looking."],
    [
      "words for everybody",
      { status: 200, body: JSON.stringify({ response_type: "in_channel", text: "Looking." }) },
      "Deskhand: Looking.",
    ],
    [
      "nothing in time",
      { status: 200, afterMs: 1_000 },
      'Deskhand (only Anna sees this): /deskhand failed with the error "operation_timeout"',
    ],
    ["an error", { status: 500 }, 'Deskhand (only Anna sees this): /deskhand failed with the error "dispatch_failed"'],
  ])("shows the person %s", async (_what, answer, shown) => {
    await using scene = await setting(answer);
    await scene.fake.slash("Anna", "general", "/deskhand help");
    expect(scene.fake.transcript("general")).toBe(shown);
  });

  it("may be answered five times, within half an hour, with what is known", async () => {
    await using scene = await setting();
    await scene.fake.slash("Anna", "general", "/deskhand help");
    const url = formOf(scene.app).get("response_url");
    await expect(respond(url, { text: "one", colour: "blue" })).resolves.toMatchObject([
      400,
      expect.stringContaining("invalid_payload"),
    ]);
    for (const text of ["one", "two", "three", "four", "five"]) {
      await expect(respond(url, { text })).resolves.toEqual([200, "ok"]);
    }
    await expect(respond(url, { text: "six" })).resolves.toMatchObject([404, expect.stringContaining("used_url")]);
    expect(scene.fake.transcript("general").split("\n")).toHaveLength(5);

    await scene.fake.slash("Anna", "general", "/deskhand help");
    scene.fake.clock.advance(31 * 60_000);
    await expect(respond(formOf(scene.app).get("response_url"), { text: "late" })).resolves.toMatchObject([
      404,
      expect.stringContaining("expired_url"),
    ]);
  });
});

describe("A press", () => {
  it("says who pressed what under which message", async () => {
    await using scene = await setting();
    const place = await card(scene.fake, scene.app);
    await expect(scene.fake.press("Ben", place, "Claim")).resolves.toMatchObject({ isAcknowledged: true });
    expect(payloadOf(scene.app)).toMatchObject({
      type: "block_actions",
      user: { id: "U0BEN", team_id: "T0ACME" },
      team: { id: "T0ACME" },
      container: { type: "message", message_ts: place.ts, channel_id: "C0AGENTS" },
      channel: { id: "C0AGENTS" },
      message: { ts: place.ts, text: "card" },
      actions: [{ type: "button", action_id: "claim", block_id: "card", value: "h1" }],
    });
  });

  it.each([
    ["Helpful", "yes"],
    ["Not helpful", "no"],
  ])("of %s in a feedback pair carries its value", async (label, value) => {
    await using scene = await setting();
    const place = await card(scene.fake, scene.app);
    await scene.fake.press("Ben", place, label);
    expect(payloadOf(scene.app)).toMatchObject({
      actions: [{ type: "feedback_buttons", action_id: "feedback", value }],
    });
  });

  it("is not repeated when the app does not answer", async () => {
    await using scene = await setting();
    const place = await card(scene.fake, scene.app);
    scene.fake.deliverTo("http://127.0.0.1:1/slack/events");
    await expect(scene.fake.press("Ben", place, "Claim")).resolves.toMatchObject({
      isAcknowledged: false,
      retryNumber: 0,
    });
  });

  it("lets the app replace what was pressed, or take it away", async () => {
    await using scene = await setting();
    const place = await card(scene.fake, scene.app);
    await scene.fake.press("Ben", place, "Claim");
    const url = payloadOf(scene.app)["response_url"];
    await respond(url, { replace_original: true, text: "Claimed by Ben" });
    expect(scene.fake.transcript("agents")).toBe("Deskhand: Claimed by Ben");
    await respond(url, { delete_original: true });
    expect(scene.fake.transcript("agents")).toBe("");
  });

  it("of something that is not there fails loudly", async () => {
    await using scene = await setting();
    const place = await card(scene.fake, scene.app);
    await expect(scene.fake.press("Ben", place, "Resolve")).rejects.toThrow("there are: Claim, Helpful, Not helpful");
  });
});

describe("A form", () => {
  async function opened(scene: Setting): Promise<void> {
    const place = await card(scene.fake, scene.app);
    await scene.fake.press("Ben", place, "Claim");
    const { trigger_id: trigger } = payloadOf(scene.app);
    await expect(
      rawOutcome(scene.fake, "views.open", { trigger_id: trigger, view: { ...VALID_VIEW, notify_on_close: true } }),
    ).resolves.toBe("ok");
  }

  it("is shown to who pressed, and brings what they filled in", async () => {
    await using scene = await setting();
    await opened(scene);
    expect(scene.fake.form("Ben")).toBe("Note\nYour note");
    expect(scene.fake.form("Anna")).toBeNull();

    await scene.fake.submitView("Ben", { "Your note": "Knows the answer" });
    expect(payloadOf(scene.app)).toMatchObject({
      type: "view_submission",
      user: { id: "U0BEN" },
      view: {
        callback_id: "note",
        state: { values: { note: { text: { type: "plain_text_input", value: "Knows the answer" } } } },
      },
    });
    expect(scene.fake.form("Ben")).toBeNull();
  });

  it("stays open with the errors the app answers", async () => {
    const answers = [{ status: 200 }, { status: 200 }];
    const errors = { status: 200, body: JSON.stringify({ response_action: "errors", errors: { note: "Too short" } }) };
    await using scene = await setting(...answers, errors);
    await opened(scene);
    await scene.fake.submitView("Ben", { "Your note": "a" });
    expect(scene.fake.form("Ben")).toBe('Note\nYour note\n! "Too short"');
  });

  it("is not sent empty, too long, or with a field it does not have", async () => {
    await using scene = await setting();
    await opened(scene);
    await expect(scene.fake.submitView("Ben", {})).rejects.toThrow("does not send the form without Your note");
    await expect(scene.fake.submitView("Ben", { "Your note": "x".repeat(101) })).rejects.toThrow(
      "from 0 to 100 characters",
    );
    await expect(scene.fake.submitView("Ben", { "Your note": "a", Colour: "blue" })).rejects.toThrow(
      "no input called Colour",
    );
  });

  it("tells the app that it was closed when the app wants to know", async () => {
    await using scene = await setting();
    await opened(scene);
    await scene.fake.closeView("Ben");
    expect(payloadOf(scene.app)).toMatchObject({ type: "view_closed", user: { id: "U0BEN" } });
  });
});
