import {
  boldIn,
  lowerFirst,
  swap,
  upperFirst,
  withoutStop,
  type Change,
  type ClaimRules,
  type Paraphrase,
} from "./make-claims.js";

const SYNONYMS: readonly (readonly [RegExp, string])[] = [
  [/\b([Cc])lick(?: on)?\b/u, "select"],
  [/\bselect\b/u, "choose"],
  [/\bdelete\b/u, "remove"],
  [/\bcreate\b/u, "make"],
  [/\bchange\b/u, "modify"],
  [/\ballows you to\b/u, "lets you"],
  [/\bget\b/u, "receive"],
  [/\bshow\b/u, "display"],
  [/\bneed to\b/u, "have to"],
  [/\bhelp\b/u, "assist"],
];

const PARAPHRASES: readonly Paraphrase[] = [
  {
    name: "another verb",
    say: ({ sentence }, { random }) =>
      random.shuffled(SYNONYMS).reduce<string | null>((said, [from, to]) => said ?? swap(sentence, from, to), null),
  },
  {
    name: "contraction",
    say: ({ sentence }) =>
      swap(sentence, /\bcannot\b/u, "can't") ??
      swap(sentence, /\b(do|does|is|are|will) not\b/u, (_all, verb) => (verb === "will" ? "won't" : `${verb}n't`)) ??
      swap(sentence, /\b(do|does|is|are)n't\b/u, "$1 not") ??
      swap(sentence, /\bYou'll\b/u, "You will"),
  },
  {
    name: "articles dropped",
    say: ({ sentence }) =>
      swap(sentence.replaceAll(/ (?:the|an?) (?=[a-z*])/gu, " "), /^The /u, "") ??
      sentence.replaceAll(/ (?:the|an?) (?=[a-z*])/gu, " "),
  },
  {
    name: "you can instead of an order",
    say: ({ sentence }) => {
      const order = /^(?:Click|Select|Go|Choose|Enter|Open|Hover|Type|Use|Add|Toggle|Find)\b/u.test(sentence);
      return order ? `You can ${lowerFirst(sentence)}` : null;
    },
  },
  {
    name: "an order instead of you can",
    say: ({ sentence }) => {
      const said = swap(sentence, /^You can (?:also )?/u, "");
      return said === null ? null : upperFirst(said);
    },
  },
  {
    name: "clause moved to the end",
    say: ({ sentence }) =>
      swap(
        sentence,
        /^((?:To|If|When|Under|On|In) [^,]+), ([^,]+)\.$/u,
        (_all, clause, rest) => `${upperFirst(rest)} ${lowerFirst(clause)}.`,
      ),
  },
  {
    name: "clause moved to the front",
    say: ({ sentence }) =>
      swap(
        sentence,
        /^([^,()]+)(?<!even) ((?:if|when) [^,()]+)\.$/u,
        (_all, rest, clause) => `${upperFirst(clause)}, ${lowerFirst(rest)}.`,
      ),
  },
  {
    name: "two sentences in one",
    say: ({ sentence, next }) =>
      next === null || sentence.length + next.length > 260 ? null : `${withoutStop(sentence)}, and ${lowerFirst(next)}`,
  },
  {
    name: "steps in one sentence",
    say: ({ sentence, of }) => {
      const at = of.steps.indexOf(sentence);
      const after = of.steps[at + 1];
      return at < 0 || after === undefined ? null : `${withoutStop(sentence)}, then ${lowerFirst(after)}`;
    },
  },
  {
    name: "lead-in",
    say: ({ sentence }, { random }) =>
      `${random.pick(["Note that ", "As the help page says, ", "In short, "])}${lowerFirst(sentence)}`,
  },
  { name: "brackets dropped", say: ({ sentence }) => swap(sentence, / \([^)]*\)/u, "") },
  {
    name: "relative clause dropped",
    say: ({ sentence }) => swap(sentence, /, (?:which|including|such as)[^,]*(?=\.$|,)/u, ""),
  },
  {
    name: "numbers in words or digits",
    say: ({ sentence }) =>
      swap(
        sentence,
        /(?<![.\d–-])\b(2|3|4|5|7|10)\b(?![.,\d–-])/u,
        (digit) => ({ 2: "two", 3: "three", 4: "four", 5: "five", 7: "seven", 10: "ten" })[digit] ?? "",
      ) ??
      swap(
        sentence,
        /\b(two|three|four|five|ten)\b/u,
        (word) => ({ two: "2", three: "3", four: "4", five: "5", ten: "10" })[word] ?? "",
      ),
  },
  {
    name: "by default moved",
    say: ({ sentence }) => {
      const said = swap(sentence, /^By default, (.*)\.$/u, "$1 by default.");
      return said === null ? null : upperFirst(said);
    },
  },
  { name: "emphasis dropped", say: ({ sentence }) => swap(sentence.replaceAll("**", ""), /^/u, "Here, ") },
];

const NUMBER = /\b\d+(?:\.\d+)*\b/u;

const change = (
  kind: Change["kind"],
  name: string,
  pattern: RegExp,
  by: string | ((...match: string[]) => string),
): Change => ({
  kind,
  name,
  change: ({ sentence }) => swap(sentence, pattern, by),
});

const CHANGES: readonly Change[] = [
  {
    kind: "number",
    name: "another number",
    change: ({ sentence }, { random }) =>
      swap(sentence, NUMBER, (number) => number.replace(/\d+/u, (part) => String(Number(part) + 1 + random.below(9)))),
  },
  change("number", "ten times", /\b[1-9]\d*\b(?![.\d])/u, "$&0"),
  {
    kind: "number",
    name: "another number word",
    change: ({ sentence }, { random }) =>
      swap(sentence, /\b(?:two|three|four|five|six|ten)\b/u, (word) =>
        random.pick(["two", "three", "four", "seven", "nine"].filter((other) => other !== word)),
      ),
  },
  {
    kind: "name",
    name: "a name of the corpus",
    change({ sentence }, { random, names }) {
      const own = boldIn(sentence);
      if (own.length === 0) return null;
      const out = random.pick(own);
      const into = random.pick(
        names.filter((name) => !sentence.includes(name) && !name.toLowerCase().includes(out.toLowerCase())),
      );
      return sentence.replace(`**${out}**`, `**${into}**`);
    },
  },
  {
    kind: "name",
    name: "a product",
    change: ({ sentence }, { random }) =>
      swap(sentence, /\b(?:GitHub|Slack|Trello|Jira|Asana|Google|Twitter|Dropbox|Heroku|Sentry|GitLab)\b/u, (name) =>
        random.pick(["GitHub", "Slack", "Trello", "Jira", "Zendesk", "Stripe"].filter((other) => other !== name)),
      ),
  },
  change("negation", "cannot for can", /\bcan\b(?! not)/u, "cannot"),
  change("negation", "can for cannot", /\bcannot\b|\bcan't\b/u, "can"),
  change("negation", "not added", /\b(is|are|will|does|do)\b(?! not)/u, "$1 not"),
  change("negation", "not taken away", /\b(is|are|will) not\b/u, "$1"),
  change("negation", "never for always", /\balways\b/u, "never"),
  change("negation", "disable for enable", /\benable(d?)\b/u, "disable$1"),
  change("negation", "prevents for allows", /\ballows (\w+) to\b/u, "prevents $1 from"),
  change("condition", "unless for if", /\bif\b/iu, (word) => (word === "If" ? "Unless" : "unless")),
  change("condition", "only taken away", / only\b/u, ""),
  change(
    "condition",
    "only added",
    /^((?:Users|Administrators|Members|Anyone|Organization administrators|Guests)[^.]*) can\b/u,
    "Only $1 can",
  ),
  change("condition", "some for all", /\b(?:all|every)\b/u, "some"),
  change("condition", "members for administrators", /\badministrators?\b/u, (word) =>
    word.endsWith("s") ? "members" : "member",
  ),
  change("condition", "guests for members", /\b(?:members|users)\b/u, "guests"),
  change("unit", "hours", /\bminutes?\b/u, (word) => word.replace("minute", "hour")),
  change("unit", "weeks", /\bdays?\b/u, (word) => word.replace("day", "week")),
  change("unit", "days", /\b(?:hours?|weeks?|months?)\b/u, (word) => (word.endsWith("s") ? "days" : "day")),
  change("unit", "gigabytes", /\bMB\b/u, "GB"),
  change("unit", "percent", /\b(?:pixels|characters)\b/u, (word) => (word === "pixels" ? "percent" : "words")),
  {
    kind: "order",
    name: "two steps swapped",
    change({ sentence, of }) {
      const at = of.steps.indexOf(sentence);
      const after = of.steps[at + 1];
      return at < 0 || after === undefined
        ? null
        : `First, ${lowerFirst(withoutStop(after))}, then ${lowerFirst(sentence)}`;
    },
  },
  {
    kind: "order",
    name: "two steps of a list swapped",
    change({ sentence, of }) {
      const at = of.steps.indexOf(sentence);
      const after = of.steps[at + 1];
      return at < 0 || after === undefined ? null : `1. ${after}\n2. ${sentence}`;
    },
  },
  change("order", "after for before", /\bbefore (?=\w)/u, "after "),
  change("order", "before for after", /\bafter (?=\w)/u, "before "),
];

/** The rules the checker was improved against. */
export const FIRST_RULES: ClaimRules = { paraphrases: PARAPHRASES, changes: CHANGES };
