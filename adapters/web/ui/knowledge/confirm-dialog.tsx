import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { BlocksView } from "../reply/reply-view.js";
import type { RunningCommand } from "./use-command.js";

/** Says in numbers what a command would do, and does it only after a second word. */
export function ConfirmDialog({ command }: { command: RunningCommand }) {
  const { result, isRunning } = command;
  const confirmationId = result?.confirmationId ?? null;
  return (
    <ModalOverlay
      className="dialog-overlay"
      isOpen={confirmationId !== null}
      onOpenChange={(isOpen) => {
        if (!isOpen) command.clear();
      }}
    >
      <Modal className="dialog-box">
        <Dialog className="confirm-dialog" role="alertdialog">
          <Heading slot="title">Are you sure?</Heading>
          <BlocksView blocks={(result?.blocks ?? []).slice(0, -1)} citations={[]} />
          <div className="dialog-actions">
            <Button className="button is-quiet" autoFocus onPress={() => command.clear()}>
              Cancel
            </Button>
            <Button
              className="button is-danger"
              isDisabled={isRunning}
              onPress={() => {
                command.clear();
                void command.run(`confirm ${confirmationId ?? ""}`);
              }}
            >
              Confirm
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
