/** Something without which the server cannot do its work. */
export interface ReadinessCheck {
  readonly name: string;
  /** Resolves when it is well; rejects or outlasts the time limit when it is not. */
  run(signal: AbortSignal): Promise<void>;
}

export interface Readiness {
  readonly isReady: boolean;
  readonly failed: readonly string[];
}

/** Runs all checks at once, each for at most `limitMs`. */
export async function checkReadiness(checks: readonly ReadinessCheck[], limitMs: number): Promise<Readiness> {
  const results = await Promise.all(checks.map(async (check) => ((await passes(check, limitMs)) ? null : check.name)));
  const failed = results.filter((name) => name !== null);
  return { isReady: failed.length === 0, failed };
}

/** A check that ignores its signal must not hold the answer up, so the time limit does not wait for it. */
function passes(check: ReadinessCheck, limitMs: number): Promise<boolean> {
  const controller = new AbortController();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(false);
      controller.abort();
    }, limitMs);
    const settle = (isWell: boolean) => {
      clearTimeout(timer);
      resolve(isWell);
    };
    check.run(controller.signal).then(
      () => settle(true),
      () => settle(false),
    );
  });
}
