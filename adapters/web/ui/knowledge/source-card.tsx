import { Button, ProgressBar } from "react-aria-components";
import type { RunView, SourceView } from "../../api.js";
import { RunDetails } from "./run-details.js";
import { emptyAdvice, factsOf, heldWords, progressWords, stateOf, stateWords } from "./source-words.js";

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
  const advice = emptyAdvice(source);
  const run = (command: string, options = "") => onRun(`kb ${command} "${name}"${options}`);
  return (
    <li className="source-card" aria-label={name}>
      <header>
        <h3>{name}</h3>
        <span className={`source-state is-${stateOf(source)}`}>{stateWords(source)}</span>
      </header>
      <p className="source-facts">{factsOf(source)}</p>
      {advice === null ? null : <p className="source-advice">{advice}</p>}
      {isRunning ? <SyncProgress name={name} run={lastRun} /> : null}
      {lastRun === null || isRunning ? null : <RunDetails run={lastRun} />}
      {lastRun !== null && lastRun.held.total > 0 ? (
        <HeldRemovals run={lastRun} isBusy={isBusy} onConfirm={() => run("sync", " --yes")} />
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

function HeldRemovals(props: { run: RunView; isBusy: boolean; onConfirm: () => void }) {
  const { run, isBusy, onConfirm } = props;
  return (
    <div className="held-removals" role="group" aria-label="Held removals">
      <p>{heldWords(run)}</p>
      {run.mayConfirm ? (
        <Button className="button is-danger" isDisabled={isBusy} onPress={onConfirm}>
          Confirm removals…
        </Button>
      ) : null}
    </div>
  );
}

function SyncProgress({ name, run: { progress } }: { name: string; run: RunView }) {
  const { done, total } = progress ?? { done: 0, total: null };
  const words = progressWords({ done, total });
  return (
    <ProgressBar
      className="sync-progress"
      aria-label={`Syncing ${name}`}
      isIndeterminate={total === null}
      value={done}
      maxValue={Math.max(total ?? 0, 1)}
      valueLabel={words}
    >
      {({ percentage }) => (
        <>
          <span className="sync-progress-track">
            <span
              className="sync-progress-fill"
              style={percentage === undefined ? undefined : { width: `${percentage}%` }}
            />
          </span>
          <span>{words}</span>
        </>
      )}
    </ProgressBar>
  );
}
