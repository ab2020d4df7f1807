import { useRef, useState } from "react";
import { postJson, RequestError } from "./request.js";

export interface Sending {
  readonly isSending: boolean;
  /** Why the newest attempt failed, in words for the person; null when nothing is wrong. */
  readonly problem: string | null;
  /** Resolves with whether it was taken. */
  send(path: string, body: object): Promise<boolean>;
  clear(): void;
}

/**
 * Sends something that must arrive once. The id stays the same while the same thing is tried again, so a resend of what
 * did arrive changes nothing; anything else gets a new id.
 * @param idField the name the server gives the id in the body.
 */
export function useSending(idField: "messageId" | "actionId"): Sending {
  const [isSending, setIsSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = useRef<{ id: string; what: string } | null>(null);

  const send = async (path: string, body: object): Promise<boolean> => {
    const what = JSON.stringify([path, body]);
    if (attempt.current?.what !== what) attempt.current = { id: randomId(), what };
    setIsSending(true);
    setProblem(null);
    try {
      await postJson(path, { ...body, [idField]: attempt.current.id });
      attempt.current = null;
      return true;
    } catch (error) {
      setProblem(error instanceof RequestError ? error.message : "That did not work.");
      return false;
    } finally {
      setIsSending(false);
    }
  };
  return { isSending, problem, send, clear: () => setProblem(null) };
}

/** `crypto.randomUUID` is missing where the page is served without https, so the id is made from random bytes. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
