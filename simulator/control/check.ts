/** Checks JSON values against schemas. Messages name the field, the expected value, and the actual value. */
import type { AnySchema, Field, Schema } from "./schema";

/** A path such as `scope.times` or `pieces[2]`. The complete value has an empty path. */
type Path = string;

const MAX_QUOTED = 60;

/** Describes a value in a message, in a few words. */
function inWords(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const written = JSON.stringify(value);
  return written.length > MAX_QUOTED ? `${written.slice(0, MAX_QUOTED)}…` : written;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const within = (path: Path, field: string): Path => (path === "" ? field : `${path}.${field}`);

const nameOf = (path: Path): string => (path === "" ? "The value" : `\`${path}\``);

const mustBe = (path: Path, expected: string, value: unknown): string =>
  `${nameOf(path)} must be ${expected}; got ${inWords(value)}.`;

function range({ minimum, maximum, ranges }: Extract<AnySchema["shape"], { kind: "number" }>): string {
  if (ranges) return ` from ${ranges.map(([first, last]) => `${first} to ${last}`).join(", or from ")}`;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? "" : ` of at most ${maximum}`;
}

function textProblem(
  {
    choices,
    minLength = 0,
    maxLength = Number.POSITIVE_INFINITY,
    format,
  }: Extract<AnySchema["shape"], { kind: "text" }>,
  value: unknown,
  path: Path,
): string | null {
  if (choices) {
    const isChoice = typeof value === "string" && choices.includes(value);
    return isChoice ? null : mustBe(path, oneOf(choices), value);
  }
  if (typeof value !== "string") return mustBe(path, "a string", value);
  if (value.length < minLength) return mustBe(path, "a non-empty string", value);
  if (value.length > maxLength) return mustBe(path, `a string of at most ${maxLength} characters`, value);
  return !format || format.pattern.test(value) ? null : mustBe(path, format.expected, value);
}

const oneOf = (choices: readonly string[]): string => {
  const quoted = choices.map((each) => `"${each}"`);
  return quoted.length === 1 ? quoted.join("") : `one of ${quoted.join(", ")}`;
};

function objectProblem(fields: Readonly<Record<string, Field>>, value: unknown, path: Path): string | null {
  if (!isRecord(value)) return mustBe(path, "an object", value);
  const names = Object.keys(fields);
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const known = names.length === 0 ? "No fields are allowed." : `Use: ${names.join(", ")}.`;
    return `${nameOf(within(path, unknown))} isn't a known field. ${known}`;
  }
  for (const [name, { schema, isOptional }] of Object.entries(fields)) {
    const at = within(path, name);
    if (value[name] === undefined) {
      if (!isOptional) return `${nameOf(at)} is missing. ${schema.description ?? ""}`.trim();
    } else {
      const problem = problemOf(schema, value[name], at);
      if (problem !== null) return problem;
    }
  }
  return null;
}

function variantProblem(
  { by, variants }: Extract<AnySchema["shape"], { kind: "variants" }>,
  value: unknown,
  path: Path,
): string | null {
  if (!isRecord(value)) return mustBe(path, "an object", value);
  const chosen = value[by];
  const variant =
    typeof chosen === "string" && Object.hasOwn(variants, chosen) ? variants[chosen] : undefined;
  return variant
    ? problemOf(variant, value, path)
    : mustBe(within(path, by), oneOf(Object.keys(variants)), chosen);
}

function eitherProblem(choices: readonly AnySchema[], value: unknown, path: Path): string | null {
  const problems = choices.map((each) => problemOf(each, value, path));
  if (problems.includes(null)) return null;
  // All other choices in this API are between null and one kind of value, so the first problem explains the value.
  return problems[0] ?? null;
}

/** Describes the first problem of a value; null if it conforms to the schema. */
export function problemOf({ shape }: AnySchema, value: unknown, path: Path = ""): string | null {
  switch (shape.kind) {
    case "anything":
      return null;
    case "nothing":
      return value === null ? null : mustBe(path, "null", value);
    case "absent":
      return value === undefined ? null : `${nameOf(path)} must be absent; got ${inWords(value)}.`;
    case "flag":
      return typeof value === "boolean" ? null : mustBe(path, "true or false", value);
    case "constant":
      return value === shape.value ? null : mustBe(path, String(shape.value), value);
    case "text":
      return textProblem(shape, value, path);
    case "number": {
      const {
        minimum = -Number.MAX_VALUE,
        maximum = Number.MAX_VALUE,
        ranges = [[minimum, maximum]],
      } = shape;
      const isNumber =
        typeof value === "number" && (shape.isInteger ? Number.isInteger(value) : Number.isFinite(value));
      if (isNumber && ranges.some(([first, last]) => value >= first && value <= last)) return null;
      return mustBe(path, (shape.isInteger ? "a whole number" : "a number") + range(shape), value);
    }
    case "list": {
      if (!Array.isArray(value)) return mustBe(path, "a list", value);
      return firstProblem(value, (each, index) => problemOf(shape.items, each, `${path}[${index}]`));
    }
    case "map": {
      if (!isRecord(value)) return mustBe(path, "an object", value);
      return firstProblem(Object.entries(value), ([name, each]) =>
        problemOf(shape.values, each, within(path, name)),
      );
    }
    case "object":
      return objectProblem(shape.fields, value, path);
    case "variants":
      return variantProblem(shape, value, path);
    case "either":
      return eitherProblem(shape.choices, value, path);
    default:
      return shape satisfies never;
  }
}

function firstProblem<Each>(
  values: readonly Each[],
  find: (each: Each, index: number) => string | null,
): string | null {
  for (const [index, each] of values.entries()) {
    const problem = find(each, index);
    if (problem !== null) return problem;
  }
  return null;
}

/** Whether a value conforms to a schema. */
export const conforms = <Value>(schema: Schema<Value>, value: unknown): value is Value =>
  problemOf(schema, value) === null;
