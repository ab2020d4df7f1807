import { SingleBar } from "cli-progress";
import type { ReportProgress, TerminalOutput } from "./program-dependencies.js";

export interface Progress extends Disposable {
  readonly report: ReportProgress;
}

/** A bar on a terminal, nothing elsewhere. Disposing it takes the bar away. */
export function createProgress(output: TerminalOutput): Progress {
  if (output.isTTY !== true) return { report: () => undefined, [Symbol.dispose]: () => undefined };
  const bar = new SingleBar({
    stream: output,
    format: "{bar} {value}/{total} {what}",
    clearOnComplete: true,
    hideCursor: true,
    barsize: 30,
  });
  let isStarted = false;
  return {
    report: (done, total, what) => {
      if (!isStarted) bar.start(total, done, { what });
      isStarted = true;
      bar.setTotal(total);
      bar.update(done, { what: shorten(what) });
    },
    [Symbol.dispose]: () => {
      if (isStarted) bar.stop();
    },
  };
}

function shorten(what: string): string {
  return what.length > 40 ? `…${what.slice(-39)}` : what;
}
