import {
  lowerFirst,
  swap,
  upperFirst,
  withoutStop,
  type Change,
  type ClaimRules,
  type Paraphrase,
} from "./make-claims.js";

type Swap = readonly [pattern: RegExp, by: string];

/** What is said otherwise, and what is changed, in one language. */
interface Words {
  /** Other words for the same. */
  readonly alike: readonly Swap[];
  /** Begins a sentence and says nothing. */
  readonly openings: readonly string[];
  /** `If A, B.` */
  readonly conditional: RegExp;
  readonly numbers: readonly Swap[];
  readonly negations: readonly Swap[];
  readonly conditions: readonly Swap[];
  readonly units: readonly Swap[];
  /** Two steps in a row, the second first. */
  readonly steps: (second: string, first: string) => string;
}

const w = (pattern: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, "u");

const GERMAN: Words = {
  alike: [
    [w("Klicken Sie auf"), "Drücken Sie"],
    [w("innerhalb von"), "binnen"],
    [w("müssen Sie"), "haben Sie"],
    [w("Ihr Konto"), "das Konto"],
    [w("verschickt"), "gesendet"],
    [w("endgültig"), "dauerhaft"],
    [w("Falls"), "Wenn"],
    [w("höchstens"), "maximal"],
    [w("mindestens"), "wenigstens"],
    [w("Nur"), "Ausschließlich"],
    [w("wird"), "wird dann"],
  ],
  openings: ["Bitte beachten Sie: ", "Hinweis: ", "Außerdem gilt: ", "Kurz gesagt: "],
  conditional: /^(Wenn|Falls) ([^,]+), ([^,]+)\.$/u,
  numbers: [
    [/\d+/u, "7"],
    [w("zwei"), "vier"],
    [w("drei"), "sechs"],
    [w("fünf"), "acht"],
    [w("zehn"), "elf"],
  ],
  negations: [
    [/ nicht /u, " "],
    [w("keine"), "alle"],
    [/ können (?!.*nicht)/u, " können nicht "],
    [/ wird (?!.*(?:nicht|keine))/u, " wird nicht "],
    [w("gilt"), "gilt nicht"],
    [w("dauert"), "dauert nicht"],
  ],
  conditions: [
    [w("Nur "), ""],
    [w("nur bei"), "auch bei"],
    [w("mindestens"), "höchstens"],
    [w("höchstens"), "mindestens"],
    [w("bis zu"), "mehr als"],
    [w("müssen"), "können"],
    [w("können"), "müssen"],
    [w("immer"), "manchmal"],
    [w("jederzeit"), "nur selten"],
    [w("Alle"), "Einige"],
    [w("alle"), "nur einige"],
    [w("wird"), "wird nur"],
    [/, außer/u, ", auch"],
  ],
  units: [
    [w("Tagen|Tage"), "Wochen"],
    [w("Stunden"), "Minuten"],
    [w("Minuten"), "Sekunden"],
    [w("Sekunden"), "Minuten"],
    [w("Monate"), "Tage"],
    [w("Jahre"), "Monate"],
    [w("wöchentlich"), "täglich"],
    [w("Euro"), "Dollar"],
  ],
  steps: (second, first) => `${withoutStop(second)}, dann ${lowerFirst(first)}`,
};

