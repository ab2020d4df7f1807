import { contains } from "./geometry.js";
import type { Box } from "./geometry.js";

/** Text of one line that stands together, in the order of its place from left to right. */
export interface TextSpan {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly size: number;
  readonly isBold: boolean;
  readonly isMonospace: boolean;
}

type Placed = Omit<TextSpan, "text">;

interface OpenSpan {
  text: string;
  right: number;
  readonly start: Placed;
}

/** In parts of the size: a gap above is a space, above the other one the end of a span. */
const SPACE = 0.17;
const BREAK = 0.9;

/** Puts glyphs together to spans. */
export class SpanCollector {
  readonly #spans: TextSpan[] = [];
  readonly #turned: string[] = [];
  readonly #seen = new Set<string>();
  #open: OpenSpan | null = null;
  #hasHiddenText = false;

  hide(): void {
    this.#close();
    this.#hasHiddenText = true;
  }

  add(text: string, place: Placed): void {
    if (text.trim() === "") return;
    const open = this.#open;
    const gap = open === null ? 0 : place.left - open.right;
    if (open !== null && continues(open, place, gap)) {
      open.text += gap > SPACE * place.size ? ` ${text}` : text;
      open.right = Math.max(open.right, place.right);
      return;
    }
    this.#close();
    this.#open = { text, right: place.right, start: place };
  }

  /** @param isKept false for what runs across the page, such as a stamp */
  addTurned(text: string, isKept: boolean): void {
    this.#close();
    if (isKept) this.#turned.push(text);
  }

  /** Something opaque was painted over this box: what stood there is not seen any more. */
  cover(box: Box): void {
    this.#close();
    const isCovered = ({ left, right, baseline, size }: TextSpan): boolean =>
      contains(box, left + 0.5, baseline - size * 0.3) && contains(box, right - 0.5, baseline - size * 0.3);
    const kept = this.#spans.filter((span) => !isCovered(span));
    if (kept.length === this.#spans.length) return;
    this.#hasHiddenText = true;
    this.#spans.splice(0, this.#spans.length, ...kept);
  }

  finish(): { spans: readonly TextSpan[]; turned: readonly string[]; hasHiddenText: boolean } {
    this.#close();
    const turned = this.#turned.join("").trim();
    return { spans: this.#spans, turned: turned === "" ? [] : [turned], hasHiddenText: this.#hasHiddenText };
  }

  /** Text that is written twice almost at the same place is how some programs make it bold. */
  #close(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    const { left, baseline, size } = open.start;
    const step = Math.max(1, size / 4);
    const key = `${open.text}|${Math.round(left / step)}|${Math.round(baseline / step)}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#spans.push({ ...open.start, text: open.text, right: open.right });
  }
}

function continues(open: OpenSpan, place: Placed, gap: number): boolean {
  const { start } = open;
  return (
    Math.abs(start.baseline - place.baseline) < 0.1 * place.size &&
    Math.abs(start.size - place.size) < 0.1 * place.size &&
    start.isBold === place.isBold &&
    start.isMonospace === place.isMonospace &&
    gap > -0.4 * place.size &&
    gap < BREAK * place.size
  );
}
