import { useRef, useState, type KeyboardEvent } from "react";
import { Button, Form, Label, TextArea, TextField } from "react-aria-components";
import { LONGEST_MESSAGE } from "../../api.js";
import { SendIcon } from "../shell/icons.js";
import type { Sending } from "../state/send.js";
import { useFiles } from "../state/use-files.js";
import { FilePicker } from "./file-picker.js";

/** Enter sends, Shift+Enter makes a new line. What could not be sent stays. */
export function Composer(props: {
  placeholder: string;
  sending: Sending;
  /** Where files go; null where nobody reads them. */
  filesPath: string | null;
  onSend: (text: string, files: readonly string[]) => Promise<boolean>;
}) {
  const { sending, filesPath, onSend } = props;
  const files = useFiles();
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const saysSomething = text.trim() !== "" || files.waiting.length > 0;
  const isSendable = saysSomething && text.length <= LONGEST_MESSAGE && !sending.isSending && !files.isSending;

  const send = async () => {
    if (!isSendable) return;
    const attached = files.waiting.map(({ fileId }) => fileId);
    if (await onSend(text.trim(), attached)) {
      setText("");
      files.clear();
    }
    field.current?.focus();
  };
  return (
    <Form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextField
        className="composer-field"
        value={text}
        onChange={(next) => {
          setText(next);
          if (sending.problem !== null) sending.clear();
        }}
      >
        <Label className="visually-hidden">Your question</Label>
        <TextArea
          ref={field}
          id="question"
          rows={1}
          placeholder={props.placeholder}
          onKeyDown={(event) => {
            if (!isPlainEnter(event)) return;
            event.preventDefault();
            void send();
          }}
        />
        <Button type="submit" className="send-button" aria-label="Send" isDisabled={!isSendable}>
          <SendIcon size={20} />
        </Button>
      </TextField>
      {filesPath === null ? null : <FilePicker files={files} path={filesPath} />}
      <ComposerNotes sending={sending} length={text.length} />
    </Form>
  );
}

function ComposerNotes({ sending, length }: { sending: Sending; length: number }) {
  if (sending.problem !== null) {
    return (
      <p className="composer-problem" role="alert">
        <span>Not sent. {sending.problem}</span>
        <Button type="submit" className="link-button">
          Try again
        </Button>
      </p>
    );
  }
  const left = LONGEST_MESSAGE - length;
  return left > 200 ? null : (
    <p className={left < 0 ? "composer-problem" : "composer-hint"} role="status">
      {left < 0 ? `${-left} characters too long` : `${left} characters left`}
    </p>
  );
}

/** Enter that ends a word in an input method is not meant for us. */
export function isPlainEnter(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing;
}
