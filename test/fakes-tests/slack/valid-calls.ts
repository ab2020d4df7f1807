import type { FakeSlack } from "../../fakes/slack/fake-slack.js";

/** What valid calls refer to: a question in #general, an answer of the app below it, a stream that is being written. */
export interface Scene {
  readonly fake: FakeSlack;
  readonly root: string;
  readonly reply: string;
  readonly answer: string;
  readonly stream: string;
  readonly trigger: string;
  /** A file that the app has uploaded and not shown yet. */
  readonly uploaded: string;
}

export async function sceneIn(fake: FakeSlack): Promise<Scene> {
  fake.people.openHome("Anna");
  const root = fake.say("Anna", "general", "When do you open?").ts;
  const reply = fake.say("Ben", "general", "I wonder, too", { thread: root }).ts;
  const answer = await post(fake, "chat.postMessage", { channel: "C0GENERAL", thread_ts: root, text: "At nine" });
  const stream = await post(fake, "chat.startStream", { ...validCalls.startStream, thread_ts: root });
  const file = { name: "a.txt", mediaType: "text/plain", length: 3, ownerId: fake.workspace.team("T0ACME").botUserId };
  const { id: uploaded } = fake.files.add({ ...file, bytes: Buffer.from("abc") });
  return { fake, root, reply, answer, stream, trigger: fake.trigger("Anna"), uploaded };
}

async function post(fake: FakeSlack, method: string, args: Record<string, string>): Promise<string> {
  const response = await fetch(`${fake.apiUrl}${method}`, {
    method: "POST",
    headers: { authorization: `Bearer ${fake.botToken()}`, "content-type": "application/json" },
    body: JSON.stringify(args),
  });
  return ((await response.json()) as { ts: string }).ts;
}

const validCalls = {
  startStream: { channel: "C0GENERAL", recipient_team_id: "T0ACME", recipient_user_id: "U0ANNA" },
};

export const VALID_VIEW = {
  type: "modal",
  title: { type: "plain_text", text: "Note" },
  submit: { type: "plain_text", text: "Save" },
  callback_id: "note",
  blocks: [
    {
      type: "input",
      block_id: "note",
      label: { type: "plain_text", text: "Your note" },
      element: { type: "plain_text_input", action_id: "text", max_length: 100 },
    },
  ],
};

/** For each method, arguments that Slack takes. */
export function validArguments(method: string, scene: Scene): Readonly<Record<string, unknown>> {
  const inGeneral = { channel: "C0GENERAL" };
  const calls: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "auth.test": {},
    "chat.postMessage": { ...inGeneral, thread_ts: scene.root, text: "At nine" },
    "chat.postEphemeral": { ...inGeneral, user: "U0ANNA", text: "Only for you" },
    "chat.update": { ...inGeneral, ts: scene.answer, text: "At ten" },
    "chat.delete": { ...inGeneral, ts: scene.answer },
    "chat.startStream": { ...validCalls.startStream, thread_ts: scene.root },
    "chat.appendStream": { ...inGeneral, ts: scene.stream, markdown_text: "At " },
    "chat.stopStream": { ...inGeneral, ts: scene.stream, markdown_text: "nine" },
    "conversations.open": { users: "U0ANNA" },
    "conversations.info": inGeneral,
    "conversations.history": inGeneral,
    "conversations.replies": { ...inGeneral, ts: scene.root },
    "users.info": { user: "U0ANNA" },
    "users.getPresence": { user: "U0ANNA" },
    "views.open": { trigger_id: scene.trigger, view: VALID_VIEW },
    "assistant.threads.setStatus": { channel_id: "C0GENERAL", thread_ts: scene.root, status: "Looking that up" },
    "apps.connections.open": {},
    "files.getUploadURLExternal": { filename: "a.txt", length: 3 },
    "files.completeUploadExternal": { files: [{ id: scene.uploaded, title: "a.txt" }], channel_id: "C0GENERAL" },
    "files.info": { file: scene.uploaded },
    "files.delete": { file: scene.uploaded },
    "reactions.add": { ...inGeneral, timestamp: scene.root, name: "eyes" },
  };
  const found = calls[method];
  if (found === undefined) {
    throw new Error(`No valid call of ${method} is written down`);
  }
  return found;
}
