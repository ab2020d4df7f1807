import { useState } from "react";
import {
  Button,
  Dialog,
  DialogTrigger,
  FieldError,
  Form,
  Input,
  Label,
  Popover,
  TextField,
} from "react-aria-components";
import { PencilIcon } from "../shell/icons.js";

const NAME = /^[\p{L}\p{M}\p{N} .'’-]{1,40}$/u;

/** The name under which this browser answers customers. */
export function AgentName({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  return (
    <DialogTrigger>
      <Button className="button is-quiet agent-name">
        <span className="avatar is-small" aria-hidden="true">
          {name.slice(0, 1).toUpperCase()}
        </span>
        <span>
          <span className="visually-hidden">You answer as </span>
          {name}
        </span>
        <PencilIcon size={14} />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="popover-dialog" aria-label="Your name">
          {({ close }) => (
            <NameForm
              name={name}
              onSave={(next) => {
                onChange(next);
                close();
              }}
            />
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function NameForm({ name, onSave }: { name: string; onSave: (name: string) => void }) {
  const [draft, setDraft] = useState(name);
  const trimmed = draft.trim();
  return (
    <Form
      className="name-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (NAME.test(trimmed)) onSave(trimmed);
      }}
    >
      <TextField value={draft} onChange={setDraft} autoFocus isInvalid={trimmed !== "" && !NAME.test(trimmed)}>
        <Label>Customers see you as</Label>
        <Input maxLength={60} />
        <FieldError>Letters, digits, spaces, up to 40.</FieldError>
      </TextField>
      <Button type="submit" className="button is-primary" isDisabled={!NAME.test(trimmed)}>
        Save
      </Button>
    </Form>
  );
}
