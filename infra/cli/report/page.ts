import { html, Html, type HtmlValue } from "./html.js";

/** What every report says at its top. */
export interface ReportHead {
  /** What was measured: a folder or two files. */
  readonly subject: string;
  readonly madeBy: string;
  readonly madeAt: Date;
  /** What the run depended on besides the questions. */
  readonly settings?: string;
}

const STYLE = new Html(`
:root { color-scheme: light dark; --ground: #fbfaf7; --panel: #fff; --text: #1f2328; --quiet: #565d66; --line: #d9d6ce;
  --right: #1f6f4a; --wrong: #b4402f; --curve: #245f9e; }
@media (prefers-color-scheme: dark) { :root { --ground: #16181b; --panel: #1e2125; --text: #e8e6e1; --quiet: #a9b0b8;
  --line: #3a3f46; --right: #5cc08d; --wrong: #f08a77; --curve: #7db4ec; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; } p { margin: .25rem 0 .75rem; max-width: 46rem; } .quiet { color: var(--quiet); }
h1, h2, h3, p, li, dd, td, th { overflow-wrap: anywhere; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 1rem; margin-top: 1rem; }
figure { margin: 0; padding: .75rem; background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; min-width: 0; }
figcaption { font-weight: 600; } svg { display: block; width: 100%; height: auto; max-width: 36rem; }
svg text { font: 11px system-ui, sans-serif; fill: var(--quiet); } svg .label { fill: var(--text); }
.grid { stroke: var(--line); } .ideal { stroke: var(--quiet); stroke-dasharray: 4 4; }
.curve { fill: none; stroke: var(--curve); stroke-width: 2; } .dot { fill: var(--curve); }
.right { fill: var(--right); } .wrong { fill: var(--hatch); stroke: var(--wrong); }
.hatch-ground { fill: var(--panel); } .hatch { stroke: var(--wrong); stroke-width: 3; }
.scroll { overflow-x: auto; } .scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--curve); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
caption { text-align: left; color: var(--quiet); padding-bottom: .25rem; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { overflow-wrap: normal; } th[scope=row] { font-weight: 400; } .number { text-align: right; white-space: nowrap; }
summary { cursor: pointer; padding: .25rem 0; }
.questions { padding: 0; list-style: none; } .questions > li { border-top: 1px solid var(--line); padding: .75rem 0; }
.question { font-weight: 600; margin: 0 0 .25rem; } dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .1rem .75rem; margin: 0; }
dt { color: var(--quiet); } dd { margin: 0; min-width: 0; white-space: pre-line; }
`);

/** A whole page in one file: no script, and nothing that would be loaded. */
export function reportPage(
  title: string,
  { subject, madeBy, madeAt, settings }: ReportHead,
  content: readonly Html[],
): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}: ${subject}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="quiet">
            ${subject} · ${madeAt.toISOString().slice(0, 16).replace("T", " ")} UTC · Deskhand ${madeBy}
          </p>
          ${settings === undefined ? "" : html`<p class="quiet">Settings: ${settings}</p>`} ${content}
        </main>
      </body>
    </html> `.markup;
}

export function section(heading: string, ...content: readonly HtmlValue[]): Html {
  return html`<section>
    <h2>${heading}</h2>
    ${content}
  </section>`;
}

export interface TableColumns {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The first column names the row; the others are figures. */
export function figureTable({ caption, columns, rows }: TableColumns): Html {
  const [first = "", ...others] = columns;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${first}</th>
          ${others.map((name) => html`<th scope="col" class="number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name = "", ...cells]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A plot under its caption, with the figures that it was drawn from behind it. */
export function plotFigure(caption: string, plot: Html, table: TableColumns): Html {
  return html`<figure>
    <figcaption>${caption}</figcaption>
    ${plot}
    <details>
      <summary>The figures</summary>
      ${figureTable(table)}
    </details>
  </figure>`;
}

export interface ListedQuestion {
  readonly id: string;
  readonly question: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

export function questionList(questions: readonly ListedQuestion[], none: string): Html {
  if (questions.length === 0) return html`<p>${none}</p>`;
  return html`<ol class="questions" role="list">
    ${questions.map(
      ({ id, question, facts }) =>
        html`<li>
          <p class="question">${question}</p>
          <dl>
            <dt>Question</dt>
            <dd>${id}</dd>
            ${facts.map(
              ([name, value]) =>
                html`<dt>${name}</dt>
                  <dd>${value}</dd>`,
            )}
          </dl>
        </li>`,
    )}
  </ol>`;
}
