/**
 * What no reader sees and no writer needs: control characters except tab and newline, zero-width and bidirectional
 * formatting, variation selectors, tag characters, soft hyphens, unassigned interlinear marks.
 */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

const TERMINAL_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/gu;

/**
 * Text as a person would see it: line ends are `\n`, lone surrogates are replaced, and everything invisible is gone,
 * whole terminal sequences included. Never throws; cleaning twice changes nothing.
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll(/\r\n?/gu, "\n").replaceAll(TERMINAL_SEQUENCE, "").replaceAll(INVISIBLE, "");
}
