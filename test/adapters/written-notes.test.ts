import { expect, it } from "vitest";
import { readMessage } from "../../adapters/slack/inbound/read-message.js";
import { parseActivity } from "../../adapters/teams/inbound-activity.js";
import { readActivity } from "../../adapters/teams/inbound-events.js";

/** What agents write in a handoff's thread, and what the team is to read as a note; null where it is a reply. */
const WRITTEN: readonly (readonly [string, string | null])[] = [
  ["note: he is lying", "he is lying"],
  ["// he is lying", "he is lying"],
  ["*note:* he is lying", "he is lying"],
  ["*note*: he is lying", "he is lying"],
  ["_note: he is lying_", "he is lying"],
  ["*_note:_* he is lying", "he is lying"],
  ["*//* he is lying", "he is lying"],
  ["@Carla // he is lying", "he is lying"],
  ["@Carla note: he is lying", "he is lying"],
  ["@Carla, note: he is lying", "he is lying"],
  ["@Carla: // he is lying", "he is lying"],
  ["@Carla - note: he is lying", "he is lying"],
  ["@Carla @Deskhand // he is lying", "he is lying"],
  ["@Deskhand @Carla // he is lying", "he is lying"],
  ["@Deskhand note: he is lying", "he is lying"],
  ["@Carla & @Ben: note: he is lying", "he is lying"],
  ["@Carla\n// he is lying", "he is lying"],
  ["@Carla *note:* he is lying", "he is lying"],
  ["*@Carla* // he is lying", "he is lying"],
  ["*@Carla note:* he is lying", "he is lying"],
  ["*@Carla* _note: he is lying_", "he is lying"],
  ["_@Carla // he is lying_", "he is lying"],
  ["// ask @Carla", "ask @Carla"],
  ["@Carla knows more", null],
  ["*Hello* @Carla", null],
  ["please note: we close at five", null],
  ["@Carla please note: we close at five", null],
  ["*Notes:* none", null],
];

const slackNames = { Carla: "<@U0CARLA|Carla>", Ben: "<@U0BEN|Ben>", Deskhand: "<@U0BOT>" };
const NAME = /@(Carla|Ben|Deskhand)/gu;

function inSlack(written: string): string | null {
  const text = written
    .replaceAll("&", "&amp;")
    .replaceAll(NAME, (_, name: keyof typeof slackNames) => slackNames[name]);
  const event = { type: "message", user: "U0ANN", text, ts: "2.0", thread_ts: "1.0", channel: "C0AGENTS" };
  const message = readMessage(event, { botUserId: "U0BOT", agentsChannels: ["C0AGENTS"] });
  expect(message).not.toBeNull();
  return message?.note ?? null;
}

function inTeams(written: string, textFormat: "plain" | "html"): string | null {
  const mentions = [...new Set([...written.matchAll(NAME)].map(([, name = ""]) => name))];
  const named = written.replaceAll("&", "&amp;").replaceAll(NAME, "<at>$1</at>");
  const activity = parseActivity(
    Buffer.from(
      JSON.stringify({
        type: "message",
        id: "2",
        from: { id: "29:ann" },
        recipient: { id: "28:bot" },
        conversation: { id: "19:agents;messageid=1" },
        textFormat,
        text: textFormat === "plain" ? named : `<p>${bold(named)}</p>`,
        entities: mentions.map((name) => ({
          type: "mention",
          text: `<at>${name}</at>`,
          mentioned: { id: name === "Deskhand" ? "28:bot" : `29:${name}` },
        })),
      }),
    ),
  );
  const reading = readActivity(
    { activity: activity!, installationId: "i", receivedAt: new Date() },
    { agentsChannels: ["19:agents"] },
  );
  expect(reading.kind).toBe("event");
  return reading.kind === "event" && reading.event.kind === "note" ? reading.event.text : null;
}

function bold(text: string): string {
  return text
    .replaceAll(/\*([^*]+)\*/gu, "<strong>$1</strong>")
    .replaceAll(/_([^_]+)_/gu, "<em>$1</em>")
    .replaceAll("\n", "<br>");
}

it.each(WRITTEN)("%j is the same to the team on Slack and on Teams: %j", (written, note) => {
  // Slack writes the name of who is mentioned after an @, Teams without it.
  expect(inSlack(written)).toBe(note);
  const named = note?.replaceAll("@", "") ?? null;
  expect(inTeams(written, "plain")).toBe(named);
  expect(inTeams(written, "html")).toBe(named);
});
