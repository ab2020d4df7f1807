import { readStored, writeStored } from "../state/stored-value.js";

export type Theme = "light" | "dark";

/** What the person chose; what their system prefers when they chose nothing. */
export function readTheme(): Theme {
  const stored = readStored("theme");
  if (stored === "light" || stored === "dark") return stored;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
}

export function chooseTheme(theme: Theme): void {
  writeStored("theme", theme);
  applyTheme(theme);
}
