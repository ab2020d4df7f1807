import { afterEach, beforeEach, expect, it } from "vitest";
import { Presence } from "../../../adapters/slack/presence.js";
import { createSlackCall } from "../../../adapters/slack/slack-api.js";
import { FakeSlack } from "../../fakes/slack/fake-slack.js";
import { silentLogger } from "../../support/silent-logger.js";

let slack: FakeSlack;
let now: number;
beforeEach(async () => {
  slack = await FakeSlack.start();
  now = 0;
});
afterEach(async () => slack[Symbol.asyncDispose]());

function presence(): Presence {
  return new Presence(createSlackCall(slack.botToken(), slack.apiUrl, silentLogger), () => now);
}
const idsOf = () => [...slack.workspace.people.keys()].slice(0, 2);

it("is who Slack says is away, for a minute", async () => {
  const [one, other] = idsOf();
  slack.away.add(one!);
  const known = presence();
  expect(await known.away([one!, other!])).toEqual(new Set([one]));
  slack.away.clear();
  now = 59_999;
  expect(await known.away([one!, other!])).toEqual(new Set([one]));
  now = 60_000;
  expect(await known.away([one!, other!])).toEqual(new Set());
});

it("is nobody of whom Slack does not tell", async () => {
  const [one] = idsOf();
  slack.away.add(one!);
  expect(await presence().away(["U0NOBODY", one!])).toEqual(new Set([one]));
  await slack[Symbol.asyncDispose]();
  expect(await presence().away([one!])).toEqual(new Set());
  slack = await FakeSlack.start();
});