const FRENCH: Words = {
  alike: [
    [w("Cliquez sur"), "Appuyez sur"],
    [w("Saisissez"), "Entrez"],
    [w("votre compte"), "le compte"],
    [w("Sélectionnez"), "Choisissez"],
    [w("afin de"), "pour"],
    [w("Si"), "Lorsque"],
    [w("au moins"), "au minimum"],
    [w("veuillez"), "merci de"],
    [w("Cependant, "), ""],
    [w("également "), ""],
  ],
  openings: ["À noter : ", "En bref : ", "Pour rappel : ", "De plus, "],
  conditional: /^(Si) ([^,]+), ([^,]+)\.$/u,
  numbers: [
    [/\d+/u, "73"],
    [w("deux"), "quatre"],
    [w("dix"), "douze"],
    [w("six"), "neuf"],
    [w("trois"), "cinq"],
  ],
  negations: [
    [/ ne (\S+) pas /u, " $1 "],
    [/ n['’](\S+) pas /u, " $1 "],
    [w("vous pouvez"), "vous ne pouvez pas"],
    [w("Vous pouvez"), "Vous ne pouvez pas"],
    [w("peut être"), "ne peut pas être"],
    [w("doivent"), "ne doivent pas"],
    [w("sera"), "ne sera pas"],
    [w("est"), "n'est pas"],
    [w("sont"), "ne sont pas"],
  ],
  conditions: [
    [w("uniquement "), ""],
    [w("seulement "), ""],
    [w("au moins"), "au plus"],
    [w("jusqu['’]à"), "plus de"],
    [w("devez"), "pouvez"],
    [w("pouvez"), "devez"],
    [w("doit"), "peut"],
    [w("toujours"), "rarement"],
    [w("tous les"), "certains"],
    [w("chaque"), "certain"],
    [w("peut"), "peut seulement"],
    [w("vous permet"), "vous permet parfois"],
  ],
  units: [
    [w("minutes"), "heures"],
    [w("heures"), "jours"],
    [w("jours"), "semaines"],
    [w("secondes"), "minutes"],
    [w("ans"), "mois"],
    [w("mois"), "jours"],
    [w("chiffres"), "caractères"],
    [w("caractères"), "chiffres"],
  ],
  steps: (second, first) => `${withoutStop(second)}, puis ${lowerFirst(first)}`,
};

const SPANISH: Words = {
  alike: [
    [w("Haga clic en"), "Pulse"],
    [w("Ingrese|Introduzca"), "Escriba"],
    [w("su cuenta"), "la cuenta"],
    [w("Seleccione"), "Elija"],
    [w("Si"), "Cuando"],
    [w("al menos"), "como mínimo"],
    [w("Sin embargo, "), ""],
    [w("también "), ""],
    [w("solo"), "únicamente"],
  ],
  openings: ["Nota: ", "En resumen: ", "Recuerde: ", "Además, "],
  conditional: /^(Si) ([^,]+), ([^,]+)\.$/u,
  numbers: [
    [/\d+/u, "73"],
    [w("dos"), "cuatro"],
    [w("diez"), "doce"],
    [w("seis"), "nueve"],
    [w("tres"), "cinco"],
  ],
  negations: [
    [w("no "), ""],
    [w("No "), ""],
    [/(?<![Nn]o) puede /u, " no puede "],
    [w("Puede"), "No puede"],
    [/(?<![Nn]o) pueden /u, " no pueden "],
    [/(?<![Nn]o) es /u, " no es "],
    [/(?<![Nn]o) debe /u, " no debe "],
    [/(?<![Nn]o) será /u, " no será "],
  ],
  conditions: [
    [w("solo "), ""],
    [w("únicamente "), ""],
    [w("al menos"), "como máximo"],
    [w("hasta"), "más de"],
    [w("debe"), "puede"],
    [w("puede"), "debe"],
    [w("siempre"), "rara vez"],
    [w("todos los"), "algunos"],
    [w("cada"), "algún"],
    [w("pueden"), "solo pueden"],
    [w("permite"), "permite solamente"],
  ],
  units: [
    [w("minutos"), "horas"],
    [w("horas"), "días"],
    [w("días"), "semanas"],
    [w("segundos"), "minutos"],
    [w("años"), "meses"],
    [w("meses"), "días"],
    [w("dígitos"), "caracteres"],
    [w("caracteres"), "dígitos"],
  ],
  steps: (second, first) => `${withoutStop(second)}, luego ${lowerFirst(first)}`,
};

function rulesOf(words: Words): ClaimRules {
  const swaps = (list: readonly Swap[], kind: Change["kind"]): readonly Change[] =>
    list.map(([pattern, by]) => ({
      kind,
      name: `${pattern.source.slice(0, 40)} → ${by}`,
      change: ({ sentence }) => {
        const changed = swap(sentence, pattern, by);
        return changed === null ? null : upperFirst(changed.trim());
      },
    }));
  const order: Change = {
    kind: "order",
    name: "second step first",
    change: ({ of }, { random }) => {
      if (of.steps.length < 2) return null;
      const at = random.below(of.steps.length - 1);
      return words.steps(of.steps[at + 1] ?? "", of.steps[at] ?? "");
    },
  };
  const paraphrases: readonly Paraphrase[] = [
    {
      name: "other words",
      say: ({ sentence }, { random }) =>
        random.shuffled(words.alike).reduce<string | null>((said, [pattern, by]) => {
          const changed = said ?? swap(sentence, pattern, by);
          return changed === null ? null : upperFirst(changed);
        }, null),
    },
    {
      name: "with an opening",
      say: ({ sentence }, { random }) => `${random.pick(words.openings)}${lowerFirst(sentence)}`,
    },
    {
      name: "condition last",
      say: ({ sentence }) => {
        const [, when = "", condition = "", then = ""] = words.conditional.exec(sentence) ?? [];
        return when === "" ? null : `${upperFirst(then)}, ${lowerFirst(when)} ${condition}.`;
      },
    },
    {
      name: "two sentences in one",
      say: ({ sentence, next }) =>
        next === null || next.length + sentence.length > 200 ? null : `${withoutStop(sentence)}; ${lowerFirst(next)}`,
    },
    {
      name: "steps in order",
      say: ({ of, next }, { random }) => {
        if (of.steps.length < 2 || next === null) return null;
        const at = random.below(of.steps.length - 1);
        return words.steps(of.steps[at] ?? "", of.steps[at + 1] ?? "");
      },
    },
  ];
  return {
    paraphrases,
    changes: [
      ...swaps(words.numbers, "number"),
      ...swaps(words.negations, "negation"),
      ...swaps(words.conditions, "condition"),
      ...swaps(words.units, "unit"),
      order,
    ],
  };
}

/** Changes and paraphrases in languages other than English. */
export const RULES_ABROAD = { de: rulesOf(GERMAN), fr: rulesOf(FRENCH), es: rulesOf(SPANISH) } as const;
