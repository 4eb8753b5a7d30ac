import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import type { PanelState } from "../state/model";
import { copyAsTest } from "../copy-as-test";
import { usePanel } from "../panel-context";
import { useSetting } from "../settings";
import { useStore } from "../state/use-store";
import { CopyButton } from "../ui/copy-button";
import { Segments } from "../ui/fields";
import { withEarlierItems } from "./earlier-items";
import { FRAMEWORKS } from "./framework";
import { pageOrigin } from "./page-origin";

const NAMES = { jest: "Jest", vitest: "Vitest", playwright: "Playwright" } as const;

/** The user's actions in the selected chat, as a test. */
export const TestTool = ({
  contact,
  state: { conversation, traffic, status },
}: {
  contact: ContactSummary | undefined;
  state: PanelState;
}): JSX.Element => {
  const panel = usePanel();
  const recording = useStore(panel.recorder.recording);
  const items = conversation?.items;
  const origin = contact && pageOrigin(traffic, contact.contactId, status?.endpoint);
  const [framework, setFramework] = useSetting("framework", FRAMEWORKS, "vitest");
  const code = useMemo(() => {
    if (!contact) return null;
    const steps = withEarlierItems(recording, contact.contactId, items ?? []);
    return copyAsTest(steps, contact, framework, origin);
  }, [recording, contact, items, framework, origin]);
  if (code === null) return <p class="note pad">Select a contact. Your actions in its chat become a test.</p>;
  return (
    <div class="section">
      <p class="note">
        Your actions since you opened the panel, and all of the customer’s messages, as a test.
      </p>
      <Segments
        label="Test framework"
        value={framework}
        choices={FRAMEWORKS.map((each) => [each, NAMES[each]] as const)}
        onValue={setFramework}
      />
      <div class="buttons">
        <CopyButton text={code} label="Copy the test">
          Copy
        </CopyButton>
        <button type="button" class="button" onClick={() => panel.recorder.clear()}>
          Start over
        </button>
      </div>
      <pre class="code-block tall" tabIndex={0} aria-label="The test">
        {code}
      </pre>
    </div>
  );
};
