import { FAILPOINTS, type FailpointName } from "../../src/ports/failpoints.js";

const MODES = ["kill", "throw", "hang"] as const;

/** Which failpoint is armed, and at which call to it. */
export interface FailpointSetting {
  readonly name: FailpointName;
  readonly mode: (typeof MODES)[number];
  /** Counts from 1. */
  readonly nth: number;
}

/** Reads `name:kill|throw|hang[:nth]`; null when it is not of that form or names no failpoint. */
export function parseFailpointSetting(text: string): FailpointSetting | null {
  const [nameText, modeText, nthText, ...rest] = text.split(":");
  const name = FAILPOINTS.find((known) => known === nameText);
  const mode = MODES.find((known) => known === modeText);
  if (name === undefined || mode === undefined || rest.length > 0) return null;
  if (nthText !== undefined && !/^[1-9]\d{0,5}$/u.test(nthText)) return null;
  return { name, mode, nth: nthText === undefined ? 1 : Number(nthText) };
}
