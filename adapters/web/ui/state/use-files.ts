import { useState } from "react";
import { postBytes, postJson, RequestError } from "./request.js";

/** A file that waits for its message. */
export interface WaitingFile {
  readonly fileId: string;
  readonly name: string;
}

export interface Files {
  readonly waiting: readonly WaitingFile[];
  readonly isSending: boolean;
  /** Why one was not taken, in words for the person; null when nothing is wrong. */
  readonly problem: string | null;
  /** @param path of the conversation or the handoff that they are for */
  add(path: string, files: readonly File[]): Promise<void>;
  remove(fileId: string): void;
  clear(): void;
}

/** Files are put there one after the other, each in pieces, before the message that they come with. */
export function useFiles(): Files {
  const [waiting, setWaiting] = useState<readonly WaitingFile[]>([]);
  const [isSending, setIsSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const add = async (path: string, files: readonly File[]) => {
    setIsSending(true);
    setProblem(null);
    try {
      for (const file of files) {
        const fileId = await put(`${path}/files`, file);
        setWaiting((before) => [...before, { fileId, name: file.name }]);
      }
    } catch (error) {
      setProblem(error instanceof RequestError ? error.message : "That did not work.");
    } finally {
      setIsSending(false);
    }
  };
  return {
    waiting,
    isSending,
    problem,
    add,
    remove: (fileId) => setWaiting((before) => before.filter((file) => file.fileId !== fileId)),
    clear: () => {
      setWaiting([]);
      setProblem(null);
    },
  };
}

interface Begun {
  readonly fileId: string;
  readonly pieceBytes: number;
}

async function put(path: string, file: File): Promise<string> {
  const about = { name: file.name, mediaType: file.type, sizeBytes: file.size };
  const { fileId, pieceBytes } = await postJson<Begun>(path, about);
  for (let ordinal = 0; ordinal * pieceBytes < file.size; ordinal += 1) {
    const piece = file.slice(ordinal * pieceBytes, (ordinal + 1) * pieceBytes);
    await postBytes(`${path}/${fileId}/pieces/${ordinal}`, piece);
  }
  await postJson(`${path}/${fileId}/finish`, {});
  return fileId;
}
