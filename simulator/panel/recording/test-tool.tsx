import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import { copyAsTest, FRAMEWORKS } from "../copy-as-test";
import { usePanel } from "../panel-context";
import { useSetting } from "../settings";
import { useStore } from "../state/use-store";
import { CopyButton } from "../ui/copy-button";
import { Segments } from "../ui/fields";

const NAMES = { jest: "Jest", vitest: "Vitest", playwright: "Playwright" } as const;

/** The user's actions in the selected chat, as a test. */
export const TestTool = ({ contact }: { contact: ContactSummary | undefined }): JSX.Element => {
  const panel = usePanel();
  const steps = useStore(panel.recorder.steps);
  const [framework, setFramework] = useSetting("framework", FRAMEWORKS, "vitest");
  const code = useMemo(
    () => (contact ? copyAsTest(steps, contact, framework) : null),
    [steps, contact, framework],
  );
  if (code === null) return <p class="note pad">Select a contact. Your actions in its chat become a test.</p>;
  return (
    <div class="section">
      <p class="note">Your actions in this chat since you opened the panel, as a test.</p>
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
