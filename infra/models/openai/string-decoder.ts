/** Decodes the inside of a JSON string while it arrives, cut anywhere. */
export interface StringDecoder {
  /** What can be said now of the string's value; nothing after the quote that ends it, or after what no string may hold. */
  push(json: string): string;
}

const WHOLE = /^(?:[^"\\]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/u;
const HIGH_SURROGATE_AT_END = /[\ud800-\udbff]$/;

/** Half an escape and half a surrogate pair wait for the other half. */
export function createStringDecoder(): StringDecoder {
  let waiting = "";
  let half = "";
  let isOver = false;
  return {
    push(json) {
      if (isOver) return "";
      const body = waiting + json;
      const whole = WHOLE.exec(body)?.[0] ?? "";
      waiting = body.slice(whole.length);
      const value = valueOf(whole);
      isOver = waiting.startsWith('"') || value === null;
      const text = half + (value ?? "");
      half = isOver ? "" : (HIGH_SURROGATE_AT_END.exec(text)?.[0] ?? "");
      return text.slice(0, text.length - half.length);
    },
  };
}

/** Null for a control character, which JSON wants written as an escape. */
function valueOf(inside: string): string | null {
  try {
    return String(JSON.parse(`"${inside}"`));
  } catch {
    return null;
  }
}
