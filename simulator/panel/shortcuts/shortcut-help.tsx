import type { JSX } from "preact";
import { Dialog } from "../ui/dialog";
import { LOCAL_KEYS, SHORTCUTS } from "./shortcuts";

export const ShortcutHelp = ({ onClose }: { onClose: () => void }): JSX.Element => (
  <Dialog title="Keyboard shortcuts" onClose={onClose}>
    <dl class="shortcuts">
      {[...SHORTCUTS, ...LOCAL_KEYS].map(([key, text]) => (
        <div key={key}>
          <dt>
            <kbd>{key.length === 1 ? key.toUpperCase() : key}</kbd>
          </dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  </Dialog>
);
