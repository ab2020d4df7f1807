/**
 * Written by test/bench/train-ranking.ts on 2026-11-28; not by hand. Figures of each data set come from a model that never
 * saw its family:
 *
 * kb-demo-zulip (114): nDCG@10 0.705 as proposed, 0.712 ranked; with a typing mistake 0.671, 0.682
 * kb-demo-zulip+kb-scale (114): nDCG@10 0.581 as proposed, 0.618 ranked; with a typing mistake 0.555, 0.582
 * kb-demo-logingov (43): nDCG@10 0.671 as proposed, 0.671 ranked; with a typing mistake 0.626, 0.635
 * stackfaq (500): nDCG@10 0.827 as proposed, 0.831 ranked; with a typing mistake 0.810, 0.817
 * stackfaq-esc (389): nDCG@10 0.861 as proposed, 0.869 ranked; with a typing mistake 0.840, 0.852
 * banking77-oos (501): nDCG@10 0.841 as proposed, 0.847 ranked; with a typing mistake 0.815, 0.837
 * clinc150-oos (500): nDCG@10 0.863 as proposed, 0.865 ranked; with a typing mistake 0.815, 0.836
 */
export const RANKING_WEIGHTS: readonly number[] = [
  10.2085, // fused
  1.1486, // similarity
  1.8406, // coverage
  3.024, // strength
  1.5205, // titleCoverage
  2.4506, // titleLetters
  1.5155, // titleAsked
  2.9526, // sentenceLetters
  1.5192, // sentenceHolds
  1.3377, // together
  -3.3471, // length
];
