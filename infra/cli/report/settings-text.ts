import type { Settings } from "../../config/settings.js";

/** The settings that a measured run depends on: two reports differ by them as well as by the code. */
export function settingsText({ answering, knowledge }: Settings): string {
  const { threshold, topics, calibration } = answering;
  const parts = [
    `threshold ${threshold}`,
    calibration === null ? "confidence as shipped" : `calibration for ${calibration.model}`,
    knowledge.ranking === null ? "order as shipped" : "order tuned",
    ...(topics.length === 0 ? [] : [`topics ${topics.map(({ name }) => name).join(", ")}`]),
  ];
  return parts.join(" · ");
}
