import type { JSX } from "preact";
import { usePanel } from "../panel-context";
import { copyText } from "./clipboard";
import { Icon } from "./icon";

/** A button that copies a text. It shows `children`, or an icon with the name `label`. */
export const CopyButton = ({
  text,
  label,
  children,
}: {
  text: string;
  label: string;
  children?: string;
}): JSX.Element => {
  const panel = usePanel();
  const copy = async (): Promise<void> => {
    if (!(await copyText(text)))
      throw new Error("The browser doesn't let the panel copy. Select the text instead.");
  };
  return (
    <button
      type="button"
      class={children === undefined ? "icon-button small" : "button primary"}
      aria-label={children === undefined ? label : undefined}
      title={label}
      onClick={() => void panel.run(copy, "Copied.")}
    >
      {children ?? <Icon name="copy" />}
    </button>
  );
};
