import { html, type Html, type HtmlValue } from "./html.js";

/** A drawing of fixed size that the page scales; whoever cannot see it is told its title and description. */
export interface PlotText {
  readonly id: string;
  readonly title: string;
  /** What is to be seen, in a sentence. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
}

export interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

export interface Bar {
  readonly label: string;
  /** Drawn from the bottom up, each in its own look. */
  readonly right: number;
  readonly wrong: number;
}

const WIDTH = 360;
const HEIGHT = 240;
const FRAME = { left: 48, right: 12, top: 12, bottom: 44 } as const;
const INNER_WIDTH = WIDTH - FRAME.left - FRAME.right;
const INNER_HEIGHT = HEIGHT - FRAME.top - FRAME.bottom;
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

const xOf = (share: number): number => rounded(FRAME.left + share * INNER_WIDTH);
const yOf = (share: number): number => rounded(FRAME.top + (1 - share) * INNER_HEIGHT);

/** A curve over shares, both axes from 0 to 1; `isDiagonalDrawn` adds the line where the two are equal. */
export function curvePlot(
  text: PlotText,
  points: readonly PlotPoint[],
  look: { readonly areDotsDrawn: boolean; readonly isDiagonalDrawn: boolean },
): Html {
  const line = points.map(({ x, y }) => `${xOf(x)},${yOf(y)}`).join(" ");
  const percent = (share: number): string => `${share * 100} %`;
  return frame(text, [
    axes(
      QUARTERS.map((share) => ({ at: share, label: percent(share) })),
      QUARTERS.map((share) => ({ at: share, label: percent(share) })),
    ),
    look.isDiagonalDrawn
      ? html`<line class="ideal" x1="${xOf(0)}" y1="${yOf(0)}" x2="${xOf(1)}" y2="${yOf(1)}" />`
      : "",
    html`<polyline class="curve" points="${line}" />`,
    look.areDotsDrawn ? points.map(({ x, y }) => html`<circle class="dot" cx="${xOf(x)}" cy="${yOf(y)}" r="4" />`) : "",
  ]);
}

/** Counts side by side, in each the right ones below the wrong ones. */
export function barPlot(text: PlotText, bars: readonly Bar[]): Html {
  const most = Math.max(1, ...bars.map(({ right, wrong }) => right + wrong));
  const top = niceTop(most);
  const slot = 1 / Math.max(1, bars.length);
  const rect = (kind: string, index: number, from: number, count: number): Html | string =>
    count === 0
      ? ""
      : html`<rect
          class="${kind}"
          x="${xOf((index + 0.1) * slot)}"
          y="${yOf((from + count) / top)}"
          width="${rounded(slot * 0.8 * INNER_WIDTH)}"
          height="${rounded((count / top) * INNER_HEIGHT)}"
        />`;
  return frame(text, [
    html`<defs>
      <pattern id="${text.id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="hatch-ground" width="6" height="6" />
        <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
      </pattern>
    </defs>`,
    axes(
      bars.map(({ label }, index) => ({ at: (index + 0.5) * slot, label })),
      [0, 0.5, 1].map((share) => ({ at: share, label: String(share * top) })),
    ),
    html`<g style="--hatch: url(#${text.id}-hatch)"
      >${bars.map(({ right, wrong }, index) => [rect("right", index, 0, right), rect("wrong", index, right, wrong)])}</g
    >`,
  ]);
}

export interface Difference {
  readonly label: string;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

const ROW_HEIGHT = 26;
const LABEL_WIDTH = 130;

/** Differences with their intervals, one below the other, about a line at nothing. */
export function differencePlot(text: PlotText, differences: readonly Difference[]): Html {
  const reach = Math.max(0.01, ...differences.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)])) * 1.1;
  const height = differences.length * ROW_HEIGHT + 44;
  const at = (value: number): number =>
    rounded(LABEL_WIDTH + ((value + reach) / (2 * reach)) * (WIDTH - LABEL_WIDTH - FRAME.right));
  const bottom = height - 34;
  const rows = differences.map(({ label, low, middle, high }, index) => {
    const y = index * ROW_HEIGHT + 18;
    return html`<text x="${LABEL_WIDTH - 8}" y="${y + 4}" text-anchor="end">${label}</text>
      <line class="curve" x1="${at(low)}" y1="${y}" x2="${at(high)}" y2="${y}" />
      <circle class="dot" cx="${at(middle)}" cy="${y}" r="4" />`;
  });
  const ticks = [-reach / 1.1, 0, reach / 1.1].map(
    (value) =>
      html`<text x="${at(value)}" y="${bottom + 14}" text-anchor="middle">${Number(value.toPrecision(2))}</text>`,
  );
  return frame(
    text,
    [html`<line class="ideal" x1="${at(0)}" y1="4" x2="${at(0)}" y2="${bottom}" />`, rows, ticks],
    height,
    LABEL_WIDTH,
  );
}

interface Tick {
  readonly at: number;
  readonly label: string;
}

function axes(across: readonly Tick[], up: readonly Tick[]): Html {
  return html`${up.map(
    ({ at, label }) =>
      html`<line class="grid" x1="${xOf(0)}" y1="${yOf(at)}" x2="${xOf(1)}" y2="${yOf(at)}" />
        <text x="${FRAME.left - 6}" y="${yOf(at) + 4}" text-anchor="end">${label}</text>`,
  )}${across.map(
    ({ at, label }) => html`<text x="${xOf(at)}" y="${yOf(0) + 15}" text-anchor="middle">${label}</text>`,
  )}`;
}

function frame(
  { id, title, description, xLabel, yLabel }: PlotText,
  content: readonly HtmlValue[],
  height = HEIGHT,
  left: number = FRAME.left,
): Html {
  const middle = left + (WIDTH - left - FRAME.right) / 2;
  const upright =
    yLabel === ""
      ? ""
      : html`<text
          class="label"
          transform="translate(10 ${FRAME.top + INNER_HEIGHT / 2}) rotate(-90)"
          text-anchor="middle"
          >${yLabel}</text
        >`;
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-title ${id}-description">
    <title id="${id}-title">${title}</title>
    <desc id="${id}-description">${description}</desc>
    ${content}
    <text class="label" x="${rounded(middle)}" y="${height - 6}" text-anchor="middle">${xLabel}</text>
    ${upright}
  </svg>`;
}

/** The next even number that is round: half of it is written at the axis too. */
function niceTop(most: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(most)) - 1) * 2;
  return Math.max(2, Math.ceil(most / step) * step);
}

function rounded(value: number): number {
  return Number(value.toFixed(1));
}
