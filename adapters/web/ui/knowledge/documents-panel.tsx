import { useState } from "react";
import { Button, Dialog, Modal, ModalOverlay } from "react-aria-components";
import type { DocumentList, DocumentSummary } from "../../../../src/ports/document-library.js";
import type { VersionsView } from "../../api.js";
import { BookIcon, CloseIcon } from "../shell/icons.js";
import type { LiveNews } from "../state/live.js";
import { useResource } from "../state/resource.js";

const concernsKnowledge = (news: LiveNews) => news.topic === "knowledge";

/** The documents of a source, each with its versions. */
export function DocumentsPanel({ source, onClose }: { source: string | null; onClose: () => void }) {
  return (
    <ModalOverlay
      className="panel-overlay"
      isOpen={source !== null}
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal className="panel">
        <Dialog className="panel-dialog" aria-label={`Documents of ${source ?? ""}`}>
          {source === null ? null : <Documents source={source} onClose={onClose} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Documents({ source, onClose }: { source: string; onClose: () => void }) {
  const path = `/api/knowledge/documents?source=${encodeURIComponent(source)}`;
  const { data, error } = useResource<DocumentList>(path, concernsKnowledge);
  return (
    <>
      <header className="panel-header">
        <span className="panel-kind">
          <BookIcon size={16} /> {source}
        </span>
        <Button className="icon-button" aria-label="Close the documents" onPress={onClose}>
          <CloseIcon />
        </Button>
      </header>
      {data === null ? <p className="panel-wait">{error?.message ?? "Reading the documents…"}</p> : null}
      {data?.total === 0 ? <p className="panel-wait">This source has no documents yet. Sync it first.</p> : null}
      <ul className="documents">
        {data?.documents.map((document) => (
          <DocumentRow key={document.externalId} source={source} document={document} />
        ))}
      </ul>
      {data !== null && data.total > data.documents.length ? (
        <p className="panel-wait">{data.total - data.documents.length} more are not listed.</p>
      ) : null}
    </>
  );
}

const STATES = {
  current: "Answered from",
  kept: "Restored by a person",
  expired: "Out of date",
  removed: "Removed",
} as const;

function DocumentRow({ source, document }: { source: string; document: DocumentSummary }) {
  const [isOpen, setIsOpen] = useState(false);
  const { externalId, title, state, version, lastError } = document;
  return (
    <li className="document-row">
      <p>
        <strong>{title}</strong> <span className="document-id">{externalId}</span>
      </p>
      <p className="source-facts">
        {STATES[state]} · version {version} · {(document.updatedAt ?? document.changedAt).slice(0, 10)}
      </p>
      {lastError === null ? null : <p className="is-problem">The last sync could not read it: {lastError}</p>}
      <Button className="link-button" aria-expanded={isOpen} onPress={() => setIsOpen(!isOpen)}>
        {isOpen ? "Hide versions" : "Show versions"}
        <span className="visually-hidden"> of {title}</span>
      </Button>
      {isOpen ? <Versions source={source} document={externalId} /> : null}
    </li>
  );
}

function Versions({ source, document }: { source: string; document: string }) {
  const query = new URLSearchParams({ source, document });
  const { data, error } = useResource<VersionsView>(`/api/knowledge/versions?${query.toString()}`, concernsKnowledge);
  if (data === null) return <p className="source-facts">{error?.message ?? "Reading the versions…"}</p>;
  return (
    <ol className="versions" reversed>
      {data.versions.map(({ number, createdAt, editedBy, isCurrent, changes }) => (
        <li key={number} value={number}>
          {createdAt.slice(0, 16).replace("T", " ")}
          {editedBy === null ? "" : ` by ${editedBy}`}
          {changes === null ? "" : `, +${changes.addedLines} -${changes.removedLines} lines`}
          {isCurrent ? " (current)" : ""}
        </li>
      ))}
    </ol>
  );
}
