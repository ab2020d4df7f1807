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

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\b[Cc]lick (?:on )?/u, "press "],
  [/\b[Ss]elect\b/u, "pick"],
  [/\bremove\b/u, "delete"],
  [/\bview\b/u, "see"],
  [/\bedit\b/u, "change"],
  [/\bsend\b/u, "post"],
  [/\bstart\b/u, "begin"],
  [/\bup to\b/u, "at most"],
  [/\bvia\b/u, "through"],
  [/\bautomatically\b/u, "by itself"],
  [/\bonly\b/u, "solely"],
  [/\bcan be used to\b/u, "may be used to"],
];

const PARTICIPLES: Readonly<Record<string, string>> = {
  change: "changed",
  delete: "deleted",
  edit: "edited",
  create: "created",
  add: "added",
  remove: "removed",
  restrict: "restricted",
  customize: "customized",
  configure: "configured",
  see: "seen",
  use: "used",
  disable: "disabled",
};

const PARAPHRASES: readonly Paraphrase[] = [
  {
    name: "other words",
    say: ({ sentence }, { random }) =>
      random.shuffled(WORDS).reduce<string | null>((said, [from, to]) => {
        const changed = said ?? swap(sentence, from, to);
        return changed === null ? null : upperFirst(changed);
      }, null),
  },
  {
    name: "passive",
    say: ({ sentence }) =>
      swap(
        sentence,
        /^((?:[A-Z][a-z]+ )?[A-Za-z]+) can (?:also )?(change|delete|edit|create|add|remove|restrict|customize|configure|see|use|disable) ([^,.]+)\.$/u,
        (_all, who, verb, what) =>
          who === "You"
            ? `${upperFirst(what)} can be ${PARTICIPLES[verb] ?? ""}.`
            : `${upperFirst(what)} can be ${PARTICIPLES[verb] ?? ""} by ${lowerFirst(who)}.`,
      ),
  },
  { name: "people for users", say: ({ sentence }) => swap(sentence, /\busers\b/u, "people") },
  {
    name: "any user",
    say: ({ sentence }) => swap(sentence, /\banyone\b/iu, (word) => (word === "Anyone" ? "Everybody" : "everybody")),
  },
  {
    name: "lead-in",
    say: ({ sentence }, { random }) =>
      `${random.pick(["Please note: ", "Sure! ", "According to the documentation, ", "Yes, "])}${lowerFirst(sentence)}`,
  },
  {
    name: "filler dropped",
    say: ({ sentence }) => swap(sentence, / (?:also|easily|simply|just|currently|generally|highly|already)\b/u, ""),
  },
  {
    name: "purpose first",
    say: ({ sentence }) =>
      swap(
        sentence,
        /^(Click|Select|Use|Go to|Choose|Enter|Type) ([^,]+) to ([^,]+)\.$/u,
        (_all, verb, what, purpose) => `To ${purpose}, ${verb.toLowerCase()} ${what}.`,
      ),
  },
  {
    name: "condition turned round",
    say: ({ sentence }) =>
      swap(
        sentence,
        /^If (?:you|you'd like to) ([^,]+), ([^,]+)\.$/u,
        (_all, clause, rest) => `${upperFirst(rest)}, if you ${clause}.`,
      ),
  },
  {
    name: "steps told",
    say: ({ sentence, of }) => {
      const at = of.steps.indexOf(sentence);
      const after = of.steps[at + 1];
      return at < 0 || after === undefined ? null : `First, ${lowerFirst(sentence)} After that, ${lowerFirst(after)}`;
    },
  },
  {
    name: "whole procedure in one sentence",
    say: ({ sentence, of }) => {
      if (of.steps[0] !== sentence || of.steps.length < 3 || of.steps.join("").length > 300) return null;
      const told = of.steps.map((step) => lowerFirst(withoutStop(step)));
      return upperFirst(`${told.slice(0, -1).join(", ")} and ${told.at(-1) ?? ""}.`);
    },
  },
  {
    name: "semicolon",
    say: ({ sentence, next }) =>
      next === null || sentence.length + next.length > 240 ? null : `${withoutStop(sentence)}; ${lowerFirst(next)}`,
  },
  {
    name: "singular",
    say: ({ sentence }) =>
      swap(
        sentence,
        /^(Users|Administrators|Members|Guests|Bots|Streams|Messages|Topics) can\b/u,
        (_all, who) => `${/^[A]/u.test(who) ? "An" : "A"} ${lowerFirst(who).slice(0, -1)} can`,
      ),
  },
  {
    name: "tail dropped",
    say: ({ sentence }) =>
      swap(
        sentence,
        /(?<=\w{3}) (?:in the (?:upper|top) (?:right|left)|on the left sidebar|at the bottom of the screen|for more information|in Zulip)\b/u,
        "",
      ),
  },
  {
    name: "organisation's admins",
    say: ({ sentence }) => swap(sentence, /\b[Oo]rganization administrators\b/u, "admins"),
  },
  { name: "plain", say: ({ sentence }) => sentence.replaceAll("**", "").replace(/\.$/u, "") },
];

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
  change("number", "one less, one more", /\b\d+(?=\b(?!\.\d))/u, (number) =>
    String(Number(number) < 2 ? Number(number) + 1 : Number(number) - 1),
  ),
  change("number", "digits turned", /\b(\d)(\d)\b/u, (all, one, other) =>
    one === other ? `${all}1` : `${other}${one}`,
  ),
  change("number", "version", /\b(\d+)\.(\d+)\b/u, (_all, major, minor) => `${major}.${String(Number(minor) + 2)}`),
  change(
    "number",
    "word",
    /\b(?:two|three|four|five|once|twice)\b/u,
    (word) =>
      ({ two: "three", three: "two", four: "six", five: "four", once: "twice", twice: "three times" })[word] ?? "",
  ),
  change("number", "one", /\bone (?=(?:minute|stream|topic|click|user|message|organization|day)\b)/u, "five "),
  {
    kind: "name",
    name: "a name of the same passage",
    change({ sentence, of }, { random }) {
      const own = boldIn(sentence);
      const others = of.sentences
        .flatMap(boldIn)
        .filter((name) => !own.some((mine) => mine.includes(name) || name.includes(mine)));
      if (own.length === 0 || others.length === 0) return null;
      return sentence.replace(`**${random.pick(own)}**`, `**${random.pick(others)}**`);
    },
  },
  {
    kind: "name",
    name: "a name of the corpus, not emphasised",
    change({ sentence }, { random, names }) {
      const own = boldIn(sentence);
      const into = random.pick(names);
      return own.length === 0 || sentence.includes(into)
        ? null
        : sentence.replace(`**${random.pick(own)}**`, into).replaceAll("**", "");
    },
  },
  change("name", "a feature", /\b(streams?|topics?)\b/u, (word) =>
    word.startsWith("stream") ? word.replace("stream", "topic") : word.replace("topic", "stream"),
  ),
  change("name", "a platform", /\b(?:Android|iOS|Windows|macOS|Linux)\b/u, (name) =>
    name === "Windows" ? "Linux" : "Windows",
  ),
  change("negation", "no longer possible", /\bcan (?=[a-z]+ )(?!not)/u, "are not able to "),
  change(
    "negation",
    "never",
    /\b(users|administrators|members|messages|you|Zulip) (can|will) (?!not)/u,
    "$1 $2 never ",
  ),
  change("negation", "not taken away", /\b(do|does) not |\b(do|does)n't /u, ""),
  change("negation", "hide for show", /\bshow(s?)\b/u, "hide$1"),
  change("negation", "without", /\bwith\b/u, "without"),
  change(
    "negation",
    "off for on",
    /\bturn on\b|\bturned on\b|\benable\b|\bmute\b|\bsubscribe\b/u,
    (word) =>
      ({
        "turn on": "turn off",
        "turned on": "turned off",
        enable: "turn off",
        mute: "unmute",
        subscribe: "unsubscribe",
      })[word] ?? "",
  ),
  change("negation", "isn't", /\b(is|are) (?!not)(?=[a-z]+ )/u, "$1n't "),
  change("condition", "even if", /(?<!even )\bif\b/u, "even if"),
  change("condition", "always", /\bcan\b(?! not)/u, "must always"),
  change("condition", "may for must", /\b(?:must|need to|required to)\b/u, "may"),
  change("condition", "owners for administrators", /\badministrators\b/u, "moderators"),
  change("condition", "any for only", /\bonly (?=[a-z]+ )/u, "not only "),
  change("condition", "most for all", /\ball\b/u, "none of"),
  change("condition", "except", /\bincluding\b/u, "except"),
  change("condition", "anyone for administrators", /\b[Oo]rganization administrators\b/u, "anyone"),
  change("unit", "seconds", /\bminutes?\b/u, (word) => word.replace("minute", "second")),
  change("unit", "months", /\bdays?\b/u, (word) => word.replace("day", "month")),
  change("unit", "years", /\b(?:hours?|weeks?|months?)\b/u, (word) => (word.endsWith("s") ? "years" : "year")),
  change("unit", "kilobytes", /\bMB\b|\bGB\b/u, "KB"),
  change("unit", "millimetres", /\bpixels?\b|\bcharacters?\b/u, (word) =>
    word.startsWith("p") ? "millimetres" : "lines",
  ),
  {
    kind: "order",
    name: "steps told the other way round",
    change({ sentence, of }) {
      const at = of.steps.indexOf(sentence);
      const after = of.steps[at + 1];
      return at < 0 || after === undefined ? null : `${after} After that, ${lowerFirst(sentence)}`;
    },
  },
  {
    kind: "order",
    name: "a procedure with two steps swapped",
    change({ of }, { random }) {
      const { steps } = of;
      if (steps.length < 3) return null;
      const at = random.below(steps.length - 1);
      const swapped = [...steps.slice(0, at), steps[at + 1] ?? "", steps[at] ?? "", ...steps.slice(at + 2)];
      return swapped.map((step, index) => `${String(index + 1)}. ${step}`).join("\n");
    },
  },
  {
    kind: "order",
    name: "before",
    change({ sentence, of }) {
      const at = of.steps.indexOf(sentence);
      const after = of.steps[at + 1];
      if (at < 0 || after === undefined || !/^Click\b/u.test(sentence)) return null;
      return `${withoutStop(after)} before you ${lowerFirst(sentence)}`;
    },
  },
  change("order", "before and after", /\b(?:before|after) (?=\w)/u, (word) =>
    word === "before " ? "after " : "before ",
  ),
];

/** Rules of their own, not looked at while the checker was improved: what they show is what to expect of others. */
export const HELD_OUT_RULES: ClaimRules = { paraphrases: PARAPHRASES, changes: CHANGES };
