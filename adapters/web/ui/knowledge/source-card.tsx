import { Button, ProgressBar } from "react-aria-components";
import type { SourceView } from "../../api.js";
import { RunDetails } from "./run-details.js";

interface SourceCardProps {
  readonly source: SourceView;
  readonly isBusy: boolean;
  readonly onRun: (line: string) => void;
  readonly onOpen: () => void;
}

/** One source: how it is, what its last sync did, and what can be done. */
export function SourceCard({ source, isBusy, onRun, onOpen }: SourceCardProps) {
  const { name, lastRun, pausedAt } = source;
  const isRunning = lastRun?.state === "running";
  const run = (command: string, options = "") => onRun(`kb ${command} "${name}"${options}`);
  return (
    <li className="source-card" aria-label={name}>
      <header>
        <h3>{name}</h3>
        <span className={`source-state is-${stateOf(source)}`}>{STATES[stateOf(source)]}</span>
      </header>
      <p className="source-facts">{factsOf(source)}</p>
      {isRunning ? <SyncProgress name={name} documents={source.documents} /> : null}
      {lastRun === null || isRunning ? null : <RunDetails run={lastRun} />}
      {lastRun !== null && lastRun.held.total > 0 ? (
        <div className="held-removals" role="group" aria-label="Held removals">
          <p>
            {lastRun.held.total === 1 ? "1 document is" : `${lastRun.held.total} documents are`} gone at the source and
            still answered from, because so many went at once.
          </p>
          <Button className="button is-danger" isDisabled={isBusy} onPress={() => run("sync", " --yes")}>
            Confirm removals…
          </Button>
        </div>
      ) : null}
      <div className="source-actions" role="group" aria-label={`Actions for ${name}`}>
        <Button
          className="button is-primary"
          isDisabled={isBusy || isRunning || pausedAt !== null}
          onPress={() => run("sync")}
        >
          Sync
        </Button>
        <Button
          className="button is-quiet"
          isDisabled={isBusy}
          onPress={() => run(pausedAt === null ? "pause" : "resume")}
        >
          {pausedAt === null ? "Pause" : "Resume"}
        </Button>
        <Button className="button is-quiet" onPress={onOpen}>
          Documents
        </Button>
        <Button className="button is-quiet" isDisabled={isBusy} onPress={() => run("remove")}>
          Remove…
        </Button>
      </div>
    </li>
  );
}

/** How many items there are is known only to the run itself; how many documents it has brought so far is counted. */
function SyncProgress({ name, documents }: { name: string; documents: number }) {
  return (
    <ProgressBar className="sync-progress" isIndeterminate aria-label={`Syncing ${name}`}>
      <span className="sync-progress-track">
        <span className="sync-progress-fill" />
      </span>
      <span>Syncing… {documents} documents so far</span>
    </ProgressBar>
  );
}

const STATES = {
  new: "Never synced",
  running: "Syncing",
  paused: "Paused",
  held: "Needs you",
  failed: "Failed",
  done: "Up to date",
} as const;

function stateOf({ lastRun, pausedAt }: SourceView): keyof typeof STATES {
  if (lastRun?.state === "running") return "running";
  if (pausedAt !== null) return "paused";
  return lastRun?.state ?? "new";
}

function factsOf({ kind, location, documents, chunks, audience, everyMinutes, owner, isDemo }: SourceView): string {
  const facts = [
    isDemo ? "demo" : kind,
    location,
    `${documents} ${documents === 1 ? "document" : "documents"} in ${chunks} passages`,
    `for ${audience.join(", ")}`,
    everyMinutes === null ? "synced when asked" : `synced every ${intervalText(everyMinutes)}`,
    owner === null ? "nobody owns it" : `owned by ${owner}`,
  ];
  return facts.join(" · ");
}

function intervalText(minutes: number): string {
  if (minutes % 1_440 === 0) return `${minutes / 1_440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
