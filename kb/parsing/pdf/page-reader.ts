import type { PDFPageProxy } from "pdfjs-dist";
import type { OptionalContentConfig } from "pdfjs-dist/types/src/display/optional_content_config.js";
import { apply, boxThrough, contains, intersect, multiply, toMatrix, toNumbers } from "./geometry.js";
import type { Box } from "./geometry.js";
import { PageCanvas, toColor } from "./page-canvas.js";
import type { PdfLibrary } from "./open-pdf.js";
import { SpanCollector } from "./span-collector.js";
import type { TextSpan } from "./span-collector.js";
import { NO_FONT, TextCursor, startState } from "./text-state.js";
import type { GraphicsState, PdfFont } from "./text-state.js";

/** What a page shows. */
export interface PageContent {
  readonly width: number;
  readonly height: number;
  readonly spans: readonly TextSpan[];
  /** Text that does not run from left to right or right to left, in the order it was written. */
  readonly turned: readonly string[];
  /** Whether there was text that nobody can see. It is left out. */
  readonly hasHiddenText: boolean;
  /** 0 to 1. */
  readonly pictureShare: number;
  readonly shapes: number;
}

/** Text below this size, in points, is read by nobody. */
const MIN_SIZE = 1;
/** Text that is shown with less is no text for a reader. */
const MIN_ALPHA = 0.05;
/** Deeper than any page that a program writes for people. */
const MAX_SAVES = 500;

/** Reads the text that a reader of the page sees, with where it stands. */
export async function readPage(
  page: PDFPageProxy,
  library: PdfLibrary,
  layers: OptionalContentConfig,
): Promise<PageContent> {
  const { width, height, transform } = page.getViewport({ scale: 1 });
  const { fnArray, argsArray } = await page.getOperatorList({
    annotationMode: library.AnnotationMode.DISABLE,
  });
  const box: Box = { left: 0, top: 0, right: width, bottom: height };
  const state = startState(toMatrix(transform) ?? [1, 0, 0, -1, 0, height], box);
  const reader = new OperatorReader(page, library, layers, state, box);
  for (const [index, operator] of fnArray.entries()) {
    const args: unknown = argsArray[index];
    reader.read(operator, Array.isArray(args) ? args : []);
  }
  page.cleanup();
  return { width, height, ...reader.finish() };
}

class OperatorReader {
  readonly #page: PDFPageProxy;
  readonly #library: PdfLibrary;
  readonly #layerConfig: OptionalContentConfig;
  readonly #canvas: PageCanvas;
  readonly #collector = new SpanCollector();
  readonly #cursor = new TextCursor();
  readonly #saved: GraphicsState[] = [];
  readonly #fonts = new Map<string, PdfFont>();
  /** For each open piece of marked content whether it is switched off. */
  readonly #layers: boolean[] = [];
  #state: GraphicsState;
  #isClipComing = false;

  constructor(page: PDFPageProxy, library: PdfLibrary, layers: OptionalContentConfig, state: GraphicsState, box: Box) {
    this.#page = page;
    this.#library = library;
    this.#layerConfig = layers;
    this.#state = state;
    this.#canvas = new PageCanvas(box);
  }

  finish(): Omit<PageContent, "width" | "height"> {
    const { pictureShare, shapes } = this.#canvas;
    return { ...this.#collector.finish(), pictureShare, shapes };
  }

  read(operator: number, args: readonly unknown[]): void {
    const { OPS } = this.#library;
    switch (operator) {
      case OPS.save: {
        this.#save();
        return;
      }
      case OPS.restore: {
        this.#restore();
        return;
      }
      case OPS.transform: {
        this.#transform(args);
        return;
      }
      case OPS.paintFormXObjectBegin: {
        this.#beginForm(args);
        return;
      }
      case OPS.paintFormXObjectEnd: {
        this.#restore();
        return;
      }
      case OPS.clip:
      case OPS.eoClip:
        this.#isClipComing = true;
        return;
      case OPS.constructPath: {
        this.#path(args);
        return;
      }
      case OPS.setGState: {
        this.#graphicsState(args[0]);
        return;
      }
      case OPS.beginMarkedContentProps:
      case OPS.beginMarkedContent:
        this.#layers.push(args[0] === "OC" && this.#layerConfig.isVisible(args[1]) === false);
        return;
      case OPS.endMarkedContent:
        this.#layers.pop();
        return;
      default:
        this.#paintOrText(operator, args);
    }
  }

  #save(): void {
    if (this.#saved.length < MAX_SAVES) this.#saved.push({ ...this.#state, unpainted: null });
  }

  /** pdf.js leaves large pictures out: what is left of one is a place that nothing was painted at. */
  #restore(): void {
    const { unpainted, clip } = this.#state;
    if (unpainted !== null) this.#canvas.paintPicture(unpainted, clip);
    this.#state = this.#saved.pop() ?? this.#state;
    this.#state.unpainted = null;
  }

