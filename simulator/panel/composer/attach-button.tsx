import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "../ui/icon";

/** Lets the user choose files to send. Files can also be pasted or dropped. */
export const AttachButton = ({ onFiles }: { onFiles: (files: readonly File[]) => void }): JSX.Element => {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="button quiet"
        title="Or paste or drop a file"
        onClick={() => input.current?.click()}
      >
        <Icon name="attach" />
        Attach
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
        }}
      />
    </>
  );
};
