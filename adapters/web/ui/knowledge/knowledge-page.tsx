import type { DeskView } from "../../api.js";
import { BlocksView } from "../reply/reply-view.js";
import type { LiveNews } from "../state/live.js";
import { KNOWLEDGE, type Go } from "../state/place.js";
import { useResource } from "../state/resource.js";
import { ConfirmDialog } from "./confirm-dialog.js";
import { DocumentsPanel } from "./documents-panel.js";
import { SourceCard } from "./source-card.js";
import { emptyAdvice } from "./source-words.js";
import { useCommand, type RunningCommand } from "./use-command.js";

const concernsKnowledge = (news: LiveNews) => news.topic === "knowledge";

interface KnowledgePageProps {
  /** The source whose documents are open, and the one of them whose versions are. */
  readonly source: string | null;
  readonly document: string | null;
  readonly onGo: Go;
}

/** What is answered from, and what can be done with it. */
export function KnowledgePage({ source: opened, document, onGo }: KnowledgePageProps) {
  const { data, error, reload } = useResource<DeskView>("/api/knowledge/sources", concernsKnowledge);
  const command = useCommand(reload);
  return (
    <main className="knowledge-page" id="knowledge" tabIndex={-1} aria-label="Knowledge">
      <h2>Knowledge</h2>
      <Said command={command} />
      {data === null ? <p className="page-wait">{error?.message ?? "Reading the shelves…"}</p> : null}
      {data?.sources.length === 0 ? <NoSources /> : null}
      <ul className="sources" aria-label="Sources">
        {data?.sources.map((source) => (
          <SourceCard
            key={source.name}
            source={source}
            isBusy={command.isRunning}
            onRun={(line) => void command.run(line)}
            onOpen={() => onGo({ page: "knowledge", source: source.name, document: null })}
          />
        ))}
      </ul>
      {data === null ? null : <Removed removed={data.removed} command={command} />}
      <ConfirmDialog command={command} />
      <DocumentsPanel
        source={opened}
        document={document}
        advice={emptyAdviceFor(data, opened)}
        onOpen={(next) => onGo({ page: "knowledge", source: opened, document: next })}
        onClose={() => onGo(KNOWLEDGE)}
      />
    </main>
  );
}

function emptyAdviceFor(view: DeskView | null, name: string | null): string | null {
  const source = view?.sources.find((candidate) => candidate.name === name);
  return source === undefined ? null : emptyAdvice(source);
}

/** What came of the newest command that needed no confirmation. */
function Said({ command: { result, problem } }: { command: RunningCommand }) {
  const isSaid = result !== null && result.confirmationId === null && result.blocks.length > 0;
  return (
    <div className="knowledge-said" role="status">
      {problem === null ? null : <p className="is-problem">{problem}</p>}
      {isSaid ? <BlocksView blocks={result.blocks} citations={[]} /> : null}
    </div>
  );
}

function NoSources() {
  return (
    <p className="knowledge-empty">
      There is nothing to answer from yet. Add a folder, a website or a repository:{" "}
      <code>deskhand kb add https://help.example.com</code>
    </p>
  );
}

function Removed({ removed, command }: { removed: DeskView["removed"]; command: RunningCommand }) {
  if (removed.length === 0) return null;
  return (
    <section className="removed-sources" aria-label="Removed sources">
      <h3>Removed</h3>
      <ul>
        {removed.map(({ name, removedAt, keptUntil }) => (
          <li key={name}>
            <span>
              {name}, removed <time dateTime={removedAt}>{removedAt.slice(0, 10)}</time>, deleted for good on{" "}
              <time dateTime={keptUntil}>{keptUntil.slice(0, 10)}</time>
            </span>
            <button
              type="button"
              className="button is-quiet"
              disabled={command.isRunning}
              onClick={() => void command.run(`kb restore "${name}"`)}
            >
              Restore<span className="visually-hidden"> {name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
