import type { Channel, Message } from "./model.js";
import { messageLines } from "./shown-blocks.js";
import type { Workspace } from "./workspace.js";

/** A conversation as a person reads it: in order, edits applied, deleted messages gone, answers below their root. */
export function transcript(workspace: Workspace, channel: Channel, thread: string | null): string {
  const hidden = workspace.ephemerals.filter((message) => message.channelId === channel.id);
  const all = [...channel.messages.values(), ...hidden].sort((one, other) => (one.ts < other.ts ? -1 : 1));
  const answersTo = (ts: string): Message[] => all.filter((message) => message.threadTs === ts && message.ts !== ts);
  const show = (message: Message, indent: string): string => shown(message, workspace, indent);
  if (thread !== null) {
    const root = all.filter((message) => message.ts === thread);
    return [...root, ...answersTo(thread)].map((message) => show(message, "")).join("\n");
  }
  return all
    .filter((message) => message.threadTs === null || !channel.messages.has(message.threadTs))
    .flatMap((root) => [show(root, ""), ...answersTo(root.ts).map((answer) => show(answer, "    "))])
    .join("\n");
}

function shown(message: Message, workspace: Workspace, indent: string): string {
  const named = (message.files ?? []).map(({ name, bytes }) => `[file ${name}, ${bytes?.length ?? 0} bytes]`);
  const [first = "", ...others] = [...messageLines(message, workspace), ...named];
  return [
    `${indent}${authorOf(message, workspace)}: ${first}`,
    ...others.map((line) => `${indent}  ${line}`.trimEnd()),
  ].join("\n");
}

function authorOf(message: Message, workspace: Workspace): string {
  // Slack itself keeps the place of what was deleted.
  const name = message.subtype === "tombstone" ? "Slackbot" : workspace.person(message.userId).name;
  const named = message.username === null ? name : `${message.username} [${name}]`;
  return message.ephemeralTo === null
    ? named
    : `${named} (only ${workspace.person(message.ephemeralTo).name} sees this)`;
}
