/** What of a message refers to something said before, in one language. */
interface Reference {
  /** Words that a message begins with when it goes on from another. */
  readonly begins: RegExp;
  readonly pronoun: RegExp;
  /** Words for where something is done: "there". */
  readonly place: RegExp;
  /** Pronouns that stand for nothing: "is there a …", "gibt es …". */
  readonly empty: RegExp;
}

const NEVER = /(?!)/gu;

const REFERENCES: Readonly<Record<string, Reference>> = {
  en: {
    begins: beginning("and|but|so|also|or|then|what about|how about|and if"),
    pronoun: word("it|its|this|that|those|these|they|them|there|same|one", "iu"),
    place: word("there|on (?:it|that|this)(?! )", "iu"),
    empty: word(
      "there(?:'s| is| are| was| were| will be)|(?:is|are|was|were|will) there|(?:is it|it is|it's) (?:possible|ok|okay|allowed|necessary) (?:to|for|that)|(?:is it|it is|it's) true that",
      "giu",
    ),
  },
  // With case: "Sie" is how a customer is polite, and "das Abo" is a thing with its article.
  de: {
    begins: beginning("und|aber|oder|was ist mit|wie ist es mit"),
    pronoun: word(
      "[Ee]s|sie|ihn|ihm|[Dd]as(?!\\s+\\p{Lu})|(?:[Dd]ie|[Dd]er|[Dd]en|[Dd]em)(?=\\s*(?:[?.!,]|$))|[Dd]ies(?:e[rsnm]?)?|[Dd]amit|[Dd]afür|[Dd]avon|[Dd]abei|[Dd]anach|[Dd]azu|[Dd]aran|[Dd]arauf|[Dd]arin|[Dd]ort|(?:das|den|der|die|dem)selben?",
      "u",
    ),
    place: word("dort|darauf|darin", "iu"),
    empty: word("gibt es|es gibt|(?:ist es|es ist) (?:möglich|erlaubt|nötig|okay|ok),?|handelt es sich", "giu"),
  },
  fr: {
    begins: beginning("et|mais|ou|qu'en est-il|et si"),
    pronoun: word("ça|cela|ceci|celui|celle|ceux|le même|la même|y|en", "iu"),
    place: word("là|là-bas|y|dessus", "iu"),
    empty: word("est-ce|il y a|y a-t-il|en ligne|en panne", "giu"),
  },
  es: {
    begins: beginning("y|pero|o"),
    pronoun: word("eso|esto|esa|ese|esos|esas|ello|lo mismo|la misma|el mismo", "iu"),
    place: word("allí|ahí|allá", "iu"),
    empty: NEVER,
  },
  pt: {
    begins: beginning("e|mas|ou"),
    pronoun: word("isso|isto|esse|essa|aquilo|o mesmo|a mesma", "iu"),
    place: word("lá|ali|aí|nele|nela", "iu"),
    empty: NEVER,
  },
  it: {
    begins: beginning("e|ma|o"),
    pronoun: word("questo|quello|questa|quella|ciò|lo stesso|la stessa", "iu"),
    place: word("lì|là", "iu"),
    empty: NEVER,
  },
  nl: {
    begins: beginning("en|maar|of|hoe zit het met"),
    pronoun: word("het(?=\\s*(?:[?.!,]|$))|dat|deze|dit|ermee|hetzelfde|dezelfde|daar", "iu"),
    place: word("daar|daarop|erop", "iu"),
    empty: NEVER,
  },
};

const ALL = Object.values(REFERENCES);

/** Whether a message refers to what was said before, by its words. Where the language is not known, in any that is here. */
export function refersBack(text: string, language: string | null): boolean {
  return referencesOf(language).some(({ begins, pronoun, place, empty }) => {
    const meant = text.replaceAll(empty, " ");
    return begins.test(text) || pronoun.test(meant) || place.test(meant);
  });
}

/** Whether a message names a place only by pointing at it: "how do I mute it there?" */
export function pointsAtPlace(text: string, language: string | null): boolean {
  return referencesOf(language).some(({ place, empty }) => place.test(text.replaceAll(empty, " ")));
}

function referencesOf(language: string | null): readonly Reference[] {
  const known = language === null ? undefined : REFERENCES[language];
  return known === undefined ? ALL : [known];
}

function beginning(words: string): RegExp {
  return new RegExp(`^[¿¡\\s]*(?:${words})(?![\\p{L}\\p{N}])`, "iu");
}

function word(words: string, flags: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`, flags);
}
