import type { JSX } from "preact";
import type { ContactSummary } from "../api/types";
import { FaultsTool } from "../faults/faults-tool";
import { groupFaults } from "../faults/network-down";
import { TestTool } from "../recording/test-tool";
import type { PanelState } from "../state/model";
import { TrafficTool } from "../traffic/traffic-tool";
import { Tabs } from "../ui/tabs";
import { PlayTool } from "./play-tool";

export type Tool = "play" | "faults" | "traffic" | "test";

/** The panel's tools: all actions other than writing. */
export const Tools = ({
  tool,
  onTool,
  state,
  contact,
}: {
  tool: Tool;
  onTool: (tool: Tool) => void;
  state: PanelState;
  contact: ContactSummary | undefined;
}): JSX.Element => (
  <section class="tools" aria-label="Tools">
    <h2 class="visually-hidden">Tools</h2>
    <Tabs
      label="Tools"
      prefix="tool"
      tabs={[
        ["play", "Play"],
        ["faults", "Faults", groupFaults(state.faults).length],
        ["traffic", "Traffic"],
        ["test", "Copy as test"],
      ]}
      chosen={tool}
      onChoose={onTool}
    >
      <Chosen tool={tool} state={state} contact={contact} />
    </Tabs>
  </section>
);

const Chosen = ({
  tool,
  state,
  contact,
}: {
  tool: Tool;
  state: PanelState;
  contact: ContactSummary | undefined;
}): JSX.Element => {
  switch (tool) {
    case "play":
      return <PlayTool contact={contact} behaviors={state.conversation?.behaviors ?? null} />;
    case "faults":
      return <FaultsTool faults={state.faults} contact={contact} contacts={state.contacts ?? []} />;
    case "traffic":
      return <TrafficTool traffic={state.traffic} marks={state.marks} contact={contact} />;
    case "test":
      return <TestTool contact={contact} state={state} />;
  }
};
