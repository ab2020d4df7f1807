import { areaOf, boxThrough, contains, intersect } from "./geometry.js";
import type { Box, Matrix } from "./geometry.js";

/** Red, green and blue from 0 to 255. */
export type Color = readonly [number, number, number];

const WHITE: Color = [255, 255, 255];
export const BLACK: Color = [0, 0, 0];

/** Text this near to what is behind it, in each of red, green and blue, is read by nobody. */
const INVISIBLE_DIFFERENCE = 24;
/** A shape of more parts is no plain box: what it covers is not known. */
const MAX_BOX_PARTS = 24;

interface Paint {
  readonly box: Box;
  /** Null: a picture or a pattern. */
  readonly color: Color | null;
}

/** What has been painted on a page so far, as far as it tells whether text can be seen. */
export class PageCanvas {
  readonly page: Box;
  readonly #paints: Paint[] = [];
  /** Share of the page under pictures, at most 1. */
  pictureShare = 0;
  shapes = 0;

  constructor(page: Box) {
    this.page = page;
  }

  /** @returns the box that is now covered for certain, or null */
  paintShape(path: unknown, box: Box, clip: Box, color: Color | null): Box | null {
    this.shapes += 1;
    if (partsOf(path) > MAX_BOX_PARTS) return null;
    const covered = intersect(box, clip);
    if (areaOf(covered) <= 0) return null;
    this.#paints.push({ box: covered, color });
    return isPlainBox(path) ? covered : null;
  }

  paintPicture(matrix: Matrix, clip: Box): void {
    const box = intersect(intersect(boxThrough(matrix, 0, 0, 1, 1), clip), this.page);
    const area = areaOf(box);
    if (area <= 0) return;
    this.pictureShare = Math.min(1, this.pictureShare + area / Math.max(1, areaOf(this.page)));
    this.#paints.push({ box, color: null });
  }

  /** Whether text of this colour at this place stands out from what is behind it. */
  isSeen(color: Color | null, x: number, y: number): boolean {
    const behind = this.#paints.findLast((paint) => contains(paint.box, x, y));
    const background = behind === undefined ? WHITE : behind.color;
    if (color === null || background === null) return true;
    return color.some((part, index) => Math.abs(part - (background[index] ?? 0)) >= INVISIBLE_DIFFERENCE);
  }
}

/** pdf.js writes a path as one array of numbers; three for a move or a line, and one to close. */
function partsOf(path: unknown): number {
  return path instanceof Float32Array ? path.length / 3 : 0;
}

/** Four or five corners joined by lines along the axes. */
function isPlainBox(path: unknown): boolean {
  if (!(path instanceof Float32Array) || path.length < 12 || path.length > 17) return false;
  const corners: [number, number][] = [];
  for (let index = 0; index + 2 < path.length && (path[index] ?? 9) <= 1; index += 3) {
    corners.push([path[index + 1] ?? 0, path[index + 2] ?? 0]);
  }
  return (
    corners.length >= 4 &&
    corners.every(([x, y], index) => {
      const [nextX, nextY] = corners[(index + 1) % corners.length] ?? [x, y];
      return Math.abs(x - nextX) < 0.01 || Math.abs(y - nextY) < 0.01;
    })
  );
}

/** From `#rrggbb`; null for anything else, such as a pattern. */
export function toColor(value: unknown): Color | null {
  if (typeof value !== "string" || !/^#[0-9a-f]{6}$/iu.test(value)) return null;
  const part = (from: number): number => Number.parseInt(value.slice(from, from + 2), 16);
  return [part(1), part(3), part(5)];
}
