import { z } from "zod";
import type { AttachedFile } from "../../../src/ports/files.js";

export const fileSchema = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  title: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nonnegative().nullish(),
  mode: z.string().nullish(),
  url_private: z.string().nullish(),
  url_private_download: z.string().nullish(),
});
/** One that cannot be read keeps the others from nobody. */
export const filesSchema = z
  .array(z.unknown())
  .transform((files): readonly SlackFile[] => files.flatMap((file) => fileSchema.safeParse(file).data ?? []));
export type SlackFile = z.infer<typeof fileSchema>;

/** Files that are gone, or that the workspace's plan hides: there is nothing to name either. */
const GONE: ReadonlySet<string> = new Set(["tombstone", "hidden_by_limit"]);

/** What a message carries. A file that only lies elsewhere can be named, with where it lies. */
export function readFiles(files: readonly SlackFile[]): readonly AttachedFile[] {
  return files
    .filter(({ mode }) => !GONE.has(mode ?? ""))
    .map((file) => ({
      name: firstOf(file.name, file.title, "file"),
      mediaType: file.mimetype ?? null,
      sizeBytes: file.mode === "external" ? null : (file.size ?? null),
      source: file.mode === "external" ? null : file.id,
      link: file.mode === "external" ? linkWithoutSecrets(file.url_private ?? "") : null,
    }));
}

/** Where it can be downloaded with the bot's token; null where Slack does not say. */
export function downloadAddress(file: SlackFile): string | null {
  const address = firstOf(file.url_private_download, file.url_private, "");
  return address === "" ? null : address;
}

function firstOf(...given: readonly (string | null | undefined)[]): string {
  return given.find((one) => typeof one === "string" && one !== "") ?? "";
}

/** Without what stands behind `?` and `#`: there are the keys of shared files. */
function linkWithoutSecrets(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === "https:" ? `${url.origin}${url.pathname}` : null;
}
