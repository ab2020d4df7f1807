/**
 * Written by test/bench/train-ranking.ts on 2026-11-28; not by hand. Figures of each data set come from a model that never
 * saw its family:
 *
 * kb-demo-zulip (114): nDCG@10 0.705 as proposed, 0.715 ranked; with a typing mistake 0.671, 0.677
 * kb-demo-zulip+kb-scale (114): nDCG@10 0.581 as proposed, 0.631 ranked; with a typing mistake 0.555, 0.591
 * kb-demo-logingov (43): nDCG@10 0.671 as proposed, 0.673 ranked; with a typing mistake 0.626, 0.637
 * stackfaq (500): nDCG@10 0.827 as proposed, 0.830 ranked; with a typing mistake 0.810, 0.817
 * stackfaq-esc (389): nDCG@10 0.861 as proposed, 0.868 ranked; with a typing mistake 0.840, 0.852
 * banking77-oos (501): nDCG@10 0.841 as proposed, 0.846 ranked; with a typing mistake 0.815, 0.835
 * clinc150-oos (500): nDCG@10 0.863 as proposed, 0.863 ranked; with a typing mistake 0.815, 0.833
 */
export const RANKING_WEIGHTS: readonly number[] = [
  10.3346, // fused
  1.2122, // similarity
  1.8774, // coverage
  2.529, // strength
  1.5234, // titleCoverage
  2.6288, // titleLetters
  1.7003, // titleAsked
  2.9188, // sentenceLetters
  1.159, // sentenceHolds
  1.5407, // together
  -3.0096, // length
  9.2471, // sourceLead
];
