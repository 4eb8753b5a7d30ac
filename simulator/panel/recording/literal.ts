/** Prints values as JavaScript. */

/** Longer values are printed over several lines. */
const MAX_LINE = 84;

/** An expression that is printed unchanged. */
export class Code {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Prints a JSON value, with unquoted names where possible. Undefined fields are omitted. */
export function literal(value: unknown): string {
  const line = print(value, (parts, [open, close]) => {
    const space = open === "{" ? " " : "";
    return `${open}${space}${parts.join(", ")}${space}${close}`;
  });
  if (line.length <= MAX_LINE) return line;
  return print(value, (parts, [open, close]) => {
    const indented = parts.map((part) => `  ${part.replaceAll("\n", "\n  ")},\n`);
    return `${open}\n${indented.join("")}${close}`;
  });
}

/** Prints a call's arguments. An options object without fields is omitted. */
export function args(...values: readonly unknown[]): string {
  const isEmpty = values.length > 0 && literal(values.at(-1)) === "{}";
  return (isEmpty ? values.slice(0, -1) : values).map(literal).join(", ");
}

type Brackets = readonly [open: string, close: string];

/** Prints a value. Quoted strings contain no line breaks, so every line break comes from `lay`. */
function print(value: unknown, lay: (parts: readonly string[], brackets: Brackets) => string): string {
  if (value instanceof Code) return value.text;
  if (Array.isArray(value)) {
    return value.length === 0 ? "[]" : lay(value.map(literal), ["[", "]"]);
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  if (fields.length === 0) return "{}";
  return lay(
    fields.map(([name, each]) => `${nameOf(name)}: ${literal(each)}`),
    ["{", "}"],
  );
}

const nameOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
