/**
 * Written by test/bench/train-ranking.ts on 2026-11-28; not by hand. Figures of each data set come from a model that never
 * saw its family:
 *
 * kb-demo-zulip (114): nDCG@10 0.705 as proposed, 0.715 ranked; with a typing mistake 0.671, 0.677
 * kb-demo-zulip+kb-scale (114): nDCG@10 0.581 as proposed, 0.631 ranked; with a typing mistake 0.555, 0.591
 * kb-demo-logingov (43): nDCG@10 0.671 as proposed, 0.673 ranked; with a typing mistake 0.626, 0.637
 * stackfaq (500): nDCG@10 0.827 as proposed, 0.830 ranked; with a typing mistake 0.810, 0.817
 * stackfaq-esc (389): nDCG@10 0.861 as proposed, 0.868 ranked; with a typing mistake 0.840, 0.852
 * banking77-oos (500): nDCG@10 0.841 as proposed, 0.846 ranked; with a typing mistake 0.815, 0.834
 * clinc150-oos (500): nDCG@10 0.861 as proposed, 0.861 ranked; with a typing mistake 0.815, 0.833
 * kb-demo-logingov+others+kb-scale (43): nDCG@10 0.643 as proposed, 0.621 ranked; with a typing mistake 0.579, 0.580
 * stackfaq+others+kb-scale (300): nDCG@10 0.781 as proposed, 0.813 ranked; with a typing mistake 0.741, 0.785
 * banking77-oos+others+kb-scale (300): nDCG@10 0.815 as proposed, 0.826 ranked; with a typing mistake 0.765, 0.798
 * clinc150-oos+others+kb-scale (300): nDCG@10 0.806 as proposed, 0.809 ranked; with a typing mistake 0.737, 0.763
 */
export const RANKING_WEIGHTS: readonly number[] = [
  10.3228, // fused
  1.2076, // similarity
  1.8751, // coverage
  2.5325, // strength
  1.5193, // titleCoverage
  2.6269, // titleLetters
  1.6973, // titleAsked
  2.9151, // sentenceLetters
  1.1661, // sentenceHolds
  1.5419, // together
  -3.0141, // length
  9.1897, // sourceLead
];
