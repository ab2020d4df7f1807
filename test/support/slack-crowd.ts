import { FakeSlack } from "../fakes/slack/fake-slack.js";
import type { Said } from "../fakes/slack/people.js";
import { DEFAULT_WORKSPACE } from "../fakes/slack/workspace-options.js";

const CHANNELS = 200;

const QUESTIONS = [
  "How do I reset the Hub to factory settings?",
  "help",
  "How long is the warranty of the Hub?",
  "kb status",
  "Do you take payment in pearls?",
];

/** A workspace that is large enough for many questions at once: every channel takes one post a second. */
export function crowdedSlack(): Promise<FakeSlack> {
  const people = Array.from({ length: CHANNELS }, (_, index) => ({ id: `U1P${index}`, name: `Person ${index}` }));
  const channels = Array.from({ length: CHANNELS }, (_, index) => ({ id: `C1R${index}`, name: `room-${index}` }));
  return FakeSlack.start({
    workspaces: [{ ...DEFAULT_WORKSPACE, people, channels }],
    retryDelaysMs: [0, 500, 1_500, 4_000, 8_000],
  });
}

/** The event with this number: somebody mentions the bot in a new thread. */
export function ask(slack: FakeSlack, number: number, questions: readonly string[] = QUESTIONS): Said {
  const place = number % CHANNELS;
  const question = questions[number % questions.length] ?? "help";
  return slack.mention(`U1P${place}`, `C1R${place}`, question);
}

/** How many messages of the bot stand in the thread of something that was said. */
export function replies(slack: FakeSlack, { channel, ts }: Said): number {
  return slack.messages(channel, ts).filter(({ botId }) => botId !== null).length;
}
