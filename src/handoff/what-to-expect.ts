import type { FixedTextLanguage } from "../answering/fixed-texts.js";
import type { CoreStores } from "../ports/stores.js";
import { closingAfter, isOpenAt, type BusinessHours } from "./business-hours.js";
import { hoursOf } from "./choose-team.js";
import type { HandoffRules } from "./handoff-scene.js";
import { localeOf, openingText } from "./opening-text.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Which first replies say how fast a team is: its newest so many of so many days. */
const NEWEST = 50;
const DAYS = 30;

/** From fewer than so many replies nothing is promised. */
const LEAST_REPLIES = 5;

/** Of its replies, so many came within what is said. */
const SHARE = 0.75;

/** What is said instead of the exact time; what takes longer is not told. */
const STEPS_MS = [
  ...[5, 10, 15, 20, 30, 45].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 4, 6, 8].map((hours) => hours * HOUR_MS),
];

/**
 * Within what time three of four first replies came, rounded up to a plain step.
 *
 * @param replies open time each took, in milliseconds; null for one that never came
 * @returns null where too few are on record, or it takes too long to be told
 */
export function usualFirstReply(replies: readonly (number | null)[]): number | null {
  if (replies.filter((ms) => ms !== null).length < LEAST_REPLIES) return null;
  const ordered = replies.map((ms) => ms ?? Infinity).sort((one, other) => one - other);
  const most = ordered[Math.ceil(ordered.length * SHARE) - 1] ?? Infinity;
  return STEPS_MS.find((step) => most <= step) ?? null;
}

export interface Expectation {
  /** The team's name, where customers are told it. */
  readonly team: string | null;
  readonly hours: BusinessHours | null;
  /** See {@link usualFirstReply}. */
  readonly usualMs: number | null;
  readonly now: Date;
}

/** Where a customer stands, in whole sentences; null where nothing can be said. */
export function expectationText(
  { team, hours, usualMs, now }: Expectation,
  language: FixedTextLanguage,
): string | null {
  const sentences = [
    ...(team === null ? [] : [put(WITH_TEAM[language], "team", team)]),
    ...timeSentences({ hours, usualMs, now }, language),
  ];
  return sentences.length === 0 ? null : sentences.join(" ");
}

function timeSentences(
  { hours, usualMs, now }: Omit<Expectation, "team">,
  language: FixedTextLanguage,
): readonly string[] {
  if (!isOpenAt(hours, now)) {
    const opens = openingText(hours, now, language);
    return opens === null ? [] : [opens];
  }
  const closesAt = closingAfter(hours, now);
  const leftMs = closesAt === null ? Infinity : closesAt.getTime() - now.getTime();
  const usual = usualMs === null || usualMs > leftMs ? [] : [usualText(usualMs, language)];
  const isSoon = hours !== null && closesAt !== null && leftMs < DAY_MS;
  return isSoon ? [untilText(hours, { closesAt, now }, language), ...usual] : usual;
}

function untilText(
  { timeZone }: BusinessHours,
  { closesAt, now }: { readonly closesAt: Date; readonly now: Date },
  language: FixedTextLanguage,
): string {
  const dayOf = (at: Date) => new Intl.DateTimeFormat("en", { timeZone, dateStyle: "short" }).format(at);
  const isToday = dayOf(closesAt) === dayOf(now);
  const time = new Intl.DateTimeFormat(localeOf(language), {
    ...(isToday ? {} : { weekday: "long" }),
    ...{ timeZone, hour: "2-digit", minute: "2-digit", timeZoneName: "short" },
  }).format(closesAt);
  return put(UNTIL[language], "time", time);
}

function usualText(usualMs: number, language: FixedTextLanguage): string {
  const isHours = usualMs >= HOUR_MS;
  const count = usualMs / (isHours ? HOUR_MS : MINUTE_MS);
  const unit = { style: "unit", unit: isHours ? "hour" : "minute", unitDisplay: "long" } as const;
  return put(USUALLY[language], "time", new Intl.NumberFormat(language, unit).format(count));
}

function put(sentence: string, name: string, value: string): string {
  return sentence.replace(`{${name}}`, () => value);
}

const WITH_TEAM: Readonly<Record<FixedTextLanguage, string>> = {
  en: "It is with this team: {team}.",
  de: "Sie liegt bei diesem Team: {team}.",
  fr: "Elle est entre les mains de cette équipe : {team}.",
  es: "La tiene este equipo: {team}.",
  pt: "Está com esta equipa: {team}.",
  it: "Se ne occupa questo team: {team}.",
  nl: "De vraag ligt bij dit team: {team}.",
};

/** `{time}` is a time in the team's own zone, with its name. */
const UNTIL: Readonly<Record<FixedTextLanguage, string>> = {
  en: "The team answers until {time}.",
  de: "Das Team antwortet bis {time}.",
  fr: "L'équipe répond jusqu'à : {time}.",
  es: "El equipo responde hasta: {time}.",
  pt: "A equipa responde até: {time}.",
  it: "Il team risponde fino a: {time}.",
  nl: "Het team antwoordt tot {time}.",
};

const USUALLY: Readonly<Record<FixedTextLanguage, string>> = {
  en: "Usually the first reply comes within {time}.",
  de: "Meist kommt die erste Antwort innerhalb von {time}.",
  fr: "En général, la première réponse arrive en moins de {time}.",
  es: "Normalmente la primera respuesta llega en menos de {time}.",
  pt: "Normalmente a primeira resposta chega em menos de {time}.",
  it: "Di solito la prima risposta arriva entro {time}.",
  nl: "Meestal komt het eerste antwoord binnen {time}.",
};

/** What a customer can expect of a team, from its hours and from how fast it was. */
export async function whatToExpect(
  rules: HandoffRules,
  { handoffs }: Pick<CoreStores, "handoffs">,
  team: string | null,
  language: FixedTextLanguage,
): Promise<string | null> {
  const now = rules.clock.now();
  const since = new Date(now.getTime() - DAYS * DAY_MS);
  const replies = await handoffs.firstReplies({ team, since, limit: NEWEST });
  const hours = hoursOf(rules, team);
  const shown = rules.showTeamName === true ? team : null;
  return expectationText({ team: shown, hours, usualMs: usualFirstReply(replies), now }, language);
}
