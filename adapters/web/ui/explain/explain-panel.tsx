import { useEffect } from "react";
import { Button, Dialog, Modal, ModalOverlay } from "react-aria-components";
import { useCommand } from "../knowledge/use-command.js";
import { BlocksView } from "../reply/reply-view.js";
import { CloseIcon } from "../shell/icons.js";

/** How an answer came to be: a panel beside the desk, the whole screen on a phone. */
export function ExplainPanel({ answerId, onClose }: { answerId: string | null; onClose: () => void }) {
  return (
    <ModalOverlay
      className="panel-overlay"
      isOpen={answerId !== null}
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal className="panel">
        <Dialog className="panel-dialog" aria-label="How this answer came to be">
          <header className="panel-header">
            <span className="panel-kind">How this answer came to be</span>
            <Button className="icon-button" aria-label="Close the explanation" onPress={onClose}>
              <CloseIcon />
            </Button>
          </header>
          {answerId === null ? null : <Explanation key={answerId} answerId={answerId} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Explanation({ answerId }: { answerId: string }) {
  const { run, result, problem } = useCommand(() => undefined);
  useEffect(() => {
    void run(`explain ${answerId}`);
    // Asked once: an answer that was given does not change.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [answerId]);
  if (problem !== null) {
    return (
      <p className="panel-wait" role="alert">
        {problem}
      </p>
    );
  }
  if (result === null) return <p className="panel-wait">Reading what led to it…</p>;
  return (
    <div className="panel-body explanation" tabIndex={0} role="group" aria-label="Explanation">
      <BlocksView blocks={result.blocks} citations={[]} />
    </div>
  );
}
