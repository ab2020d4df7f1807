/** A file that came with a message. Nothing of it was read yet. */
export interface AttachedFile {
  /** As its sender named it. */
  readonly name: string;
  /** As the platform says, for example `image/png`; null where it does not. */
  readonly mediaType: string | null;
  readonly sizeBytes: number | null;
  /** What the adapter reads it by; opaque to everyone else. Null where the platform lets the bot name it only. */
  readonly source: string | null;
  /** Of one that Deskhand keeps already, since its platform is the console: its file id. */
  readonly keptId?: string | undefined;
  /** Where those who may can open it, with no credentials in it; for what cannot be read. */
  readonly link: string | null;
}

/** A file as it goes to a platform. */
export interface OutgoingFile {
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Reads it from its beginning, in pieces. */
  content(): AsyncIterable<Uint8Array>;
}

/** A file that is kept between being received and its last day. */
export interface KeptFile {
  readonly fileId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** When it is deleted, and links to it end. */
  readonly keepUntil: Date;
  /** The platform's id of it, once it was put there. */
  readonly uploadId: string | null;
}

export interface NewFile {
  readonly fileId: string;
  readonly conversationId: string;
  /** The event that brought it and its place among that event's files; null for one that waits for its message. */
  readonly of: FilePlace | null;
  readonly name: string;
  readonly mediaType: string;
  readonly keepUntil: Date;
}

/** One of which pieces still come. */
export interface UnfinishedFile {
  readonly name: string;
  /** One more than the highest that is there. */
  readonly pieces: number;
  readonly bytes: number;
}

/** Which of an event's files: counts from 0. */
export interface FilePlace {
  readonly inboxId: string;
  readonly ordinal: number;
}

/** Files of one tenant, in pieces. Bound to one transaction: none holds a whole file. */
export interface FileStore {
  /** What was kept in an earlier attempt at the same event; null when it is to be received (again). */
  keptAt(place: FilePlace): Promise<KeptFile | null>;
  /** Begins to receive it; what an attempt at the same place left is deleted. */
  begin(file: NewFile): Promise<void>;
  /** @param ordinal of the piece: counts from 0 @throws when the file was begun anew meanwhile */
  append(fileId: string, ordinal: number, bytes: Uint8Array): Promise<void>;
  /** The same, where a piece may come twice. @throws {NotFoundError} for what is not being received */
  appendOnce(fileId: string, ordinal: number, bytes: Uint8Array): Promise<void>;
  /** Null for what is not being received in that conversation. */
  unfinished(fileId: string, conversationId: string): Promise<UnfinishedFile | null>;
  /** How many lie in a conversation without a message that they belong to. */
  waitingIn(conversationId: string): Promise<number>;
  /** It is there as a whole. @throws {NotFoundError} where it is not, since something was added or it was begun anew */
  keep(fileId: string, sizeBytes: number): Promise<void>;
  /**
   * Deletes what has waited for its message since before then, but for conversations where messages are still to be worked
   * on; resolves with how many.
   */
  dropUnsent(before: Date): Promise<number>;
  /** Gives a file that waits for its message its place; null when there is none of that conversation. */
  adopt(fileId: string, conversationId: string, place: FilePlace): Promise<KeptFile | null>;
  drop(fileId: string): Promise<void>;
  /** Deletes what an event brought. */
  dropOf(inboxId: string): Promise<void>;
  /** Null for what is not there as a whole, or not any more. */
  find(fileId: string): Promise<KeptFile | null>;
  findIn(fileId: string, conversationId: string): Promise<KeptFile | null>;
  /** Null behind the last piece. */
  piece(fileId: string, ordinal: number): Promise<Uint8Array | null>;
  recordUpload(fileId: string, uploadId: string): Promise<void>;
  /** Deletes what is kept no longer; resolves with how many. */
  purge(now: Date): Promise<number>;
}

/** Looks a file through before anybody else sees it. Anything but `clean` holds it back. */
export type ScanFile = (content: AsyncIterable<Uint8Array>, signal: AbortSignal) => Promise<"clean" | "held-back">;
