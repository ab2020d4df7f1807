import { expect, it } from "vitest";
import { createSlashCommands } from "../../../adapters/slack/inbound/slash-commands.js";
import { MessageCalls } from "../../../adapters/slack/outbound/message-calls.js";
import { People } from "../../../adapters/slack/people.js";
import type { SlackCall } from "../../../adapters/slack/slack-api.js";
import { systemClock } from "../../../src/ports/clock.js";
import { newId } from "../../../src/ports/ids.js";
import { MemoryInbox } from "./slack-scene.js";

const identity = { teamId: "T1", botUserId: "U0BOT", botId: null, installationId: "i" };
const signal = new AbortController().signal;

it("remembers the direct messages of a thousand people, and of no more", async () => {
  const opened: unknown[] = [];
  const call: SlackCall = (method, { users }, schema) => {
    if (method === "conversations.open") opened.push(users);
    return Promise.resolve(schema.parse({ channel: { id: `D${String(users)}` }, ts: "1.2", user: { name: "Anna" } }));
  };
  const command = createSlashCommands({
    call,
    calls: new MessageCalls(call),
    people: new People(call),
    sink: new MemoryInbox(),
    clock: systemClock,
    newId,
    botName: "Deskhand",
    agentsChannels: [],
    admins: [],
    audience: ["public"],
  });
  const ask = (person: number, time: number) =>
    command(
      {
        command: "/deskhand",
        text: "help",
        user_id: `U${person}`,
        channel_id: "C1",
        team_id: "T1",
        trigger_id: `${person}.${time}`,
      },
      identity,
      signal,
    );

  for (let person = 0; person < 1_001; person += 1) await ask(person, 1);
  opened.length = 0;
  await ask(1_000, 2);
  await ask(1, 2);
  expect(opened).toEqual([]);

  await ask(0, 2);
  expect(opened).toEqual(["U0"]);
});
