/** Where somebody is in the console. The address says the same, so that a reload and the back button keep it. */
export type Place =
  | { readonly page: "desk" }
  | {
      readonly page: "knowledge";
      /** The source whose documents are open, and the one of them whose versions are. */
      readonly source: string | null;
      readonly document: string | null;
    };

export const DESK: Place = { page: "desk" };
export const KNOWLEDGE: Place = { page: "knowledge", source: null, document: null };

const KNOWLEDGE_PATH = "/knowledge";

/** Every other address is the desk's. */
export function placeOf({ pathname, search }: Pick<URL, "pathname" | "search">): Place {
  if (pathname !== KNOWLEDGE_PATH && pathname !== `${KNOWLEDGE_PATH}/`) return DESK;
  const query = new URLSearchParams(search);
  const source = query.get("source");
  return { page: "knowledge", source, document: source === null ? null : query.get("document") };
}

/** Names stand in the query: a dot in the last part of a path would ask the server for a file. */
export function addressOf(place: Place): string {
  if (place.page === "desk") return "/";
  const query = new URLSearchParams();
  if (place.source !== null) query.set("source", place.source);
  if (place.source !== null && place.document !== null) query.set("document", place.document);
  return query.size === 0 ? KNOWLEDGE_PATH : `${KNOWLEDGE_PATH}?${query.toString()}`;
}

export type Go = (place: Place) => void;
