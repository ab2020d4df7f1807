import type { LogisticModel } from "./logistic-regression.js";

/**
 * Figures of each data set come from a model that never saw its family:
 *
 * kb-demo-zulip (150): AUROC 0.884, AURC 0.242, cov@10 0.287, cov@20 0.440, ECE 0.062
 * kb-demo-logingov (53): AUROC 0.781, AURC 0.292, cov@10 0.038, cov@20 0.472, ECE 0.146
 * stackfaq (639): AUROC 0.871, AURC 0.042, cov@10 0.854, cov@20 1.000, ECE 0.118
 * stackfaq-esc (639): AUROC 0.889, AURC 0.189, cov@10 0.399, cov@20 0.540, ECE 0.094
 * banking77-oos (700): AUROC 0.900, AURC 0.358, cov@10 0.130, cov@20 0.280, ECE 0.137
 * clinc150-oos (700): AUROC 0.883, AURC 0.135, cov@10 0.493, cov@20 0.704, ECE 0.071
 */
export const CONFIDENCE_MODEL: LogisticModel = {
  intercept: -3.9719,
  weights: [
    1.6226, // coverage
    4.0538, // strength
    0.8416, // similarity
    1.6901, // margin
    0.4646, // agreement
    -1.1294, // unknown
    1.4197, // titleMatched
    0.5832, // length
    -0.818, // rivals
  ],
};
