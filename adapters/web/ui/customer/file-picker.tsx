import { useRef } from "react";
import { Button } from "react-aria-components";
import { ClipIcon } from "../shell/icons.js";
import type { Files } from "../state/use-files.js";

/** Chooses files for the message that is being written, and lists those that go with it. */
export function FilePicker({ files, path }: { files: Files; path: string }) {
  const field = useRef<HTMLInputElement>(null);
  const { waiting, isSending, problem } = files;
  return (
    <div className="file-picker">
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        onChange={({ target }) => {
          void files.add(path, [...(target.files ?? [])]);
          target.value = "";
        }}
      />
      <Button className="link-button" isDisabled={isSending} onPress={() => field.current?.click()}>
        <ClipIcon size={16} /> {isSending ? "Attaching…" : "Attach a file"}
      </Button>
      {waiting.map(({ fileId, name }) => (
        <span key={fileId} className="file-chip">
          <span className="file-chip-name">{name}</span>
          <Button className="link-button" aria-label={`Leave out ${name}`} onPress={() => files.remove(fileId)}>
            ✕
          </Button>
        </span>
      ))}
      {problem === null ? null : (
        <span className="composer-problem" role="alert">
          Not attached. {problem}
        </span>
      )}
    </div>
  );
}
