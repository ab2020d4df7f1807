const NEVER_SHOWN: ReadonlySet<string> = new Set(
  [
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "canvas",
    "head",
    "title",
  ].concat(["select", "datalist", "audio", "video", "map", "applet", "frameset", "noframes", "dialog", "textarea"]),
);

/** The colour behind text when nothing says otherwise. */
export const PAGE_BACKGROUND = "ffffff";

/**
 * Whether a browser would not show this element to a reader, or would show it so that nobody can read it.
 * @param behind colour of the elements around it, as `backgroundBehind` gives it; null when it is not understood
 */
export function isHiddenElement(
  tag: string,
  attributes: ReadonlyMap<string, string>,
  behind: string | null = PAGE_BACKGROUND,
): boolean {
  if (NEVER_SHOWN.has(tag)) return true;
  if (attributes.has("hidden") || attributes.get("aria-hidden")?.trim().toLowerCase() === "true") return true;
  const declarations = readDeclarations(attributes.get("style") ?? "");
  if (isHiddenByStyle(declarations)) return true;
  const color = declarations.get("color") ?? attributes.get("color");
  return color !== undefined && isInvisibleOn(color, backgroundBehind(attributes, behind));
}

/** The colour behind an element's text: its own background, or what is behind it. Null: not understood. */
export function backgroundBehind(attributes: ReadonlyMap<string, string>, behind: string | null): string | null {
  const declarations = readDeclarations(attributes.get("style") ?? "");
  const own = declarations.get("background-color") ?? declarations.get("background") ?? attributes.get("bgcolor");
  if (own === undefined || ["", "none", "inherit", "transparent", "initial"].includes(own)) return behind;
  return (
    normalColor(own) ??
    own
      .split(/\s+/u)
      .map(normalColor)
      .find((color) => color !== null) ??
    null
  );
}

const OFFSETS = ["left", "right", "top", "bottom", "text-indent", "margin-left", "margin-top"];

function isHiddenByStyle(declarations: ReadonlyMap<string, string>): boolean {
  if (declarations.size === 0) return false;
  const value = (name: string): string => declarations.get(name) ?? "";
  const isCut = value("overflow") === "hidden" && (isBelow(value("height"), 2) || isBelow(value("width"), 2));
  return (
    isCut ||
    value("display") === "none" ||
    ["hidden", "collapse"].includes(value("visibility")) ||
    value("content-visibility") === "hidden" ||
    isBelow(value("opacity"), 0.05) ||
    isBelow(value("font-size"), 2) ||
    isBelow(value("max-height"), 1) ||
    /^rect\(|^inset\((?:50|100)%/u.test(value("clip") + value("clip-path")) ||
    /scale\(0/u.test(value("transform")) ||
    OFFSETS.some((name) => isFarOff(value(name)))
  );
}

function readDeclarations(style: string): ReadonlyMap<string, string> {
  const declarations = new Map<string, string>();
  for (const declaration of style
    .slice(0, 10_000)
    .replace(/\/\*[^*]*\*\//gu, "")
    .split(";")) {
    const colon = declaration.indexOf(":");
    if (colon === -1) continue;
    const value = declaration
      .slice(colon + 1)
      .replace("!important", "")
      .trim()
      .toLowerCase();
    declarations.set(declaration.slice(0, colon).trim().toLowerCase(), value);
  }
  return declarations;
}

function isBelow(value: string, limit: number): boolean {
  const number = /^-?\d*\.?\d+/u.exec(value)?.[0];
  // Only pixels and bare numbers compare with a limit in pixels; "0" means nothing in every unit.
  if (number === undefined) return false;
  const unit = value.slice(number.length).trim();
  return Number(number) === 0 || (["", "px", "pt"].includes(unit) && Number(number) < limit);
}

function isFarOff(value: string): boolean {
  const number = /^-\d+/u.exec(value)?.[0];
  if (number === undefined) return false;
  return Number(number) <= (/^-\d+(?:\.\d+)?(?:em|rem|vw|vh|%)/u.test(value) ? -90 : -900);
}

/** Text without a colour, or in the colour of what is behind it. */
function isInvisibleOn(color: string, background: string | null): boolean {
  const text = normalColor(color);
  return text !== null && (text === "transparent" || text === background);
}

const NAMED_COLORS: Readonly<Record<string, string>> = {
  white: "ffffff",
  black: "000000",
  transparent: "transparent",
  red: "ff0000",
  snow: "fffafa",
  ivory: "fffff0",
};

/** Six hexadecimal digits, `transparent`, or null for a colour that is not understood. */
function normalColor(color: string): string | null {
  const value = color.trim().toLowerCase();
  if (Object.hasOwn(NAMED_COLORS, value)) return NAMED_COLORS[value] ?? null;
  const hex = /^#([0-9a-f]{3,8})$/u.exec(value)?.[1];
  if (hex !== undefined) return hex.length < 6 ? hex.slice(0, 3).replace(/./gu, "$&$&") : hex.slice(0, 6);
  const parts = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+%?))?\s*\)$/u.exec(value);
  if (parts === null) return null;
  if (parts[4] !== undefined && Number.parseFloat(parts[4]) === 0) return "transparent";
  return [parts[1], parts[2], parts[3]].map((part) => Number(part).toString(16).padStart(2, "0")).join("");
}
