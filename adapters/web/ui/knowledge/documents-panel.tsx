import { useEffect, useRef } from "react";
import { Button, Dialog, Modal, ModalOverlay } from "react-aria-components";
import type { DocumentList, DocumentSummary } from "../../../../src/ports/document-library.js";
import type { VersionsView } from "../../api.js";
import { BookIcon, CloseIcon } from "../shell/icons.js";
import type { LiveNews } from "../state/live.js";
import { useResource } from "../state/resource.js";

const concernsKnowledge = (news: LiveNews) => news.topic === "knowledge";

interface DocumentsProps {
  readonly source: string;
  /** The one whose versions are shown. */
  readonly document: string | null;
  /** What to do when there are none. */
  readonly advice: string | null;
  readonly onOpen: (document: string | null) => void;
  readonly onClose: () => void;
}

/** The documents of a source, each with its versions. */
export function DocumentsPanel({ source, ...props }: Omit<DocumentsProps, "source"> & { source: string | null }) {
  return (
    <ModalOverlay
      className="panel-overlay"
      isOpen={source !== null}
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
    >
      <Modal className="panel">
        <Dialog className="panel-dialog" aria-label={`Documents of ${source ?? ""}`}>
          {source === null ? null : <Documents source={source} {...props} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Documents({ source, document: opened, advice, onOpen, onClose }: DocumentsProps) {
  const path = `/api/knowledge/documents?source=${encodeURIComponent(source)}`;
  const { data, error } = useResource<DocumentList>(path, concernsKnowledge);
  const isOpenedListed = data?.documents.some(({ externalId }) => externalId === opened) ?? true;
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
      {data?.total === 0 ? <p className="panel-wait">{advice ?? "This source has no documents."}</p> : null}
      {opened === null || isOpenedListed ? null : <p className="panel-wait">{opened} is not among these documents.</p>}
      <ul className="documents">
        {data?.documents.map((document) => (
          <DocumentRow
            key={document.externalId}
            source={source}
            document={document}
            isOpen={document.externalId === opened}
            onOpen={onOpen}
          />
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

interface DocumentRowProps extends Pick<DocumentsProps, "source" | "onOpen"> {
  readonly document: DocumentSummary;
  readonly isOpen: boolean;
}

function DocumentRow({ source, document, isOpen, onOpen }: DocumentRowProps) {
  const row = useRef<HTMLLIElement>(null);
  // Far down in a long list when it was opened by its address.
  useEffect(() => {
    if (isOpen) row.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  const { externalId, title, state, version, lastError } = document;
  return (
    <li className="document-row" ref={row}>
      <p>
        <strong>{title}</strong> <span className="document-id">{externalId}</span>
      </p>
      <p className="source-facts">
        {STATES[state]} · version {version} · {(document.updatedAt ?? document.changedAt).slice(0, 10)}
      </p>
      {lastError === null ? null : <p className="is-problem">The last sync could not read it: {lastError}</p>}
      <Button className="link-button" aria-expanded={isOpen} onPress={() => onOpen(isOpen ? null : externalId)}>
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
