import type { LogisticModel } from "./logistic-regression.js";

/**
 * Written by test/bench/train-confidence.ts on 2026-11-21; not by hand. Figures of each data set come from a model that
 * never saw its family:
 *
 * kb-demo-zulip (150): AUROC 0.878, AURC 0.246, cov@10 0.280, cov@20 0.380, ECE 0.065
 * kb-demo-logingov (53): AUROC 0.844, AURC 0.303, cov@10 0.057, cov@20 0.509, ECE 0.193
 * stackfaq (639): AUROC 0.880, AURC 0.041, cov@10 0.850, cov@20 1.000, ECE 0.119
 * stackfaq-esc (639): AUROC 0.895, AURC 0.187, cov@10 0.407, cov@20 0.551, ECE 0.087
 * banking77-oos (1000): AUROC 0.895, AURC 0.353, cov@10 0.034, cov@20 0.326, ECE 0.129
 * clinc150-oos (1001): AUROC 0.886, AURC 0.133, cov@10 0.486, cov@20 0.706, ECE 0.058
 */
export const CONFIDENCE_MODEL: LogisticModel = {
  intercept: -4.2998,
  weights: [
    1.7388, // coverage
    4.1866, // strength
    1.025, // similarity
    2.0728, // margin
    0.2973, // agreement
    -1.2601, // unknown
    1.4756, // titleMatched
    0.8175, // length
    -0.9854, // rivals
  ],
};
