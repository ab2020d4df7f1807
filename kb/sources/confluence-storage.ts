import { Parser } from "htmlparser2";
import { ItemError } from "./source.js";

/** An element of the storage format. Texts are HTML already; what stood in CDATA is escaped. */
export interface StorageElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (StorageElement | string)[];
}

/** As deep as the HTML parser goes. */
const MAX_DEPTH = 300;

/** Reads XML with the entities of HTML. @throws {ItemError} */
export function parseStorage(storage: string): StorageElement {
  const root: StorageElement = { name: "", attributes: {}, children: [] };
  const open = [root];
  let isData = false;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const element: StorageElement = { name: name.toLowerCase(), attributes, children: [] };
        open.at(-1)?.children.push(element);
        if (open.push(element) > MAX_DEPTH) {
          throw new ItemError("too-deep", `The page nests more than ${MAX_DEPTH} elements. Simplify it.`);
        }
      },
      onclosetag() {
        if (open.length > 1) open.pop();
      },
      oncdatastart: () => void (isData = true),
      oncdataend: () => void (isData = false),
      ontext: (text) => void open.at(-1)?.children.push(isData ? escapeText(text) : text),
    },
    { xmlMode: true, decodeEntities: false },
  );
  parser.end(storage);
  return root;
}

export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The first element of that name directly inside. */
export function childOf(element: StorageElement, name: string): StorageElement | undefined {
  return elementsIn(element).find((child) => child.name === name);
}

export function elementsIn({ children }: StorageElement): readonly StorageElement[] {
  return children.filter((child) => typeof child !== "string");
}

/** The text directly inside of an element, as HTML. */
export function textIn(element: StorageElement | undefined): string {
  return (element?.children ?? []).filter((child) => typeof child === "string").join("");
}
