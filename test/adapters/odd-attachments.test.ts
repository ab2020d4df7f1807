import { expect, it } from "vitest";
import { readMessage } from "../../adapters/slack/inbound/read-message.js";
import { parseActivity } from "../../adapters/teams/inbound-activity.js";
import { readFiles } from "../../adapters/teams/read-files.js";

it("an odd file of a Slack message does not make the others vanish", () => {
  const event = { type: "message", channel: "D0ANNA", channel_type: "im", user: "U0ANNA", ts: "1.1", text: "Look" };
  const files = [{ id: "F1", name: "a.png" }, { id: 7 }, null, { id: "F2", name: "b.png" }];
  const message = readMessage({ ...event, files }, { botUserId: "U0BOT", agentsChannels: [] });
  expect(message?.files.map(({ name }) => name)).toEqual(["a.png", "b.png"]);
});

it("an odd attachment of a Teams message, or very many, do not make the others vanish", () => {
  const image = (name: string) => ({ contentType: "image/png", contentUrl: "https://smba.example/v3/x", name });
  const many = Array.from({ length: 60 }, () => ({ contentType: "text/html" }));
  const attachments = [image("a.png"), { contentType: 7 }, null, image("b.png"), ...many];
  const activity = parseActivity(Buffer.from(JSON.stringify({ type: "message", attachments })));
  expect(readFiles(activity?.attachments ?? []).map(({ name }) => name)).toEqual(["a.png", "b.png"]);
});
