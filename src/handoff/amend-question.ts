import type { Block, Reply } from "../ports/reply.js";
import type { Turn } from "../ports/stores.js";
import { updateCard } from "./change-handoff.js";
import type { HandoffScene } from "./handoff-scene.js";

/**
 * Puts the words that the customer has now in the place of those that the handoff began with, in its question and on its card.
 * What they wrote later stands in the thread alone.
 */
export async function amendQuestion(scene: HandoffScene, turn: Turn | null, text: string): Promise<void> {
  const { handoff, stores } = scene;
  const before = turn?.said.find(({ inboxId }) => inboxId === turn.inboxId)?.text.trim() ?? "";
  if (turn === null || turn.outcome.kind === "relayed" || before === "") return;
  const amend = (words: string): string => withLines(words, before, text.trim());
  const question = amend(handoff.question);
  if (question !== handoff.question) await stores.handoffs.reword(handoff.handoffId, question);
  const card = handoff.cardDeliveryId === null ? null : await stores.deliveries.posted(handoff.cardDeliveryId);
  if (card === null || handoff.cardDeliveryId === null) return;
  const blocks = card.reply.blocks.map((block) => (block.kind === "quote" ? withWords(block, amend) : block));
  if (blocks.every((block, place) => block === card.reply.blocks[place])) return;
  const reply: Reply = { ...card.reply, blocks };
  await stores.deliveries.reword(handoff.cardDeliveryId, reply);
  await updateCard(scene, handoff);
}

/** Of words that came in several messages, those of one are lines of their own. */
function withLines(words: string, before: string, now: string): string {
  return `\n${words}\n`.replace(`\n${before}\n`, () => `\n${now}\n`).slice(1, -1);
}

/** The same quote where nothing in it changes. The card quotes a customer's words as one text. */
function withWords(quote: Extract<Block, { kind: "quote" }>, amend: (words: string) => string): Block {
  const [block] = quote.blocks;
  const [said] = block?.kind === "paragraph" ? block.children : [];
  if (said?.kind !== "text") return quote;
  const text = amend(said.text);
  return text === said.text
    ? quote
    : { kind: "quote", blocks: [{ kind: "paragraph", children: [{ kind: "text", text }] }] };
}
