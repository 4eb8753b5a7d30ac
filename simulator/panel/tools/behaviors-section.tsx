import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Behaviors } from "../api/types";
import { usePanel } from "../panel-context";
import { CheckField, Section, SelectField, TextField } from "../ui/fields";

/** What the emulator does by itself in this chat. Changes apply at once. */
export const BehaviorsSection = ({
  contactId,
  behaviors,
}: {
  contactId: string;
  behaviors: Behaviors;
}): JSX.Element => {
  const panel = usePanel();
  const change = (changes: Partial<Behaviors>): void =>
    void panel.run(() => panel.mirror.setBehaviors(contactId, changes));
  return (
    <Section title="Automatic behavior">
      <CheckField
        label="A bot echoes the customer"
        checked={behaviors.bot === "echo"}
        onChecked={(checked) => change({ bot: checked ? "echo" : null })}
      />
      <CheckField
        label="A survey follows when somebody disconnects"
        checked={behaviors.disconnectFlow === "survey"}
        onChecked={(checked) => change({ disconnectFlow: checked ? "survey" : "none" })}
      />
      <div class="fields">
        <SelectField
          label="Messages are"
          isWide
          value={behaviors.processing}
          choices={[
            ["none", "Delivered at once"],
            ["redact", "Redacted: long numbers"],
            ["fail", "Failing in processing"],
            ["reject", "Rejected"],
          ]}
          onValue={(processing) => change({ processing })}
        />
        {behaviors.processing !== "none" && (
          <DelayField
            label="Processing takes (ms)"
            value={behaviors.processingDelayMs}
            onValue={(processingDelayMs) => change({ processingDelayMs })}
          />
        )}
        <SelectField
          label="Files are"
          isWide
          value={behaviors.scanning}
          choices={[
            ["none", "Delivered at once"],
            ["approve", "Scanned and approved"],
            ["reject", "Scanned and rejected"],
          ]}
          onValue={(scanning) => change({ scanning })}
        />
        {behaviors.scanning !== "none" && (
          <DelayField
            label="Scanning takes (ms)"
            value={behaviors.scanningDelayMs}
            onValue={(scanningDelayMs) => change({ scanningDelayMs })}
          />
        )}
      </div>
    </Section>
  );
};

const WRITING_MS = 600;

/** Applies a number once you stop typing. */
const DelayField = ({
  label,
  value,
  onValue,
}: {
  label: string;
  value: number;
  onValue: (value: number) => void;
}): JSX.Element => {
  const [draft, setDraft] = useState(String(value));
  useEffect(() => setDraft(String(value)), [value]);
  useEffect(() => {
    const number = Number(draft);
    if (draft.trim() === "" || !Number.isInteger(number) || number < 0 || number === value) return undefined;
    const timer = setTimeout(() => onValue(number), WRITING_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  return <TextField label={label} type="number" value={draft} onValue={setDraft} />;
};
