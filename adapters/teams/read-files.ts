import { z } from "zod";
import type { AttachedFile } from "../../src/ports/files.js";
import type { TeamsAttachment } from "./inbound-activity.js";

const DOWNLOAD_INFO = "application/vnd.microsoft.teams.file.download.info";

const downloadInfo = z.object({ downloadUrl: z.string().min(1).max(5_000), fileType: z.string().nullish() });

/** What a file is read by: an address that opens by itself, or an image that the connector keeps. */
const sourceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("address"), address: z.string() }),
  z.object({ kind: z.literal("connector"), address: z.string() }),
]);
export type TeamsFileSource = z.infer<typeof sourceSchema>;

/** Null for what is no source of ours. */
export function readSource(source: string): TeamsFileSource | null {
  try {
    return sourceSchema.safeParse(JSON.parse(source)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * The files of a message. What lies in a team's SharePoint opens for its members alone, so that it is named, with where it
 * lies; cards and the message's own HTML are no files.
 */
export function readFiles(attachments: readonly TeamsAttachment[]): readonly AttachedFile[] {
  return attachments.flatMap((attachment, index) => fileOf(attachment, index) ?? []);
}

function fileOf({ contentType, contentUrl, name, content }: TeamsAttachment, index: number): AttachedFile | null {
  const type = contentType ?? "";
  if (type === DOWNLOAD_INFO) {
    const { data } = downloadInfo.safeParse(content);
    const address = data?.downloadUrl ?? null;
    const source = address === null ? null : JSON.stringify({ kind: "address", address } satisfies TeamsFileSource);
    return { name: name ?? "file", mediaType: null, sizeBytes: null, source, link: linkOf(contentUrl) };
  }
  const address = contentUrl ?? "";
  if (/^image\/[\w.+*-]+$/u.test(type) && /^https?:\/\//u.test(address)) {
    const source = JSON.stringify({ kind: "connector", address } satisfies TeamsFileSource);
    return { name: imageName(name ?? "", type, index), mediaType: type, sizeBytes: null, source, link: null };
  }
  const isOfTeam = type === "reference" && linkOf(address) !== null;
  return isOfTeam
    ? { name: name ?? "file", mediaType: null, sizeBytes: null, source: null, link: linkOf(address) }
    : null;
}

function imageName(name: string, type: string, index: number): string {
  if (name !== "") return name;
  const [, ending = ""] = /^image\/(png|jpe?g|gif|webp)$/u.exec(type) ?? [];
  return `image-${index + 1}.${ending === "" ? "png" : ending.replace("jpeg", "jpg")}`;
}

/** Without what stands behind `?` and `#`: there are the keys of shared files. */
function linkOf(address: string | null | undefined): string | null {
  if (typeof address !== "string" || !URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === "https:" ? `${url.origin}${url.pathname}` : null;
}
