import type { FixedTextLanguage } from "../answering/fixed-texts.js";
import { nextOpening, type BusinessHours } from "./business-hours.js";

/** `{time}` is a day and a time in the team's own zone, with its name. */
const OPENS_AT: Readonly<Record<FixedTextLanguage, string>> = {
  en: "The team answers again from {time}.",
  de: "Das Team antwortet wieder ab {time}.",
  fr: "L'équipe répondra de nouveau à partir de : {time}.",
  es: "El equipo volverá a responder a partir de: {time}.",
  pt: "A equipa volta a responder a partir de: {time}.",
  it: "Il team risponderà di nuovo da: {time}.",
  nl: "Het team antwoordt weer vanaf {time}.",
};

/** British English names the zones of Europe, and counts to 24 hours. */
export function localeOf(language: FixedTextLanguage): string {
  return language === "en" ? "en-GB" : language;
}

/** When somebody answers next, for a customer who is handed over outside of the team's hours; null inside of them. */
export function openingText(hours: BusinessHours | null, now: Date, language: FixedTextLanguage): string | null {
  if (hours === null) return null;
  const opensAt = nextOpening(hours, now);
  if (opensAt === null || opensAt.getTime() === now.getTime()) return null;
  const time = new Intl.DateTimeFormat(localeOf(language), {
    timeZone: hours.timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(opensAt);
  return OPENS_AT[language].replace("{time}", () => time);
}
