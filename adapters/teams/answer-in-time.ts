export interface AnswerLimits {
  /** From the start until the work is told to stop. */
  readonly stopAfterMs: number;
  /** From then on: what stops by then may still say how far it came. */
  readonly graceMs: number;
}

/** Whatever hangs behind us, Bot Connector has its answer within two and a half seconds. */
export const ANSWER_LIMITS: AnswerLimits = { stopAfterMs: 2_300, graceMs: 150 };

/** The work's result, or `late` when it has none some time after its signal was aborted. Rejects when the work does. */
export async function answerInTime<T>(
  work: (signal: AbortSignal) => Promise<T>,
  late: () => T,
  { stopAfterMs, graceMs }: AnswerLimits,
): Promise<T> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<T>((resolve) => {
    timer = setTimeout(() => {
      stop.abort();
      timer = setTimeout(() => resolve(late()), graceMs);
    }, stopAfterMs);
  });
  try {
    return await Promise.race([work(stop.signal), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
