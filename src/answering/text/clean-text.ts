/**
 * What no reader sees and no writer needs: control characters except tab and newline, zero-width space and bidirectional
 * formatting, variation selectors, tag characters, soft hyphens, unassigned interlinear marks.
 */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** Most texts: there is nothing to clean. */
const VISIBLE_ASCII = /^[\t\n -~]*$/;

const TERMINAL_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/gu;

/** The joiners U+200C and U+200D are letters' business in some scripts: they decide how the two beside them are written. */
const JOINERS = /[\u200c\u200d]+/gu;
const JOINING_SCRIPTS =
  "[\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Nkoo}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}\\p{scx=Mymr}]";
const JOINED_BEFORE = new RegExp(`(?=[\\p{L}\\p{M}])${JOINING_SCRIPTS}$`, "u");
const JOINED_AFTER = new RegExp(`^(?=[\\p{L}\\p{M}])${JOINING_SCRIPTS}`, "u");
/** Behind it a joiner at the end of a word makes another letter in Malayalam and its kin. */
const VIRAMA = /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca]$/u;
const EMOJI_BEFORE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier})$/u;
const EMOJI_AFTER = /^\p{Extended_Pictographic}/u;

/**
 * Text as a person would see it: line ends are `\n`, lone surrogates are replaced, and everything invisible is gone,
 * whole terminal sequences included. Joiners stay where a script or an emoji needs them, one at a place. Never throws;
 * cleaning twice changes nothing.
 */
export function cleanText(text: string): string {
  if (VISIBLE_ASCII.test(text)) return text;
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/gu, "\n")
    .replaceAll(TERMINAL_SEQUENCE, "")
    .replaceAll(INVISIBLE, "")
    .replaceAll(JOINERS, (joiners, at: number, whole: string) => {
      const end = at + joiners.length;
      const joins = isJoined(whole.slice(Math.max(0, at - 2), at), whole.slice(end, end + 2), joiners.charAt(0));
      return joins ? joiners.charAt(0) : "";
    });
}

/** @param before @param after one code point, or less than a second one beside it. */
function isJoined(before: string, after: string, joiner: string): boolean {
  if (VIRAMA.test(before)) return true;
  if (JOINED_BEFORE.test(before) && JOINED_AFTER.test(after)) return true;
  return joiner === "\u200d" && EMOJI_BEFORE.test(before) && EMOJI_AFTER.test(after);
}
