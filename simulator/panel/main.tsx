import { render } from "preact";
import { App } from "./app";
import { PanelContext } from "./panel-context";
import { Panel } from "./state/panel";
import { applyTheme, readTheme } from "./theme";
import "./styles/panel.css";

applyTheme(readTheme());
const panel = new Panel();
const root = document.getElementById("panel");
if (!root) throw new Error("The page has no element with the ID panel.");
render(
  <PanelContext.Provider value={panel}>
    <App />
  </PanelContext.Provider>,
  root,
);
panel.mirror.start();
