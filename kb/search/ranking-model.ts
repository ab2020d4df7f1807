/**
 * Written by test/bench/train-ranking.ts on 2026-11-28; not by hand. Figures of each data set come from a model that never
 * saw its family:
 *
 * kb-demo-zulip (114): nDCG@10 0.708 as proposed, 0.721 ranked; with a typing mistake 0.674, 0.685
 * kb-demo-zulip+kb-scale (114): nDCG@10 0.581 as proposed, 0.639 ranked; with a typing mistake 0.555, 0.594
 * kb-demo-logingov (43): nDCG@10 0.671 as proposed, 0.672 ranked; with a typing mistake 0.626, 0.641
 * stackfaq (500): nDCG@10 0.828 as proposed, 0.839 ranked; with a typing mistake 0.812, 0.822
 * stackfaq-esc (389): nDCG@10 0.862 as proposed, 0.880 ranked; with a typing mistake 0.842, 0.859
 * banking77-oos (500): nDCG@10 0.841 as proposed, 0.852 ranked; with a typing mistake 0.815, 0.832
 * clinc150-oos (500): nDCG@10 0.861 as proposed, 0.872 ranked; with a typing mistake 0.815, 0.839
 * kb-demo-logingov+others+kb-scale (43): nDCG@10 0.643 as proposed, 0.630 ranked; with a typing mistake 0.579, 0.588
 * stackfaq+others+kb-scale (300): nDCG@10 0.784 as proposed, 0.827 ranked; with a typing mistake 0.745, 0.792
 * banking77-oos+others+kb-scale (300): nDCG@10 0.815 as proposed, 0.826 ranked; with a typing mistake 0.765, 0.796
 * clinc150-oos+others+kb-scale (300): nDCG@10 0.806 as proposed, 0.819 ranked; with a typing mistake 0.737, 0.760
 */
export const RANKING_WEIGHTS: readonly number[] = [
  10.1034, // fused
  0.9059, // similarity
  1.9045, // coverage
  2.3617, // strength
  1.2047, // titleCoverage
  2.105, // titleLetters
  1.3798, // titleAsked
  2.2571, // sentenceLetters
  1.0688, // sentenceHolds
  1.4889, // together
  -3.072, // length
  8.6575, // sourceLead
  0.8792, // titleMeaning
  2.7455, // sentenceMeaning
];
