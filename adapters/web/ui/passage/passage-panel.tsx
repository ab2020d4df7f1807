import { useCallback } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { Citation } from "../../../../src/ports/reply.js";
import type { PassageView } from "../../api.js";
import { BlocksView } from "../reply/reply-view.js";
import { BookIcon, CloseIcon, OutsideIcon } from "../shell/icons.js";
import { useResource } from "../state/resource.js";
import { age, dateOf, useNow } from "../state/times.js";

const KINDS: Readonly<Record<PassageView["kind"], string>> = {
  faq: "FAQ",
  manual: "Manual",
  troubleshooting: "Troubleshooting",
  release: "Release notes",
  policy: "Policy",
  page: "Document",
};

/** The cited passage inside its document: a panel beside the chat, the whole screen on a phone. */
export function PassagePanel({ citation, onClose }: { citation: Citation | null; onClose: () => void }) {
  return (
    <ModalOverlay
      className="panel-overlay"
      isOpen={citation !== null}
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal className="panel">
        <Dialog className="panel-dialog" aria-label="Source">
          {citation === null ? null : <PanelContent citation={citation} onClose={onClose} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const neverChanges = () => false;

function PanelContent({ citation, onClose }: { citation: Citation; onClose: () => void }) {
  const { data, error } = useResource<PassageView>(`/api/passages/${citation.passageId}`, neverChanges);
  return (
    <>
      <header className="panel-header">
        <span className="panel-kind">
          <BookIcon size={16} /> {data === null ? "Source" : KINDS[data.kind]}
        </span>
        <Button className="icon-button" aria-label="Close the source" onPress={onClose}>
          <CloseIcon />
        </Button>
      </header>
      {data === null && error === null ? <p className="panel-wait">Opening the document…</p> : null}
      {data === null && error !== null ? (
        <p className="panel-wait" role="alert">
          {error.status === 404 ? "This document is no longer here." : error.message}
        </p>
      ) : null}
      {data === null ? null : <DocumentView passage={data} number={citation.number} />}
    </>
  );
}

function DocumentView({ passage, number }: { passage: PassageView; number: number }) {
  const showCited = useCallback((element: HTMLElement | null) => element?.scrollIntoView({ block: "center" }), []);
  const cited = passage.chunks.find(({ isCited }) => isCited);
  return (
    <div className="panel-body" tabIndex={0} role="group" aria-label="Document">
      <Heading slot="title" level={2} className="document-title">
        {passage.title}
      </Heading>
      <DocumentFacts passage={passage} />
      {passage.isCurrent ? null : (
        <p className="changed-note">This document has changed since the answer was given. You see what was cited.</p>
      )}
      {passage.chunks.map((chunk, index) => (
        <section
          key={chunk.chunkId}
          className={chunk.isCited ? "document-part is-cited" : "document-part"}
          ref={chunk === cited ? showCited : null}
        >
          {chunk.isCited ? <span className="cited-label">Cited as {number}</span> : null}
          <PartHeading title={passage.title} path={chunk.headingPath} before={passage.chunks[index - 1]?.headingPath} />
          <BlocksView blocks={chunk.blocks} citations={[]} />
        </section>
      ))}
    </div>
  );
}

/** Shown where the heading changes. The document's own title stands above everything and is not repeated. */
function PartHeading(props: { title: string; path: readonly string[]; before: readonly string[] | undefined }) {
  const path = props.path.filter((heading) => heading !== props.title);
  const isRepeated = props.before?.join("\n") === props.path.join("\n");
  return path.length === 0 || isRepeated ? null : <h3>{path.join(" › ")}</h3>;
}

function DocumentFacts({ passage }: { passage: PassageView }) {
  const now = useNow();
  return (
    <p className="document-facts">
      {passage.updatedAt === null ? null : (
        <span title={dateOf(passage.updatedAt)}>Updated {age(passage.updatedAt, now)}</span>
      )}
      <span className="document-place">{passage.externalId}</span>
      {passage.url === null ? null : (
        <a href={passage.url} target="_blank" rel="noreferrer noopener">
          Open the original <OutsideIcon size={14} />
        </a>
      )}
    </p>
  );
}
