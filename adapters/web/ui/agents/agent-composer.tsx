import { useState } from "react";
import { Button, Form, Label, TextArea, TextField, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { agentId, LONGEST_MESSAGE, type HandoffView } from "../../api.js";
import { FilePicker } from "../customer/file-picker.js";
import { isPlainEnter } from "../customer/composer.js";
import { LockIcon, SendIcon } from "../shell/icons.js";
import { useFiles } from "../state/use-files.js";
import { useSending } from "../state/send.js";

type Mode = "reply" | "note";

const DRAFTS: Readonly<Record<Mode, string>> = { reply: "", note: "" };

interface ComposerProps {
  readonly handoff: HandoffView;
  readonly agentName: string;
  readonly onSent: () => void;
}

/**
 * A reply goes to the customer, a note never does. Each mode keeps its own draft, and it is left only by switching, so that
 * nothing turns one into the other. Where no reply can be written, a note is all that is offered.
 */
export function AgentComposer({ handoff, agentName, onSent }: ComposerProps) {
  const [chosen, setChosen] = useState<Mode>("reply");
  const [drafts, setDrafts] = useState(DRAFTS);
  const sending = useSending("messageId");
  const files = useFiles();
  const barrier = replyBarrier(handoff, agentName);
  const mode = barrier === null ? chosen : "note";
  const text = drafts[mode];
  const attached = mode === "reply" ? files.waiting.map(({ fileId }) => fileId) : [];
  const saysSomething = text.trim() !== "" || attached.length > 0;
  const isBusy = sending.isSending || files.isSending;
  const isSendable = saysSomething && text.length <= LONGEST_MESSAGE && !isBusy;

  const handoffPath = `/api/handoffs/${handoff.handoffId}`;

  const send = async () => {
    if (!isSendable) return;
    const words = { text: text.trim(), agentName };
    const wasTaken =
      mode === "reply"
        ? await sending.send(`${handoffPath}/replies`, { ...words, files: attached })
        : await sending.send(`${handoffPath}/notes`, words);
    if (!wasTaken) return;
    if (mode === "reply") files.clear();
    setDrafts({ ...drafts, [mode]: "" });
    onSent();
  };
  return (
    <Form
      className="agent-composer"
      data-mode={mode}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {barrier === null ? (
        <ModeSwitch mode={mode} hint={hintFor(mode, handoff)} onChange={setChosen} />
      ) : (
        <NoteAlone why={barrier} />
      )}
      <ComposerField
        mode={mode}
        customer={handoff.customerName}
        text={text}
        isSendable={isSendable}
        onChange={(next) => {
          sending.clear();
          // A note that was begun is finished as one, also when a reply has become possible meanwhile.
          setChosen(mode);
          setDrafts({ ...drafts, [mode]: next });
        }}
        onSend={() => void send()}
      />
      {mode === "reply" ? <FilePicker files={files} path={handoffPath} /> : null}
      {sending.problem === null ? null : (
        <p className="composer-problem" role="alert">
          Not sent. {sending.problem}
        </p>
      )}
    </Form>
  );
}

/** Why a reply cannot be written now; null when it can. */
function replyBarrier(handoff: HandoffView, agentName: string): string | null {
  switch (handoff.state) {
    case "waiting":
    case "reopened":
      return null;
    case "claimed":
    case "snoozed":
      return handoff.claimedById === agentId(agentName)
        ? null
        : `${handoff.claimedBy ?? "Somebody else"} has this one. You can leave a note, or take it over.`;
    case "resolved":
    case "returned":
    case "expired":
      return "This is closed. You can still leave a note.";
  }
}

function hintFor(mode: Mode, { state }: HandoffView): string {
  if (mode === "note") return "Only your team sees this";
  if (state === "snoozed") return "The customer sees this, and the snooze is over";
  return state === "claimed" ? "The customer sees this" : "The customer sees this, and the question is yours";
}

function NoteAlone({ why }: { why: string }) {
  return (
    <div className="mode-row">
      <span className="mode-name">
        <LockIcon size={14} /> Internal note
      </span>
      <span className="mode-hint">{why} Only your team sees it.</span>
    </div>
  );
}

function ModeSwitch({ mode, hint, onChange }: { mode: Mode; hint: string | null; onChange: (mode: Mode) => void }) {
  return (
    <div className="mode-row">
      <ToggleButtonGroup
        className="segments"
        aria-label="Write"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[mode]}
        onSelectionChange={(keys) => onChange(keys.has("note") ? "note" : "reply")}
      >
        <ToggleButton className="segment" id="reply">
          Reply to customer
        </ToggleButton>
        <ToggleButton className="segment is-note" id="note">
          <LockIcon size={14} /> Internal note
        </ToggleButton>
      </ToggleButtonGroup>
      {hint === null ? null : <span className="mode-hint">{hint}</span>}
    </div>
  );
}

function ComposerField(props: {
  mode: Mode;
  customer: string;
  text: string;
  isSendable: boolean;
  onChange: (text: string) => void;
  onSend: () => void;
}) {
  const isNote = props.mode === "note";
  return (
    <TextField className="composer-field" value={props.text} onChange={props.onChange}>
      <Label className="visually-hidden">{isNote ? "Internal note" : "Reply to the customer"}</Label>
      <TextArea
        key={props.mode}
        rows={2}
        placeholder={isNote ? "Note for your team…" : `Reply to ${props.customer}…`}
        onKeyDown={(event) => {
          if (!isPlainEnter(event)) return;
          event.preventDefault();
          props.onSend();
        }}
      />
      <Button type="submit" className="send-button is-worded" isDisabled={!props.isSendable}>
        {isNote ? <LockIcon size={16} /> : <SendIcon size={16} />}
        <span>{isNote ? "Save note" : "Send reply"}</span>
      </Button>
    </TextField>
  );
}
