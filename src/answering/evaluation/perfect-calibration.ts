import { mulberry32, RESAMPLES, SEED, type Interval } from "./bootstrap.js";
import { expectedCalibrationError } from "./metrics.js";

/**
 * The middle 95 % of the calibration error that these confidences would show if each were exactly the chance of being
 * right: outcomes are drawn from them. Even a perfect score has an error on few questions (Bröcker and Smith 2007,
 * "consistency bars"). The same confidences give the same interval.
 */
export function perfectCalibrationError(confidences: readonly number[]): Interval {
  const random = mulberry32(SEED);
  const errors = Array.from({ length: RESAMPLES }, () =>
    expectedCalibrationError(confidences.map((confidence) => ({ confidence, isRight: random() < confidence }))),
  ).map((error) => error ?? 0);
  errors.sort((one, other) => one - other);
  const at = (share: number): number => errors[Math.round(share * (errors.length - 1))] ?? 0;
  return [at(0.025), at(0.975)];
}
