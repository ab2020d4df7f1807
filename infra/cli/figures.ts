import { reply, table } from "../../src/commands/reply-blocks.js";
import type { Figures } from "./program-dependencies.js";
import type { Terminal } from "./terminal.js";

/** Prints figures for a person, unless only a program reads them; one JSON object comes last in both cases. */
export function printFigures(terminal: Terminal, figures: Figures, isJsonOnly: boolean): void {
  if (!isJsonOnly) {
    const rows = Object.entries(figures).filter(([, value]) => typeof value !== "object" || value === null);
    terminal.printReply(
      reply(
        table(
          ["Figure", "Value"],
          rows.map(([name, value]) => [name, shown(value)]),
        ),
      ),
    );
    terminal.print("");
  }
  terminal.printJson(figures);
}

function shown(value: unknown): string {
  if (typeof value === "number" && !Number.isInteger(value)) return value.toFixed(4);
  return typeof value === "string" ? value : JSON.stringify(value);
}
