/** Prints a JSON value as JavaScript, with unquoted names where possible. Undefined fields are left out. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (value instanceof Code) return value.text;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).filter(([, each]) => each !== undefined);
    if (fields.length === 0) return "{}";
    return `{ ${fields.map(([name, each]) => field(name, each)).join(", ")} }`;
  }
  return JSON.stringify(value);
}

/** An expression, printed as it is. */
export class Code {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function field(name: string, value: unknown): string {
  return `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${literal(value)}`;
}

/** The arguments of a call: an options object without fields is left out. */
export function args(...values: readonly unknown[]): string {
  const last = values.at(-1);
  const isEmpty =
    typeof last === "object" && last !== null && !(last instanceof Code) && literal(last) === "{}";
  return (isEmpty ? values.slice(0, -1) : values).map(literal).join(", ");
}
