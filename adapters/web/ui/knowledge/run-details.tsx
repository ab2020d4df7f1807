import type { NameList, RunView } from "../../api.js";

const LISTS = [
  ["added", "Added"],
  ["changed", "Changed"],
  ["removed", "Removed"],
  ["held", "Removals held"],
  ["failed", "Failed"],
  ["skipped", "Skipped"],
] as const;

/** What the last sync changed: the counts, and the names on request. */
export function RunDetails({ run }: { run: RunView }) {
  const at = run.finishedAt ?? run.startedAt;
  const counts = LISTS.filter(([key]) => run[key].total > 0).map(([key, label]) =>
    key === "held" && run.held.total === 1 ? "1 removal held" : `${run[key].total} ${label.toLowerCase()}`,
  );
  const summary = counts.length === 0 ? "nothing changed" : counts.join(", ");
  return (
    <details className="run-details">
      <summary>
        Last sync <time dateTime={at}>{at.slice(0, 16).replace("T", " ")}</time>: {summary}, {run.unchanged} unchanged
      </summary>
      {LISTS.map(([key, label]) => (
        <Names key={key} label={label} list={run[key]} />
      ))}
    </details>
  );
}

function Names({ label, list: { total, names } }: { label: string; list: NameList }) {
  if (total === 0) return null;
  return (
    <section aria-label={label}>
      <h4>
        {label} ({total})
      </h4>
      <ul>
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
        {total > names.length ? <li>… and {total - names.length} more</li> : null}
      </ul>
    </section>
  );
}
