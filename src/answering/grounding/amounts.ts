import { claimedNumbers } from "./facts.js";
import { rawWordsOf } from "../text/words.js";

/** Each line one unit, as German, French, Spanish, Portuguese, Italian and Dutch call it. */
const UNIT_LINES = `sekunde sekunden seconde secondes segundo segundos secondo secondi seconden
minute minuten minutes minuto minutos minuti minuut
stunde stunden heure heures hora horas ora ore uur uren
tag tage tagen jour jours día días dia dias giorno giorni dag dagen
woche wochen semaine semaines semana semanas settimana settimane week weken
monat monate monaten mois mes meses mês mese mesi maand maanden
jahr jahre jahren an ans année années año años ano anos anno anni jaar jaren
täglich quotidien quotidienne diario diaria diariamente diário giornaliero dagelijks
wöchentlich hebdomadaire semanal settimanale wekelijks
monatlich mensuel mensuelle mensual mensal mensile maandelijks
jährlich annuel annuelle anual annuale jaarlijks
euro euros
dollar dollars dólar dólares dollari
prozent pourcent percento
zeichen caractère caractères carácter caracteres caractere carattere caratteri teken tekens
ziffer ziffern chiffre chiffres dígito dígitos cifra cifre cijfer cijfers
zentimeter centimètre centimètres centímetro centímetros centimetro centimetri
meter metern mètre mètres metro metros metri
kilometer kilometern kilomètre kilomètres kilómetro kilómetros quilómetro quilómetros quilômetro quilômetros chilometro chilometri
kb kilobyte
mb megabyte megaoctets
gb gigabyte gigaoctets
tb terabyte`;

const UNITS: ReadonlyMap<string, string> = new Map(
  UNIT_LINES.split("\n").flatMap((line) => {
    const names = line.split(" ");
    return names.map((name) => [name, names[0] ?? name] as const);
  }),
);

/** From two on: "one" is an article in these languages. */
const COUNTED = `zwei deux dos dois due twee
drei trois tres três tre drie
vier quatre cuatro quatro quattro
fünf cinq cinco cinque vijf
sechs six seis zes
sieben sept siete sete sette zeven
acht huit ocho oito otto
neun neuf nueve nove negen
zehn dix diez dez dieci tien
elf onze once undici
zwölf douze doce doze dodici twaalf`;

const COUNTS: ReadonlyMap<string, string> = new Map(
  COUNTED.split("\n").flatMap((line, index) => line.split(" ").map((word) => [word, String(index + 2)] as const)),
);

/** What a text counts, and in what. */
export interface Amounts {
  readonly numbers: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
  /** For each number the units that stand behind it. */
  readonly counted: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Words between a number and its unit: "30 ganze Tage". */
const REACH = 2;

export function amountsIn(text: string): Amounts {
  const said = rawWordsOf(text);
  const counted = new Map<string, ReadonlySet<string>>();
  for (const [index, word] of said.entries()) {
    const number = COUNTS.get(word) ?? (/^\p{N}+$/u.test(word) ? word : null);
    const unit = said.slice(index + 1, index + 2 + REACH).flatMap((next) => UNITS.get(next) ?? [])[0];
    if (number !== null && unit !== undefined) counted.set(number, new Set([...(counted.get(number) ?? []), unit]));
  }
  return {
    numbers: new Set([...claimedNumbers(text), ...said.flatMap((word) => COUNTS.get(word) ?? [])]),
    units: new Set(said.flatMap((word) => UNITS.get(word) ?? [])),
    counted,
  };
}

/** Whether a claim counts in another unit what is counted near. */
export function countsInOtherUnit(said: Amounts, near: Amounts, own: Amounts): boolean {
  const isPairUnknown = [...said.counted].some(([number, units]) => {
    const known = near.counted.get(number);
    return known !== undefined && [...units].some((unit) => !known.has(unit));
  });
  const isUnitUnknown = [...said.units].some((unit) => !near.units.has(unit));
  return isPairUnknown || (isUnitUnknown && [...own.units].some((unit) => !said.units.has(unit)));
}
