import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TextVectors, type WordVectors } from "../../../../src/text/word-vectors.js";
import { packageRoot } from "../../../package-root.js";
import { decodeWordVectors } from "./word-vector-file.js";

/** English texts by the vectors of their words, one table for the process: it is read when the first text comes. */
export const englishTextVectors = new TextVectors(readEnglishWordVectors);

/** About 12 MB in memory. @throws when the installation is damaged and the file is missing or not whole */
function readEnglishWordVectors(): WordVectors {
  return decodeWordVectors(
    readFileSync(join(packageRoot(), "infra", "models", "local", "word-vectors", "english.bin")),
  );
}
