import { useEffect, useRef } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import type { ComposerState } from "../composer/use-composer";
import { usePanel } from "../panel-context";
import { PERSONAS } from "../state/personas";
import type { Tool } from "../tools/tools";
import { isShortcut, type ShortcutKey } from "./shortcuts";

export interface ShortcutActions {
  readonly composer: ComposerState;
  /** The listed contacts. */
  readonly contacts: readonly ContactSummary[];
  readonly select: (contactId: string) => void;
  readonly openTool: (tool: Tool) => void;
  readonly openHelp: () => void;
  readonly back: () => void;
}

const TOOL_KEYS: Partial<Record<ShortcutKey, Tool>> = { p: "play", f: "faults", n: "traffic", c: "test" };

/** Handles the page's keyboard shortcuts. */
export function useShortcuts(actions: ShortcutActions): void {
  const panel = usePanel();
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const move = (step: number): void => {
      const { contacts, select } = latest.current;
      const selectedId = panel.store.state.conversation?.contactId;
      const index = contacts.findIndex(({ contactId }) => contactId === selectedId);
      const next = contacts[index < 0 ? 0 : index + step];
      if (next) select(next.contactId);
    };
    const run = (key: ShortcutKey): void => {
      const { composer, openTool, openHelp } = latest.current;
      const tool = TOOL_KEYS[key];
      const persona = PERSONAS[Number(key) - 1];
      if (tool) openTool(tool);
      else if (persona) composer.setPersona(persona.id);
      else if (key === "?") openHelp();
      else if (key === "j") move(1);
      else if (key === "k") move(-1);
      else if (key === "m") composer.field.current?.focus();
      else if (key === "t") composer.setTemplatesOpen(true);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      const { target, key } = event;
      const isWriting =
        target instanceof HTMLElement && target.matches("input:not([type=radio]), textarea, select");
      if (key === "Escape") {
        if (isWriting) target.blur();
        else latest.current.back();
      } else if (!isWriting && isShortcut(key)) {
        event.preventDefault();
        run(key);
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [panel]);
}
