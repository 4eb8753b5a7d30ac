import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Fault } from "../api/types";
import { SelectField, TextField } from "../ui/fields";
import { OFTEN_TEXTS, type FaultField, type FaultInfo, type OftenKind } from "./kinds";
import { defaultOften, toFault, type Often, type Who } from "./to-fault";

const OFTEN_KINDS: readonly OftenKind[] = ["once", "times", "chance", "while", "untilCleared"];

/** The field that a choice of "How often" adds. */
const OFTEN_FIELDS: Partial<Readonly<Record<OftenKind, readonly ["times" | "chance" | "seconds", string]>>> =
  {
    times: ["times", "Times"],
    chance: ["chance", "Chance (%)"],
    while: ["seconds", "Seconds"],
  };

/** The details of one kind of fault, and the button that adds it. */
export const FaultForm = ({
  info,
  who,
  onFault,
}: {
  info: FaultInfo;
  who: Who;
  onFault: (fault: Fault) => void;
}): JSX.Element => {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [often, setOften] = useState<Often>(() => defaultOften(info));
  return (
    <form
      class="fault-form"
      aria-label={info.title}
      onSubmit={(event) => {
        event.preventDefault();
        onFault(toFault(info, values, who, often));
      }}
    >
      <div class="fields">
        {info.fields.map((field) => (
          <ValueField
            key={field.name}
            field={field}
            value={values[field.name] ?? field.value}
            onValue={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
        {!info.isImmediate && <OftenFields info={info} often={often} onOften={setOften} />}
      </div>
      <button type="submit" class="button primary">
        {info.isImmediate ? `${info.title} now` : "Add the fault"}
      </button>
    </form>
  );
};

const OftenFields = ({
  info: { oftenHints },
  often,
  onOften,
}: {
  info: FaultInfo;
  often: Often;
  onOften: (often: Often) => void;
}): JSX.Element => {
  const kinds = OFTEN_KINDS.filter((kind) => !oftenHints || oftenHints[kind] !== undefined);
  const hint = oftenHints?.[often.kind];
  const [name, label] = OFTEN_FIELDS[often.kind] ?? [];
  return (
    <>
      <SelectField
        label="How often"
        value={often.kind}
        choices={kinds.map((kind) => [kind, OFTEN_TEXTS[kind]] as const)}
        onValue={(kind) => onOften({ ...often, kind })}
        {...(hint !== undefined && { hint })}
      />
      {name !== undefined && label !== undefined && (
        <TextField
          label={label}
          type="number"
          value={often[name]}
          onValue={(value) => onOften({ ...often, [name]: value })}
        />
      )}
    </>
  );
};

const ValueField = ({
  field: { label, type, choices, hint },
  value,
  onValue,
}: {
  field: FaultField;
  value: string;
  onValue: (value: string) => void;
}): JSX.Element => {
  const hinted = hint === undefined ? {} : { hint };
  if (choices)
    return <SelectField label={label} value={value} choices={choices} onValue={onValue} {...hinted} />;
  return <TextField label={label} type={type ?? "text"} value={value} onValue={onValue} {...hinted} />;
};
