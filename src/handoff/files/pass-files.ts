import type { Speaker } from "../../ports/chat.js";
import type { KeptFile } from "../../ports/files.js";
import { fromBot } from "../change-handoff.js";
import { conversationLanguage } from "../conversation-language.js";
import type { HandoffScene } from "../handoff-scene.js";
import { customersFileNotice, agentsFileNotice } from "./file-texts.js";
import type { TakenFiles } from "./take-files.js";

/** The files that came with somebody's words: each is a delivery behind the words. */
export async function passFiles(scene: HandoffScene, conversationId: string, speaker: Speaker): Promise<void> {
  const { stores, rules, files } = scene;
  if (files === undefined || rules.files === null) return;
  const { linkTo } = rules.files;
  await stores.deliveries.add(
    files.kept.map((file) => ({
      ...fromBot({ rules, cause: { type: "file", id: file.fileId } }, conversationId, "relay", ""),
      speaker,
      reply: { blocks: [blockOf(file, linkTo)], citations: [], actions: [] },
    })),
  );
}

/** The question is on the card: only its files go behind it. Resolves with the conversations that have posts due. */
export async function passFilesOfQuestion(scene: HandoffScene, customerName: string): Promise<readonly string[]> {
  const { handoff, stores, files } = scene;
  const speaker = { role: "customer", name: customerName } as const;
  const named = namedFiles(files);
  if (named.length > 0) {
    const words = fromBot(scene, handoff.agentConversationId, "relay", named.join("\n"));
    await stores.deliveries.add([{ ...words, speaker }]);
  }
  await passFiles(scene, handoff.agentConversationId, speaker);
  await tellCustomerOfFiles(scene);
  return [handoff.conversationId, handoff.agentConversationId];
}

function blockOf({ fileId, name, sizeBytes, keepUntil }: KeptFile, linkTo: (id: string, until: Date) => string) {
  return { kind: "file", name, sizeBytes, url: linkTo(fileId, keepUntil) } as const;
}

/** Tells a customer which of their files the agents did not get. */
export async function tellCustomerOfFiles(scene: HandoffScene): Promise<void> {
  const { stores, handoff, rules, files } = scene;
  if (files === undefined || files.refused.length === 0) return;
  const language = await conversationLanguage(stores, handoff.conversationId);
  const text = customersFileNotice(files.refused, language, rules.files);
  await stores.deliveries.add([fromBot(scene, handoff.conversationId, "file-notice", text)]);
}

/** Tells the agents which of their files the customer did not get. */
export async function tellAgentsOfFiles(scene: HandoffScene): Promise<void> {
  const { stores, handoff, rules, files } = scene;
  if (files === undefined || files.refused.length === 0) return;
  const text = agentsFileNotice(files.refused, rules.files);
  await stores.deliveries.add([fromBot(scene, handoff.agentConversationId, "file-notice", text)]);
}

/** What could only be named, a line each. */
export function namedFiles(files: TakenFiles | undefined): readonly string[] {
  return (files?.named ?? []).map(({ name, link }) => (link === null ? name : `${name}: ${link}`));
}

/** What the transcript has of a message. */
export function saidWithFiles(text: string, files: TakenFiles | undefined): string {
  if (text !== "" || files === undefined) return text;
  const names = [...files.kept, ...files.refused].map(({ name }) => name);
  return `(${names.join(", ")})`;
}
