import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Fault } from "../api/types";
import { SelectField, TextField } from "../ui/fields";
import type { FaultField, FaultInfo } from "./kinds";
import { defaultOften, toFault, type Often, type Who } from "./to-fault";

const OFTEN = [
  ["once", "Once"],
  ["times", "A number of times"],
  ["chance", "By chance, until cleared"],
  ["untilCleared", "Until cleared"],
] as const;

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
        {!info.isImmediate && (
          <SelectField
            label="How often"
            value={often.kind}
            choices={OFTEN}
            onValue={(kind) => setOften({ ...often, kind })}
          />
        )}
        {!info.isImmediate && often.kind === "times" && (
          <TextField
            label="Times"
            type="number"
            value={often.times}
            onValue={(times) => setOften({ ...often, times })}
          />
        )}
        {!info.isImmediate && often.kind === "chance" && (
          <TextField
            label="Chance (%)"
            type="number"
            value={often.chance}
            onValue={(chance) => setOften({ ...often, chance })}
          />
        )}
      </div>
      <button type="submit" class="button primary">
        {info.isImmediate ? `${info.title} now` : "Add the fault"}
      </button>
    </form>
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
