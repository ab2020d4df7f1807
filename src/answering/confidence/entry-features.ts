import { analyze } from "../../text/analyze.js";
import type { Language } from "../../text/stop-words.js";
import type { Evidence } from "./evidence.js";
import type { Features } from "./feature-names.js";
import { mean, share } from "./sums.js";

/** Lines of the first title that are compared with each other, and with how many of the nearest each. */
const SAMENESS = { lines: 25, nearest: 3 } as const;

type EntryFeature = "absent" | "titleMatched" | "labelMatched" | "unsaid" | "exact";

/** Whether the first title's entry is about what the question is about. */
export function entryFeatures(evidence: Evidence, title: string, language: Language): Pick<Features, EntryFeature> {
  const titleMatched = titleShare(title, evidence, language);
  return {
    absent: absentShare(evidence),
    titleMatched,
    labelMatched: titleMatched * samenessOf(evidence),
    unsaid: unsaidWeight(evidence),
    exact: isExact(evidence) ? 1 : 0,
  };
}

function absentShare({ found, topics }: Evidence): number {
  const absent = topics.filter(({ term, others }) => ![term, ...others].some((each) => found.holds(each)));
  return share(absent, topics, ({ term }) => found.rarityOf(term));
}

function titleShare(title: string, { found, terms, topics }: Evidence, language: Language): number {
  const forms = new Set([...terms, ...topics.flatMap(({ others }) => others)]);
  const words = analyze(title, language).filter((group) => !group.isWeak);
  const named = words.flatMap((group) => [group.term, ...group.others]).map((term) => found.numberOf(term));
  return named.length === 0 ? 0 : named.filter((form) => forms.has(form)).length / named.length;
}

/** A word is as typical as the share of lines that hold it, times its rarity. */
function unsaidWeight({ found, own, forms }: Evidence): number {
  const counts = new Map<number, number>();
  for (const { terms } of own) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  const unsaid = [...counts].filter(([term]) => !forms.has(term));
  return Math.max(0, ...unsaid.map(([term, count]) => (count / own.length) * found.rarityOf(term)));
}

/** The mean over lines of how like each is to its nearest others. */
function samenessOf({ own, found }: Evidence): number {
  const lines = own.slice(0, SAMENESS.lines);
  const nearest = lines.map((line) => {
    const others = lines.filter((other) => other !== line);
    const likes = found.cosines(line.terms, others);
    return mean(likes.sort((one, another) => another - one).slice(0, SAMENESS.nearest));
  });
  return mean(nearest);
}

function isExact({ own, terms, normalised }: Evidence): boolean {
  if (normalised === "") return false;
  return own.some(
    (line) => line.normalised === normalised || ((line.isHeading || terms.length > 1) && isSame(line.terms, terms)),
  );
}

/** Whether both are the same different terms, in whatever order; none are nothing's. */
function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length > 0 && one.length === other.length && one.every((term) => other.includes(term));
}
