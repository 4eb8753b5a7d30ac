import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import { usePanel } from "../panel-context";
import { CheckField, Section, TextField } from "../ui/fields";

/** Transfers the chat to another agent. */
export const TransferSection = ({ contact: { contactId } }: { contact: ContactSummary }): JSX.Element => {
  const panel = usePanel();
  const [displayName, setDisplayName] = useState("Kim");
  const [isPlayed, setPlayed] = useState(true);
  const transfer = (outcome: "succeeded" | "failed"): void =>
    void panel.run(() =>
      panel.call(
        "transferContact",
        { contactId },
        outcome === "failed"
          ? { outcome }
          : {
              outcome,
              acknowledged: isPlayed,
              ...(displayName.trim() !== "" && { displayName: displayName.trim() }),
            },
      ),
    );
  return (
    <Section title="Transfer">
      <div class="fields">
        <TextField label="Next agent" isWide value={displayName} onValue={setDisplayName} />
        <CheckField
          label="Play the next agent here (otherwise, an agent's page must accept)"
          checked={isPlayed}
          onChecked={setPlayed}
        />
      </div>
      <div class="buttons">
        <button type="button" class="button" onClick={() => transfer("succeeded")}>
          Transfer
        </button>
        <button type="button" class="button" onClick={() => transfer("failed")}>
          Make the transfer fail
        </button>
      </div>
    </Section>
  );
};
