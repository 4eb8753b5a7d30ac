/** Labeled form controls. */
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly isWide?: boolean;
}

/** A labeled control. `children` renders the control with its ID and its description's ID. */
const Field = ({
  label,
  hint,
  isWide = false,
  children,
}: FieldProps & {
  children: (id: string, describedBy: { "aria-describedby"?: string }) => JSX.Element;
}): JSX.Element => {
  const id = useId();
  return (
    <div class={isWide ? "field wide" : "field"}>
      <label for={id}>{label}</label>
      {children(id, hint === undefined ? {} : { "aria-describedby": `${id}-hint` })}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
};

export const TextField = ({
  value,
  onValue,
  type = "text",
  placeholder = "",
  ...field
}: FieldProps & {
  value: string;
  onValue: (value: string) => void;
  type?: "text" | "number" | "datetime-local";
  placeholder?: string;
}): JSX.Element => (
  <Field {...field}>
    {(id, described) => {
      const common = {
        id,
        value,
        autocomplete: "off",
        onInput: (event: InputEvent & { readonly currentTarget: HTMLInputElement }) =>
          onValue(event.currentTarget.value),
        ...described,
      };
      switch (type) {
        case "datetime-local":
          return <input type="datetime-local" {...common} />;
        case "number":
          return <input type="number" step="any" placeholder={placeholder} {...common} />;
        case "text":
          return <input type="text" placeholder={placeholder} {...common} />;
      }
    }}
  </Field>
);

export const TextArea = ({
  value,
  onValue,
  rows = 4,
  ...field
}: FieldProps & { value: string; onValue: (value: string) => void; rows?: number }): JSX.Element => (
  <Field {...field}>
    {(id, described) => (
      <textarea
        id={id}
        class="code"
        rows={rows}
        spellcheck={false}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        {...described}
      />
    )}
  </Field>
);

/** A choice's value, with its text if the text differs from the value. */
export type Choice<Value extends string> = Value | readonly [value: Value, text: string];

export const SelectField = <Value extends string>({
  value,
  choices,
  onValue,
  ...field
}: FieldProps & {
  value: Value;
  choices: readonly Choice<Value>[];
  onValue: (value: Value) => void;
}): JSX.Element => {
  const pairs = choices.map(pairOf);
  return (
    <Field {...field}>
      {(id, described) => (
        <select
          id={id}
          value={value}
          onChange={(event) => {
            const chosen = pairs.find(([each]) => each === event.currentTarget.value);
            if (chosen) onValue(chosen[0]);
          }}
          {...described}
        >
          {pairs.map(([each, text]) => (
            <option key={each} value={each}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
};

function pairOf<Value extends string>(choice: Choice<Value>): readonly [Value, string] {
  return typeof choice === "string" ? [choice, choice] : choice;
}

export const CheckField = ({
  label,
  checked,
  onChecked,
}: {
  label: string;
  checked: boolean;
  onChecked: (checked: boolean) => void;
}): JSX.Element => (
  <label class="check">
    <input type="checkbox" checked={checked} onChange={(event) => onChecked(event.currentTarget.checked)} />
    {label}
  </label>
);

/** A few choices side by side. Exactly one is chosen. */
export const Segments = <Value extends string>({
  label,
  value,
  choices,
  onValue,
}: {
  label: string;
  value: Value;
  choices: readonly Choice<Value>[];
  onValue: (value: Value) => void;
}): JSX.Element => {
  const name = useId();
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">{label}</legend>
      {choices.map(pairOf).map(([each, text]) => (
        <label key={each}>
          <input
            type="radio"
            name={name}
            value={each}
            checked={each === value}
            onChange={() => onValue(each)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
};

/** A group of fields under a heading. */
export const Section = ({
  title,
  children,
  note,
}: {
  title: string;
  note?: string;
  children: ComponentChildren;
}): JSX.Element => (
  <section class="section">
    <h3>{title}</h3>
    {note !== undefined && <p class="note">{note}</p>}
    {children}
  </section>
);
