import { createSafeFetch, type SafeFetch } from "../../kb/sources/safe-fetch.js";
import type { FakeSlack } from "../fakes/slack/fake-slack.js";
import { type MessagePlace } from "../fakes/slack/fake-slack.js";

/** A fetch for which Slack's address is the fake. Waiting passes the fake's time and no real one. */
export function fetchOfSlack(fake: FakeSlack, waitsMs: number[] = []): SafeFetch {
  const fetch = createSafeFetch({
    version: "test",
    allowedPrivateHosts: ["127.0.0.1"],
    clock: { now: () => new Date(fake.clock.now()) },
    wait(ms) {
      waitsMs.push(ms);
      fake.clock.advance(ms);
      return Promise.resolve();
    },
  });
  return (url, options, signal) => {
    const { origin, pathname, search } = new URL(url);
    if (origin !== "https://slack.com") throw new Error(`${origin} was asked, and not Slack`);
    return fetch(new URL(`${pathname}${search}`, fake.apiUrl).href, options, signal);
  };
}

/** What a question and its answer in a channel are. */
export interface AnsweredThread {
  readonly id: string;
  readonly question: MessagePlace;
  readonly answer: MessagePlace;
}

/** Anna asks, Ben answers, and Anna accepts it. */
export function answeredThread(
  fake: FakeSlack,
  question: string,
  answer: string,
  options: { readonly channel?: string; readonly acceptedBy?: string; readonly reaction?: string } = {},
): AnsweredThread {
  const { channel = "general", acceptedBy = "Anna", reaction = "white_check_mark" } = options;
  const asked = fake.say("Anna", channel, question);
  const answered = fake.say("Ben", channel, answer, { thread: asked.ts });
  fake.people.react(acceptedBy, answered, reaction);
  return { id: `${asked.channel}/${asked.ts}`, question: asked, answer: answered };
}
