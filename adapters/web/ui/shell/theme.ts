import { useState, useSyncExternalStore } from "react";
import { forgetStored, readStored, writeStored } from "../state/stored-value.js";

export type Theme = "light" | "dark";

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

/** What the person chose; null while they have what their system has, which the stylesheet follows by itself. */
function readChosen(): Theme | null {
  const stored = readStored("theme");
  return stored === "light" || stored === "dark" ? stored : null;
}

export function applyChosenTheme(chosen = readChosen()): void {
  if (chosen === null) delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
}

/** The colours that are shown, also when the system changes its own, and the way to the other ones. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [chosen, setChosen] = useState(readChosen);
  const system = useSyncExternalStore(subscribe, systemTheme);
  const choose = (theme: Theme): void => {
    // Whoever chooses what their system has follows it again.
    const next = theme === systemTheme() ? null : theme;
    if (next === null) forgetStored("theme");
    else writeStored("theme", next);
    applyChosenTheme(next);
    setChosen(next);
  };
  return [chosen ?? system, choose];
}

function systemTheme(): Theme {
  return prefersDark.matches ? "dark" : "light";
}

function subscribe(listener: () => void): () => void {
  prefersDark.addEventListener("change", listener);
  return () => prefersDark.removeEventListener("change", listener);
}
