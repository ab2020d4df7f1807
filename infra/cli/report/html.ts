/** Markup that is safe to write: everything that came from data has been escaped. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlValue = Html | string | number | readonly HtmlValue[];

/** Builds markup from a template; what is put into it is text, also in quoted attributes, unless it is {@link Html} itself. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.map((part, index) => part + render(values[index] ?? "")).join(""));
}

function render(value: HtmlValue): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === "string" || typeof value === "number") return escapeText(String(value));
  return value.map(render).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

// Marks that turn the direction of text would reach beyond the place they stand in; other control characters are no text.
const UNSHOWN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu;

function escapeText(text: string): string {
  return text.replaceAll(UNSHOWN, "�").replaceAll(/[&<>"']/gu, (sign) => ENTITIES[sign] ?? "");
}
