import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Panel } from "./state/panel";

export const PanelContext = createContext<Panel | null>(null);

/** The panel that the components belong to. */
export function usePanel(): Panel {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error("Components need a PanelContext.");
  return panel;
}