  #transform(args: readonly unknown[]): void {
    const matrix = toMatrix(args);
    if (matrix === null) return;
    this.#state.matrix = multiply(this.#state.matrix, matrix);
    this.#state.unpainted = this.#state.matrix;
  }

  #beginForm([matrix, bounds]: readonly unknown[]): void {
    this.#save();
    this.#state.unpainted = null;
    const inner = toMatrix(matrix);
    if (inner !== null) this.#state.matrix = multiply(this.#state.matrix, inner);
    const [left, top, right, bottom] = toNumbers(bounds);
    if (left === undefined || top === undefined || right === undefined || bottom === undefined) return;
    this.#clipTo(boxThrough(this.#state.matrix, left, top, right, bottom));
  }

  #clipTo(box: Box): void {
    this.#state.clip = intersect(this.#state.clip, box);
  }

  #path([paint, paths, bounds]: readonly unknown[]): void {
    const { OPS } = this.#library;
    const [left, top, right, bottom] = toNumbers(bounds);
    const isKnown = left !== undefined && top !== undefined && right !== undefined && bottom !== undefined;
    const box = isKnown ? boxThrough(this.#state.matrix, left, top, right, bottom) : null;
    const fills: readonly unknown[] = [
      ...[OPS.fill, OPS.eoFill, OPS.fillStroke, OPS.eoFillStroke, OPS.closeFillStroke, OPS.closeEOFillStroke],
    ];
    if (box !== null && fills.includes(paint)) this.#fill(Array.isArray(paths) ? paths[0] : null, box);
    if (paint !== OPS.endPath) this.#state.unpainted = null;
    if (this.#isClipComing && box !== null) this.#clipTo(box);
    this.#isClipComing = false;
  }

  #fill(path: unknown, box: Box): void {
    const { alpha, isBlended, clip, color } = this.#state;
    if (alpha < 0.5 || isBlended || this.#layers.includes(true)) return;
    const covered = this.#canvas.paintShape(path, box, clip, color);
    if (covered !== null && alpha > 0.9) this.#collector.cover(covered);
  }

  #graphicsState(settings: unknown): void {
    for (const setting of Array.isArray(settings) ? settings : []) {
      const [name, value] = (Array.isArray(setting) ? setting : []) as readonly unknown[];
      if (name === "ca" && typeof value === "number") this.#state.alpha = value;
      if (name === "BM") this.#state.isBlended = value !== "source-over" && value !== "Normal";
      if (name === "Font" && Array.isArray(value)) this.#setFont(value[0], value[1]);
    }
  }

  #paintOrText(operator: number, args: readonly unknown[]): void {
    const { OPS } = this.#library;
    switch (operator) {
      case OPS.paintImageXObject:
      case OPS.paintInlineImageXObject:
      case OPS.paintImageMaskXObject:
      case OPS.paintSolidColorImageMask:
        this.#canvas.paintPicture(this.#state.matrix, this.#state.clip);
        this.#state.unpainted = null;
        return;
      case OPS.shadingFill:
        this.#canvas.paintShape(null, this.#state.clip, this.#state.clip, null);
        this.#state.unpainted = null;
        return;
      case OPS.setFillRGBColor:
        this.#state.color = toColor(args[0]);
        return;
      case OPS.setStrokeRGBColor:
        this.#state.strokeColor = toColor(args[0]);
        return;
      case OPS.setFillColorN:
        this.#state.color = null;
        return;
      default:
        this.#text(operator, args);
    }
  }

  #text(operator: number, args: readonly unknown[]): void {
    const { OPS } = this.#library;
    const number = (index: number): number => (typeof args[index] === "number" ? args[index] : 0);
    switch (operator) {
      case OPS.beginText: {
        this.#cursor.setMatrix([1, 0, 0, 1, 0, 0]);
        return;
      }
      case OPS.setTextMatrix: {
        this.#cursor.setMatrix(toMatrix(args.length === 1 ? args[0] : args) ?? this.#cursor.matrix);
        return;
      }
      case OPS.moveText: {
        this.#cursor.move(number(0), number(1));
        return;
      }
      case OPS.setLeadingMoveText:
        this.#state.leading = number(1);
        {
          this.#cursor.move(number(0), number(1));
          return;
        }
      case OPS.nextLine: {
        this.#cursor.move(0, this.#state.leading);
        return;
      }
      case OPS.showText:
        this.#state.unpainted = null;
        {
          this.#show(Array.isArray(args[0]) ? args[0] : []);
          return;
        }
      case OPS.setFont: {
        this.#setFont(args[0], args[1]);
        return;
      }
      default:
        this.#setText(operator, number(0));
    }
  }

  #setText(operator: number, value: number): void {
    const { OPS } = this.#library;
    if (operator === OPS.setCharSpacing) this.#state.characterSpacing = value;
    else if (operator === OPS.setWordSpacing) this.#state.wordSpacing = value;
    else if (operator === OPS.setHScale) this.#state.scale = value / 100;
    else if (operator === OPS.setLeading) this.#state.leading = -value;
    else if (operator === OPS.setTextRise) this.#state.rise = value;
    else if (operator === OPS.setTextRenderingMode) this.#state.renderingMode = value;
  }

  #setFont(name: unknown, size: unknown): void {
    if (typeof name !== "string" || typeof size !== "number") return;
    let font = this.#fonts.get(name);
    if (font === undefined) {
      font = this.#page.commonObjs.has(name) ? toFont(this.#page.commonObjs.get(name)) : NO_FONT;
      this.#fonts.set(name, font);
    }
    this.#state.font = font;
    this.#state.size = size;
  }

  #show(glyphs: readonly unknown[]): void {
    const { font, size, characterSpacing, wordSpacing, scale } = this.#state;
    for (const glyph of glyphs) {
      if (typeof glyph === "number") {
        const step = (-glyph * Math.abs(size)) / 1000;
        if (font.isVertical) this.#cursor.y += step;
        else this.#cursor.x += step * scale;
        continue;
      }
      const { text, width, isSpace, height } = readGlyph(glyph);
      const spacing = characterSpacing + (isSpace ? wordSpacing : 0);
      const advance = (width * font.unit * size + spacing) * scale;
      this.#place(text, advance);
      if (font.isVertical) this.#cursor.y -= height * font.unit * size + spacing;
      else this.#cursor.x += advance;
    }
  }

  #place(text: string, advance: number): void {
    const { font, size, rise } = this.#state;
    const matrix = multiply(this.#state.matrix, this.#cursor.matrix);
    const [left, baseline] = apply(matrix, this.#cursor.x, this.#cursor.y + rise);
    const [right, end] = apply(matrix, this.#cursor.x + advance, this.#cursor.y + rise);
    const height = Math.hypot(matrix[2], matrix[3]) * Math.abs(size);
    if (text.trim() !== "" && !this.#isSeen((left + right) / 2, (baseline + end) / 2, height)) {
      this.#collector.hide();
      return;
    }
    const { isBold, isMonospace } = font;
    // Turned by less than a degree or so is how a level line comes out of a calculation.
    const isLevel = !font.isVertical && Math.abs(end - baseline) <= 0.02 * Math.abs(right - left) + 0.01;
    if (isLevel) {
      const [from, to] = right >= left ? [left, right] : [right, left];
      this.#collector.add(text, { left: from, right: to, baseline, size: height, isBold, isMonospace });
    } else this.#collector.addTurned(text, isUpright(matrix) || font.isVertical);
  }

  #isSeen(x: number, baseline: number, size: number): boolean {
    const { renderingMode, alpha, clip, color, strokeColor } = this.#state;
    const isFilled = [0, 2, 4, 6].includes(renderingMode);
    const isStroked = [1, 2, 5, 6].includes(renderingMode);
    if (size < MIN_SIZE || alpha < MIN_ALPHA || (!isFilled && !isStroked) || this.#layers.includes(true)) return false;
    const y = baseline - size * 0.3;
    if (!contains(clip, x, y)) return false;
    return (isFilled && this.#canvas.isSeen(color, x, y)) || (isStroked && this.#canvas.isSeen(strokeColor, x, y));
  }
}

/** Along one of the axes: a table's head may be turned, while a stamp across the page is no text of it. */
function isUpright([a, b]: readonly number[]): boolean {
  const angle = Math.abs(Math.atan2(b ?? 0, a ?? 1) % (Math.PI / 2));
  return angle < 0.05 || angle > Math.PI / 2 - 0.05;
}

interface Glyph {
  readonly text: string;
  readonly width: number;
  /** How far the next one goes down in vertical writing. */
  readonly height: number;
  readonly isSpace: boolean;
}

function readGlyph(glyph: unknown): Glyph {
  if (typeof glyph !== "object" || glyph === null) return { text: "", width: 0, height: 1000, isSpace: false };
  const text = "unicode" in glyph && typeof glyph.unicode === "string" ? glyph.unicode : "";
  const width = "width" in glyph && typeof glyph.width === "number" ? glyph.width : 0;
  const down = "vmetric" in glyph && Array.isArray(glyph.vmetric) ? Math.abs(Number(glyph.vmetric[0])) : 1000;
  return { text, width, height: down, isSpace: "isSpace" in glyph && glyph.isSpace === true };
}

function toFont(value: unknown): PdfFont {
  if (typeof value !== "object" || value === null) return NO_FONT;
  const name = "name" in value && typeof value.name === "string" ? value.name : "";
  const isFlagged = ("bold" in value && value.bold === true) || ("black" in value && value.black === true);
  const matrix = "fontMatrix" in value ? toMatrix(value.fontMatrix) : null;
  return {
    isBold: isFlagged || /bold|black|heavy|semibold|demi/iu.test(name),
    isMonospace: /mono|courier|consol|menlo|typewriter/iu.test(name),
    isVertical: "vertical" in value && value.vertical === true,
    unit: matrix === null ? 0.001 : matrix[0],
  };
}
