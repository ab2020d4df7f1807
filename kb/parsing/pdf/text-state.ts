import { BLACK } from "./page-canvas.js";
import type { Color } from "./page-canvas.js";
import { IDENTITY } from "./geometry.js";
import type { Box, Matrix } from "./geometry.js";

export interface PdfFont {
  readonly isBold: boolean;
  readonly isMonospace: boolean;
  readonly isVertical: boolean;
  /** From a glyph's units to those of the text: a thousandth, but for fonts that are drawings. */
  readonly unit: number;
}

export const NO_FONT: PdfFont = { isBold: false, isMonospace: false, isVertical: false, unit: 0.001 };

/** What the operators of a page set and `save` keeps, as far as text needs it. */
export interface GraphicsState {
  matrix: Matrix;
  clip: Box;
  /** Null: a pattern. */
  color: Color | null;
  strokeColor: Color | null;
  alpha: number;
  isBlended: boolean;
  font: PdfFont;
  size: number;
  characterSpacing: number;
  wordSpacing: number;
  /** 1 is as wide as the font says. */
  scale: number;
  leading: number;
  rise: number;
  renderingMode: number;
  /** A transformation behind which nothing was painted yet: where a picture was left out. */
  unpainted: Matrix | null;
}

export function startState(matrix: Matrix, clip: Box): GraphicsState {
  return {
    matrix,
    clip,
    color: BLACK,
    strokeColor: BLACK,
    alpha: 1,
    isBlended: false,
    font: NO_FONT,
    size: 0,
    characterSpacing: 0,
    wordSpacing: 0,
    scale: 1,
    leading: 0,
    rise: 0,
    renderingMode: 0,
    unpainted: null,
  };
}

/** Where the next glyph goes inside of a text object. */
export class TextCursor {
  matrix: Matrix = IDENTITY;
  x = 0;
  y = 0;
  #lineX = 0;
  #lineY = 0;

  setMatrix(matrix: Matrix): void {
    this.matrix = matrix;
    this.x = this.y = this.#lineX = this.#lineY = 0;
  }

  move(x: number, y: number): void {
    this.#lineX += x;
    this.#lineY += y;
    this.x = this.#lineX;
    this.y = this.#lineY;
  }
}
