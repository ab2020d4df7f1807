import type { ConfidenceModel } from "./confidence-model.js";

/**
 * Written by test/bench/train-confidence.ts on 2026-11-28; not by hand. Figures of each data set come from a model that
 * never saw its family:
 *
 * kb-demo-zulip (150): AUROC 0.898, AURC 0.233, cov@10 0.287, cov@20 0.480, ECE 0.076
 * kb-demo-logingov (53): AUROC 0.761, AURC 0.298, cov@10 0.019, cov@20 0.283, ECE 0.128
 * stackfaq (639): AUROC 0.894, AURC 0.035, cov@10 0.886, cov@20 1.000, ECE 0.044
 * stackfaq-esc (639): AUROC 0.900, AURC 0.174, cov@10 0.429, cov@20 0.604, ECE 0.122
 * banking77-oos (2009): AUROC 0.902, AURC 0.351, cov@10 0.048, cov@20 0.319, ECE 0.093
 * clinc150-oos (2740): AUROC 0.917, AURC 0.110, cov@10 0.599, cov@20 0.774, ECE 0.092
 */
export const CONFIDENCE_MODEL: ConfidenceModel = {
  id: "2026-11-28-7040a5",
  intercept: 0.3042,
  inputs: {
    strength: { center: 0.3585, spread: 0.1646, weight: 0.8481 },
    score: { center: 0.3685, spread: 0.1767, weight: -0.271 },
    margin: { center: -16.3791, spread: 481.7422, weight: 0.0305 },
    lead: { center: 0.7538, spread: 0.3032, weight: 0.4507 },
    evenness: { center: 0.4642, spread: 0.3292, weight: -0.3997 },
    coverage: { center: 0.5407, spread: 0.3088, weight: 0.1648 },
    coverageLead: { center: 0.1362, spread: 0.2765, weight: 0.2246 },
    absent: { center: 0.3354, spread: 0.3385, weight: -0.3256 },
    titleMatched: { center: 0.4164, spread: 0.3608, weight: 0.4471 },
    wording: { center: 0.4193, spread: 0.2043, weight: 0.428 },
    wordingLead: { center: 0.0678, spread: 0.1722, weight: 0.4208 },
    typical: { center: 0.3126, spread: 0.2284, weight: 0.3617 },
    sameness: { center: 0.2914, spread: 0.1341, weight: -0.2713 },
    labelMatched: { center: 0.127, spread: 0.144, weight: -0.2617 },
    exact: { center: 0.0425, spread: 0.2016, weight: 0.1895 },
  },
};
