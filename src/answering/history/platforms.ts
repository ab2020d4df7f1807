import { cleanText } from "../text/clean-text.js";

const USED_ON = "on|for|under|my|auf|unter|für|sur|sous|en|para|su|per|op|voor";
const NAMES =
  "android|iphones?|ipads?|ios|ipados|mac ?os|os ?x|macbooks?|i?mac|linux|ubuntu|debian|fedora|chrome ?os|chromebooks?|chrome|firefox|browser|desktop|tablets?|smart ?tv|apple watch|xbox|playstation";
/** Words of their own too: they need a capital, or what systems stand beside. */
const AMBIGUOUS = "windows|edge|safari";

/** What a product may be used on, as it is called in every language. */
const PLATFORM = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(?<name>${NAMES})|(?<ambiguous>${AMBIGUOUS}))(?![\\p{L}\\p{N}])`,
  "giu",
);
const MEANT_BEFORE = new RegExp(`(?<![\\p{L}\\p{N}])(?:${USED_ON}) $`, "iu");
const MEANT_AFTER = /^ (?:app|desktop|client|phone|pc|\d)/iu;

/** The platforms that a text names, as it writes them, in order. */
export function platformsIn(text: string): readonly string[] {
  const seen = cleanText(text);
  return [...seen.matchAll(PLATFORM)].flatMap((match) => {
    const [name] = match;
    const isMeant =
      match.groups?.["ambiguous"] === undefined ||
      /^\p{Lu}/u.test(name) ||
      MEANT_BEFORE.test(seen.slice(0, match.index)) ||
      MEANT_AFTER.test(seen.slice(match.index + name.length));
    return isMeant ? [name] : [];
  });
}
