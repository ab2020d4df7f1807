import type { FileUploadDesk } from "../../src/handoff/files/upload-file.js";
import { UsageError } from "../../src/ports/errors.js";

const refuse = () => Promise.reject(new UsageError("Files are not passed on here."));

/** For consoles on which nobody attaches anything. */
export const NO_UPLOADS: FileUploadDesk = {
  begin: refuse,
  append: refuse,
  finish: refuse,
  attached: (_place, fileIds) => (fileIds.length === 0 ? Promise.resolve([]) : refuse()),
  shown: (_place, fileIds) => (fileIds.length === 0 ? Promise.resolve([]) : refuse()),
};
