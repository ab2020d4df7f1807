import { describe, expect, it } from "vitest";
import { englishTextVectors } from "../../../../infra/models/local/word-vectors/english.js";
import type { Features } from "../../../../src/answering/confidence/feature-names.js";
import { featuresOf } from "../../../../src/answering/confidence/features.js";
import type { Passage, SearchResult } from "../../../../src/ports/knowledge.js";
import { passageOf } from "../../../fakes/passages.js";

interface Entry {
  readonly title: string;
  readonly wordings?: readonly string[];
  readonly scores?: Partial<Passage["scores"]>;
}

function entry({ title, wordings = [], scores = {} }: Entry): Passage {
  const all = { lexical: 20, vector: 0.5, coverage: 0.5, fused: 0.5, ...scores };
  return passageOf("", { title, externalId: title, headingPath: [], variants: wordings, scores: all });
}

/** The features of a question for which these entries are found, best first. */
function features(question: string, ...entries: readonly Entry[]): Features {
  const result: SearchResult = {
    passages: entries.map(entry),
    analysis: { terms: [{ term: "x", idf: 1, known: true }], corpusChunks: 100 },
    degraded: [],
    embeddings: 1,
    timings: { embedMs: 0, lexicalMs: 0, vectorMs: 0 },
  };
  const found = featuresOf(question, result, englishTextVectors);
  if (found === null) throw new Error("nothing was found");
  return found;
}

const rates: Entry = { title: "Exchange rates", wordings: ["which rates do you charge", "are the rates fair"] };

describe("the shares of the trained order", () => {
  it("give the first title less the more rivals are close, where the distance to the second is the same", () => {
    const scored = (title: string, relevance?: number): Entry => {
      return { title, scores: relevance === undefined ? {} : { relevance } };
    };
    const few = features("refund", scored("A", 2), scored("B", 1), scored("C", -4));
    const many = features("refund", scored("A", 2), scored("B", 1), scored("C", 1), scored("D"));

    expect(few.lead).toBe(many.lead);
    expect(few.preference).toBeCloseTo(1 / (1 + Math.exp(-1) + Math.exp(-6)), 10);
    expect(many.preference).toBeCloseTo(1 / (1 + 2 * Math.exp(-1)), 10);
    expect(features("refund", scored("A")).preference).toBe(1);
  });

  it("count a title once", () => {
    const twice = { title: "A", scores: { relevance: 2 } };
    expect(features("refund", twice, twice).preference).toBe(1);
  });
});

describe("contrast", () => {
  it("is how far apart the scores are: nothing where all are alike", () => {
    const fused = (title: string, score: number): Entry => ({ title, scores: { fused: score } });

    expect(features("refund", fused("A", 0.5), fused("B", 0.5)).contrast).toBe(0);
    expect(features("refund", fused("A", 0.9), fused("B", 0.1)).contrast).toBeCloseTo(0.4, 10);
  });
});

describe("wording", () => {
  const asked = "is there a top up limit";

  it("is more where several lines of the entry are near, and not one by chance", () => {
    const many = { title: "Limits", wordings: [asked, "is there any top up limit", "what top up limit is there"] };
    const one = { title: "Limits", wordings: [asked, "where is my parcel", "who are you"] };

    expect(features(asked, many).wording).toBeGreaterThan(features(asked, one).wording + 0.2);
  });

  it("leads by as much as three lines of another title are further", () => {
    const near = { title: "Limits", wordings: [asked, asked, asked] };
    const far = { title: "Invoices", wordings: ["zzz", "qqq", "kkk"] };

    expect(features(asked, near, far).wordingLead).toBeGreaterThan(0.9);
    expect(features(asked, far, near).wordingLead).toBeLessThan(-0.9);
    expect(features(asked, near, { ...near, title: "Other limits" }).wordingLead).toBeCloseTo(0, 10);
  });
});

describe("standing", () => {
  const wordings = ["order a replacement card", "how to order a replacement card", "replacement card order please"];
  const replacements = { title: "Replacement cards", wordings };

  it("is high for one more wording of an entry, and low for a question that leads less than its lines do", () => {
    const answered = features("please order me a replacement card", replacements, rates).standing;
    const missed = features("is the replacement bus free on sundays", replacements, rates).standing;

    expect(answered).toBeGreaterThan(0.5);
    expect(missed).toBeLessThan(0.2);
  });

  it("says little of an entry with few lines", () => {
    const single = { title: "Replacement cards" };
    const asked = "is the replacement bus free on sundays";

    expect(features(asked, single, rates).standing).toBeGreaterThan(features(asked, replacements, rates).standing);
  });

  it("counts a line less for what all lines that were found say", () => {
    const how = (what: string): Entry => ({
      title: what,
      wordings: [`how do i ${what} now`, `how do i ${what} today`],
    });
    const [block, freeze] = [how("block"), how("freeze")];

    expect(features("how do i block it", block, freeze).standing).toBeGreaterThan(
      features("how do i know", block, freeze).standing,
    );
  });
});

