import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FakeSlack } from "../../fakes/slack/fake-slack.js";
import { METHODS } from "../../fakes/slack/methods.js";
import { BOT_SCOPES, DEFAULT_WORKSPACE } from "../../fakes/slack/workspace-options.js";
import { rawCall, rawOutcome } from "./raw-call.js";
import { sceneIn, validArguments, type Scene } from "./valid-calls.js";

/** What each type does not take, over a form. */
const MISTYPED = { boolean: "maybe", number: "many", array: "{}", object: "[1]", string: null } as const;
const MALFORMED: Readonly<Record<string, string>> = {
  blocks: "invalid_blocks_format",
  metadata: "invalid_metadata_format",
  chunks: "invalid_chunks",
};

const entries = Object.entries(METHODS);
const names = Object.keys(METHODS);

function tokenFor(fake: FakeSlack, method: string): string {
  return METHODS[method]!.scope.kind === "app" ? fake.appToken : fake.botToken();
}

let fake: FakeSlack;
let scene: Scene;

beforeAll(async () => {
  fake = await FakeSlack.start();
});
beforeEach(async () => {
  scene = await sceneIn(fake);
});
afterAll(async () => {
  await fake[Symbol.asyncDispose]();
});

describe("Every method", () => {
  it.each(names)("%s takes what is valid", async (method) => {
    await expect(rawOutcome(fake, method, validArguments(method, scene), tokenFor(fake, method))).resolves.toBe("ok");
  });

  it.each(names)("%s refuses an unknown argument", async (method) => {
    const args = { ...validArguments(method, scene), colour: "blue" };
    await expect(rawCall(fake, method, args, tokenFor(fake, method))).resolves.toMatchObject({
      body: {
        ok: false,
        error: "invalid_arguments",
        response_metadata: { messages: ["[ERROR] unknown argument: colour"] },
      },
    });
  });

  it.each(names)("%s refuses a call without a token", async (method) => {
    await expect(rawOutcome(fake, method, validArguments(method, scene), null)).resolves.toBe("not_authed");
  });

  it.each(names)("%s refuses a token it does not know", async (method) => {
    await expect(rawOutcome(fake, method, validArguments(method, scene), "xoxb-wrong")).resolves.toBe("invalid_auth");
  });

  it.each(names)("%s refuses the token of the other kind", async (method) => {
    const other = tokenFor(fake, method) === fake.appToken ? fake.botToken() : fake.appToken;
    await expect(rawOutcome(fake, method, validArguments(method, scene), other)).resolves.toBe(
      "not_allowed_token_type",
    );
  });
});

describe("A required argument is missed", () => {
  const required = entries.flatMap(([method, { args }]) =>
    Object.entries(args).flatMap(([name, type]) => (type.endsWith("!") ? [{ method, name }] : [])),
  );

  it.each(required)("$method without $name", async ({ method, name }) => {
    const others = Object.entries(validArguments(method, scene)).filter(([given]) => given !== name);
    await expect(rawCall(fake, method, Object.fromEntries(others))).resolves.toMatchObject({
      body: {
        error: "invalid_arguments",
        response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
      },
    });
  });
});

describe("An argument of the wrong type is refused", () => {
  const typed = entries.flatMap(([method, { args }]) =>
    Object.entries(args).flatMap(([name, type]) => {
      const wrong = MISTYPED[type.replace("!", "") as keyof typeof MISTYPED];
      return wrong === null ? [] : [{ method, name, wrong }];
    }),
  );

  it.each(typed)("$method with $name as $wrong", async ({ method, name, wrong }) => {
    const args = { ...validArguments(method, scene), [name]: wrong };
    await expect(rawOutcome(fake, method, args)).resolves.toBe(MALFORMED[name] ?? "invalid_arguments");
  });

  it("a text that is a number, in a JSON body", async () => {
    const response = await fetch(`${fake.apiUrl}chat.postMessage`, {
      method: "POST",
      headers: { authorization: `Bearer ${fake.botToken()}`, "content-type": "application/json" },
      body: JSON.stringify({ channel: "C0GENERAL", text: 5 }),
    });
    await expect(response.json()).resolves.toMatchObject({ error: "invalid_arguments" });
  });
});

describe("A call is refused", () => {
  it("to a method that does not exist", async () => {
    await expect(rawOutcome(fake, "chat.shout", {})).resolves.toBe("unknown_method");
  });

  it("for another workspace than the token's", async () => {
    await expect(rawOutcome(fake, "auth.test", { team_id: "T0ELSE" })).resolves.toBe("invalid_arguments");
  });

  it("with a body that is neither a form nor JSON", async () => {
    const response = await fetch(`${fake.apiUrl}auth.test`, {
      method: "POST",
      headers: { authorization: `Bearer ${fake.botToken()}`, "content-type": "text/xml" },
      body: "<xml/>",
    });
    await expect(response.json()).resolves.toMatchObject({ error: "invalid_post_type" });
  });

  it("to a streaming method where there is no streaming", async () => {
    await using without = await FakeSlack.start({ streaming: false });
    const names = ["chat.startStream", "chat.appendStream", "chat.stopStream"];
    const outcomes = await Promise.all(names.map((method) => rawOutcome(without, method, {})));
    expect(outcomes).toEqual(["unknown_method", "unknown_method", "unknown_method"]);
  });

  it("after the app was removed", async () => {
    await using removed = await FakeSlack.start();
    removed.people.uninstall("T0ACME");
    await expect(rawOutcome(removed, "auth.test", {})).resolves.toBe("account_inactive");
  });
});

describe("A method refuses a token without its scope", () => {
  const scoped = entries.flatMap(([method, { scope }]) => {
    if (scope.kind === "bot") {
      return [{ method, needed: scope.scope }];
    }
    return scope.kind === "by-channel" ? [{ method, needed: scope.scopes.public }] : [];
  });

  it.each(scoped)("$method without $needed", async ({ method, needed }) => {
    const scopes = BOT_SCOPES.filter((scope) => scope !== needed);
    await using limited = await FakeSlack.start({ workspaces: [{ ...DEFAULT_WORKSPACE, scopes }] });
    await expect(rawCall(limited, method, validArguments(method, scene))).resolves.toMatchObject({
      body: { error: "missing_scope", needed, provided: scopes.join(",") },
    });
  });

  it("apps.connections.open without connections:write", async () => {
    await using limited = await FakeSlack.start({ appScopes: [] });
    await expect(rawOutcome(limited, "apps.connections.open", {}, limited.appToken)).resolves.toBe("missing_scope");
  });

  it("a name of its own without chat:write.customize", async () => {
    const args = { ...validArguments("chat.postMessage", scene), username: "Somebody else" };
    await expect(rawCall(fake, "chat.postMessage", args)).resolves.toMatchObject({
      body: { error: "missing_scope", needed: "chat:write.customize" },
    });
  });

  it("a private channel's history with the public channels' scope alone", async () => {
    const scopes = BOT_SCOPES.filter((scope) => scope !== "groups:history");
    await using limited = await FakeSlack.start({ workspaces: [{ ...DEFAULT_WORKSPACE, scopes }] });
    await expect(rawOutcome(limited, "conversations.history", { channel: "C0AGENTS" })).resolves.toBe("missing_scope");
    await expect(rawOutcome(limited, "conversations.history", { channel: "C0GENERAL" })).resolves.toBe("ok");
  });
});
