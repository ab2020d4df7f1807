import { SaxesParser } from "saxes";
import { ParseError } from "../parse-error.js";

/** An element of an XML file. Names have their usual prefix, for example `w:p`. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
}

export type XmlNode = XmlElement | string;

/** Deeper than any document that a person wrote: what walks the tree may be recursive up to here. */
const MAX_DEPTH = 300;
const MAX_NODES = 5_000_000;

/** So that a failure stops the reading soon. */
const PIECE = 65_536;

/**
 * Reads XML. A document type, and with it every entity that a file defines itself, is refused: a few of them inside of
 * each other would fill the memory.
 * @throws {ParseError} `bad-xml` or `xml-entities`
 */
export function parseXml(bytes: Buffer): XmlElement {
  const builder = new TreeBuilder();
  const text = decode(bytes);
  for (let from = 0; from < text.length; from += PIECE) builder.write(text.slice(from, from + PIECE));
  return builder.close();
}

class TreeBuilder {
  readonly #parser = new SaxesParser({ xmlns: false });
  readonly #root: MutableElement = { name: "", attributes: {}, children: [] };
  readonly #open: MutableElement[] = [this.#root];
  #nodes = 0;
  #failure: ParseError | null = null;

  constructor() {
    this.#parser.on("doctype", () => this.#fail(entities()));
    this.#parser.on("error", (error) => this.#fail(broken(error)));
    this.#parser.on("opentag", ({ name, attributes }) => this.#start({ name, attributes, children: [] }));
    this.#parser.on("closetag", () => this.#open.pop());
    this.#parser.on("text", (text) => this.#open.at(-1)?.children.push(text));
    this.#parser.on("cdata", (text) => this.#open.at(-1)?.children.push(text));
  }

  write(text: string): void {
    this.#parser.write(text);
    if (this.#failure !== null) throw this.#failure;
  }

  close(): XmlElement {
    this.#parser.close();
    const [element] = this.#root.children.filter((child) => typeof child !== "string");
    if (this.#failure !== null || element === undefined) throw this.#failure ?? broken();
    return element;
  }

  #start(element: MutableElement): void {
    this.#nodes += 1;
    if (this.#open.length > MAX_DEPTH || this.#nodes > MAX_NODES) this.#fail(broken());
    this.#open.at(-1)?.children.push(element);
    this.#open.push(element);
  }

  #fail(error: ParseError): void {
    this.#failure ??= error;
  }
}

interface MutableElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (MutableElement | string)[];
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder("utf-8").decode(bytes);
}

function entities(): ParseError {
  return new ParseError(
    "xml-entities",
    "The file defines entities of its own, which no office program does. Save it again.",
  );
}

function broken(cause?: unknown): ParseError {
  return new ParseError("bad-xml", "A part of the file is broken. Open it in its program and save it again.", {
    cause,
  });
}

export function isXmlElement(node: XmlNode): node is XmlElement {
  return typeof node !== "string";
}

export function elementsOf(parent: XmlElement): readonly XmlElement[] {
  return parent.children.filter(isXmlElement);
}

/** The first child of that name, looking down a path of names. */
export function childAt(parent: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (element, name) =>
      element?.children.find((child): child is XmlElement => isXmlElement(child) && child.name === name),
    parent,
  );
}

/** All elements of that name below one, in document order. */
export function descendantsOf(parent: XmlElement, name: string): readonly XmlElement[] {
  return elementsOf(parent).flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...descendantsOf(child, name),
  ]);
}

export function xmlText(parent: XmlElement): string {
  return parent.children.map((child) => (isXmlElement(child) ? xmlText(child) : child)).join("");
}