describe("standing in meaning", () => {
  const wordings = ["get my money back", "can i have a refund", "reimburse me for a purchase"];
  const refunds = { title: "Refunds", wordings };
  const parcels = {
    title: "Parcels",
    wordings: ["where is my parcel", "track a shipment", "when will it be delivered"],
  };

  it("is high for what the entry's lines say in other words, and low for what they do not", () => {
    const answered = features("can the payment be refunded", refunds, parcels).meaningStanding;
    const missed = features("how long does delivery take", refunds, parcels).meaningStanding;

    expect(answered).toBeGreaterThan(0.5);
    expect(missed).toBeLessThan(0.2);
  });

  it("is in the middle for a question in another language, and for one without a known word", () => {
    expect(features("¿cómo puedo cancelar mi pedido de ayer?", refunds, parcels).meaningStanding).toBe(0.5);
    expect(features("zxqv kkjw", refunds, parcels).meaningStanding).toBe(0.5);
  });
});

describe("aligned words", () => {
  const refunds = { title: "Refunds for purchases", wordings: ["reimburse me for a purchase", "get my money back"] };
  const parcels = { title: "Parcels", wordings: ["track a shipment", "when will it be delivered"] };

  it("lead where the entry's lines say the question in other words", () => {
    const asked = "reimbursement of money";

    expect(features(asked, refunds, parcels).alignedLead).toBeGreaterThan(0.2);
    expect(features(asked, parcels, refunds).alignedLead).toBeLessThan(-0.2);
    expect(features(asked, refunds, { ...refunds, title: "Purchases for refunds" }).alignedLead).toBeCloseTo(0, 10);
  });

  it("tell how much of the question the title says, and of the title the question", () => {
    const short = features("refunds", refunds, parcels);
    const long = features("refunds for purchases that never arrived at our office", refunds, parcels);

    expect(short.saidByTitle).toBeCloseTo(1, 10);
    expect(short.titleSaid).toBeLessThan(0.9);
    expect(long.saidByTitle).toBeLessThan(0.8);
    expect(long.titleSaid).toBeCloseTo(1, 10);
  });

  it("count another form of a word as the word", () => {
    expect(features("refund", refunds, parcels).saidByTitle).toBeCloseTo(1, 10);
  });

  it("say the same of every question in another language, and of one without a known word", () => {
    const { alignedLead, saidByTitle, titleSaid } = features(
      "¿cómo puedo cancelar mi pedido de ayer?",
      refunds,
      parcels,
    );

    expect(features("zxqv kkjw", parcels, refunds)).toMatchObject({ alignedLead, saidByTitle, titleSaid });
  });
});

describe("votes", () => {
  const transfers = { title: "Transfers", wordings: ["transfer pending", "transfer failed"] };

  it("are the first title's share of the near lines, weighed by their likeness", () => {
    const pins = { title: "PINs", wordings: ["forgot pin"] };

    expect(features("transfer late", transfers, pins).votes).toBe(1);
    expect(features("transfer late", pins, transfers).votes).toBe(0);
    const split = features("transfer late", transfers, { ...transfers, title: "Transfers abroad" }).votes;
    expect(split).toBeGreaterThan(0.3);
    expect(split).toBeLessThan(0.7);
  });

  it("are none where no line has a word of the question", () => {
    expect(features("umbrella", transfers).votes).toBe(0);
  });
});

describe("inside", () => {
  const close = { title: "Disposable cards", wordings: ["disposable cards limit", "disposable cards limits"] };

  it("is higher for one more wording of an entry than for a question that shares less with it than its lines do", () => {
    const within = features("disposable cards limit", close, rates).inside;
    const outside = features("order disposable envelope", close, rates).inside;

    expect(within).toBeGreaterThanOrEqual(0);
    expect(outside).toBeLessThan(0);
  });

  it("does not ask of a page whose lines differ that the question is like all of them", () => {
    const page = { title: "Cards", wordings: ["disposable envelope", "opening hours", "lost parcels"] };
    const outside = features("order disposable envelope", close, rates).inside;

    expect(features("order disposable envelope", page, rates).inside).toBeGreaterThan(outside);
  });
});

describe("unsaid", () => {
  const limits = { title: "Card limits", wordings: ["limit of a card", "which limits are there", "card limit"] };

  it("is the word that the entry's lines have and the question lacks", () => {
    const said = features("what is the limit of my card", limits, rates).unsaid;
    const unsaid = features("how do I order a card", limits, rates).unsaid;

    expect(unsaid).toBeGreaterThan(said + 0.1);
  });

  it("counts less the fewer lines have it", () => {
    const once = { title: "Cards", wordings: ["limit of a card", "order a card", "lost a card"] };
    const lacked = (found: Entry): number => features("how do I order a card", found, rates).unsaid;

    expect(lacked(once)).toBeLessThan(lacked(limits));
  });
});
