import { fixedTextLanguage, type FixedTextLanguage } from "../answering/fixed-texts.js";
import { recogniseLanguage } from "../answering/stages/language.js";
import { toTurn } from "../routing/read-history.js";
import type { CoreStores } from "../ports/stores.js";

const LOOKED_AT = 20;

/**
 * The language to speak to a customer in: that of their words, or where those tell none, of what they wrote before.
 * @param words what is answered; their newest, where it is nothing that they wrote.
 */
export async function conversationLanguage(
  stores: Pick<CoreStores, "conversations">,
  conversationId: string,
  words?: string,
): Promise<FixedTextLanguage> {
  return fixedTextLanguage(await customerLanguage(stores, conversationId, words));
}

/** The same as ISO 639-1, whether or not the bot has sentences in it; null where nothing tells. */
export async function customerLanguage(
  { conversations }: Pick<CoreStores, "conversations">,
  conversationId: string,
  words?: string,
): Promise<string | null> {
  const history = await conversations.history(conversationId, LOOKED_AT);
  const newest = history.findLast(({ speaker }) => speaker === "customer")?.text ?? "";
  const { code } = await recogniseLanguage(words ?? newest, history.flatMap(toTurn));
  return code;
}
