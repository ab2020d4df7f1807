import { NotFoundError } from "./errors.js";

/** For whoever named a source that is not there: with those that are. */
export function unknownSource(name: string, names: readonly string[]): NotFoundError {
  const others = names.length === 0 ? "No sources yet." : `Sources: ${names.join(", ")}.`;
  return new NotFoundError(`There is no source "${name}". ${others}`);
}
