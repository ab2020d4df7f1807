import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIRST_PRIORITY, LAST_PRIORITY } from "../../../src/ports/queue.js";
import { FairShare } from "../../../src/routing/fair-share.js";

const OPTIONS = { burst: 10, perSecond: 2 };

function at(startMs = 0) {
  let nowMs = startMs;
  const share = new FairShare({ now: () => new Date(nowMs) }, OPTIONS);
  return { share, wait: (ms: number) => (nowMs += ms) };
}

describe("the fair share of an installation", () => {
  it("demotes who sends more than a burst, the more so the further it goes on, and nobody else", () => {
    const { share } = at();
    const noisy = Array.from({ length: 10_000 }, () => share.take("noisy"));
    expect(noisy.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => FIRST_PRIORITY));
    expect(noisy[10]).toBe(FIRST_PRIORITY + 1);
    expect(noisy).toEqual(noisy.toSorted((one, other) => one - other));
    expect(noisy.at(-1)).toBe(LAST_PRIORITY);
    expect(share.take("quiet")).toBe(FIRST_PRIORITY);
  });

  it("is whole again once what was ahead has been waited for, also across a clock that is set back", () => {
    const { share, wait } = at(1_000_000);
    for (let event = 0; event < 30; event += 1) share.take("noisy");
    wait(9_000);
    expect(share.take("noisy")).toBe(FIRST_PRIORITY + 1);
    wait(-5_000);
    expect(share.take("noisy")).toBe(FIRST_PRIORITY + 1);
    wait(20_000);
    expect(share.take("noisy")).toBe(FIRST_PRIORITY);
  });

  it("never demotes who keeps to it, whatever a thousand others do", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ who: fc.integer({ min: 0, max: 1_500 }), afterMs: fc.integer({ min: 0, max: 400 }) }), {
          maxLength: 400,
        }),
        (events) => {
          const { share, wait } = at();
          for (const { who, afterMs } of events) {
            wait(afterMs);
            share.take(`other ${who}`);
            wait(500);
            expect(share.take("quiet")).toBe(FIRST_PRIORITY);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
