/** Rows of numbers, one after the other. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** Of every so many rows one is looked at for the main directions. */
const SAMPLE = 4;
const POWER_ROUNDS = 30;

/** Takes the mean of all rows from each. In place. */
export function centre({ count, width, values }: Rows): void {
  const mean = new Float64Array(width);
  for (let place = 0; place < values.length; place++)
    mean[place % width] = at(mean, place % width) + at(values, place) / count;
  for (let place = 0; place < values.length; place++) values[place] = at(values, place) - at(mean, place % width);
}

/** The directions in which centred rows differ most, of length 1 each: principal components by orthogonal iteration. */
export function mainDirections(rows: Rows, directions: number, random: () => number): readonly Float64Array[] {
  const { width } = rows;
  const covariance = covarianceOf(rows);
  let found = Array.from({ length: directions }, () => Float64Array.from({ length: width }, () => random() - 0.5));
  for (let round = 0; round < POWER_ROUNDS; round++) {
    found = found.map((direction) =>
      Float64Array.from({ length: width }, (_, row) => dot(covariance, row * width, direction, 0, width)),
    );
    for (const [index, direction] of found.entries()) {
      for (const earlier of found.slice(0, index)) {
        const shared = dot(direction, 0, earlier, 0, width);
        for (let place = 0; place < width; place++)
          direction[place] = at(direction, place) - shared * at(earlier, place);
      }
      scale(direction, 0, width, 1 / Math.sqrt(dot(direction, 0, direction, 0, width)));
    }
  }
  return found;
}

function covarianceOf({ count, width, values }: Rows): Float64Array {
  const covariance = new Float64Array(width * width);
  for (let row = 0; row < count; row += SAMPLE) {
    for (let one = 0; one < width; one++) {
      const value = at(values, row * width + one);
      for (let other = one; other < width; other++) {
        covariance[one * width + other] = at(covariance, one * width + other) + value * at(values, row * width + other);
      }
    }
  }
  for (let one = 0; one < width; one++) {
    for (let other = 0; other < one; other++) covariance[one * width + other] = at(covariance, other * width + one);
  }
  return covariance;
}

/** Rows in these directions only, each brought to length 1. */
export function project({ count, width, values }: Rows, directions: readonly Float64Array[]): Rows {
  const narrow = directions.length;
  const projected = new Float32Array(count * narrow);
  for (let row = 0; row < count; row++) {
    for (const [index, direction] of directions.entries()) {
      projected[row * narrow + index] = dot(values, row * width, direction, 0, width);
    }
    scale(
      projected,
      row * narrow,
      narrow,
      1 / (Math.sqrt(dot(projected, row * narrow, projected, row * narrow, narrow)) || 1),
    );
  }
  return { count, width: narrow, values: projected };
}

/** How fast vectors move (Adagrad), how hard they are held where they began, and how often all sentences are shown. */
const TEACHING = { rate: 0.03, hold: 0.02, epochs: 5, firstSquares: 0.01, shortest: 0.3 } as const;

/**
 * Moves the vectors of words so that the sum of a sentence's words points where the sentence's own vector does, by stochastic
 * gradient descent on the cosine. In place.
 * @param sentences words of each by their rows
 * @param wanted vectors of the sentences, of length 1
 * @returns the mean cosine of every twentieth sentence, which is not taught, before and after
 */
export function teachSums(
  words: Rows,
  sentences: readonly (readonly number[])[],
  wanted: Rows,
  random: () => number,
): { readonly before: number; readonly after: number } {
  const places = sentences.map((_, place) => place).filter((place) => (sentences[place] ?? []).length > 0);
  const heldOut = places.filter((place) => place % 20 === 0);
  const taught = places.filter((place) => place % 20 !== 0);
  const lesson = {
    words,
    first: words.values.slice(),
    squares: new Float32Array(words.values.length).fill(TEACHING.firstSquares),
  };
  const meanCosine = (): number =>
    heldOut.reduce((sum, place) => sum + sumUp(words, sentences[place] ?? [], wanted, place).cosine, 0) /
    heldOut.length;
  const before = meanCosine();
  for (let epoch = 0; epoch < TEACHING.epochs; epoch++) {
    shuffle(taught, random);
    for (const place of taught) teach(lesson, sentences[place] ?? [], wanted, place);
  }
  return { before, after: meanCosine() };
}

interface Lesson {
  readonly words: Rows;
  readonly first: Float32Array;
  readonly squares: Float32Array;
}

function teach({ words, first, squares }: Lesson, sentence: readonly number[], wanted: Rows, place: number): void {
  const { width, values } = words;
  const { sum, length, cosine } = sumUp(words, sentence, wanted, place);
  if (length === 0) return;
  const divisor = Math.max(length, TEACHING.shortest);
  for (const word of sentence) {
    for (let index = 0; index < width; index++) {
      const cell = word * width + index;
      const error = (at(sum, index) / length) * cosine - at(wanted.values, place * width + index);
      const slope = error / divisor + TEACHING.hold * (at(values, cell) - at(first, cell));
      squares[cell] = at(squares, cell) + slope ** 2;
      values[cell] = at(values, cell) - (TEACHING.rate * slope) / Math.sqrt(at(squares, cell));
    }
  }
}

function sumUp({ width, values }: Rows, sentence: readonly number[], wanted: Rows, place: number) {
  const sum = new Float64Array(width);
  for (const word of sentence) {
    for (let index = 0; index < width; index++) sum[index] = at(sum, index) + at(values, word * width + index);
  }
  const length = Math.sqrt(dot(sum, 0, sum, 0, width));
  return { sum, length, cosine: length === 0 ? 0 : dot(sum, 0, wanted.values, place * width, width) / length };
}

function shuffle(places: number[], random: () => number): void {
  for (let last = places.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [places[last], places[other]] = [places[other] ?? 0, places[last] ?? 0];
  }
}

type Numbers = Float32Array | Float64Array;

function dot(one: Numbers, from: number, other: Numbers, otherFrom: number, width: number): number {
  let sum = 0;
  for (let index = 0; index < width; index++) sum += at(one, from + index) * at(other, otherFrom + index);
  return sum;
}

function scale(numbers: Numbers, from: number, width: number, by: number): void {
  for (let place = from; place < from + width; place++) numbers[place] = at(numbers, place) * by;
}

function at(numbers: Numbers, place: number): number {
  return numbers[place] ?? 0;
}
