/**
 * Describes the JSON of the control API. One description checks request bodies (`check.ts`), prints the OpenAPI
 * document (`openapi.ts`), and is checked against the TypeScript type by the compiler.
 */

/** A text that matches a regular expression. `expected` describes it in an error: "a media type such as image/png". */
export interface TextFormat {
  readonly pattern: RegExp;
  readonly expected: string;
}

/** The shape of a JSON value. */
export type Shape =
  | {
      readonly kind: "text";
      readonly choices?: readonly string[];
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly format?: TextFormat;
    }
  | {
      readonly kind: "number";
      readonly isInteger: boolean;
      readonly minimum?: number;
      readonly maximum?: number;
      /** The allowed ranges, first and last number included. */
      readonly ranges?: readonly (readonly [first: number, last: number])[];
    }
  /** Exactly this number. */
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "flag" }
  | { readonly kind: "nothing" }
  /** Always undefined, for a request without a body or without a query. */
  | { readonly kind: "absent" }
  | { readonly kind: "anything" }
  | { readonly kind: "list"; readonly items: AnySchema }
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, Field>> }
  | { readonly kind: "map"; readonly values: AnySchema }
  /** One of several objects. The text in the field `by` determines which object is expected. */
  | { readonly kind: "variants"; readonly by: string; readonly variants: Readonly<Record<string, AnySchema>> }
  | { readonly kind: "either"; readonly choices: readonly AnySchema[] };

export interface AnySchema {
  readonly shape: Shape;
  readonly description?: string;
  /** The schema's name among the document's components. A schema without a name is printed inline. */
  readonly name?: string;
}

/**
 * A schema of values of type `Value`. The compiler checks that type and schema match exactly. For that, it also needs
 * `Names`: a schema that lacks an optional field of `Value` would otherwise be accepted.
 */
export interface Schema<Value, Names = keyof Value> extends AnySchema {
  /** Never present. */
  readonly typeOnly?: (value: Value, name: Names) => readonly [Value, Names];
}

/** A field of an object. */
export interface Field {
  readonly schema: AnySchema;
  readonly isOptional: boolean;
}

export interface OptionalField<Value> extends Field {
  readonly schema: Schema<Value>;
  readonly isOptional: true;
}

export type ValueOf<Any> = Any extends Schema<infer Value> ? Value : never;

type Fields = Readonly<Record<string, AnySchema | OptionalField<never> | Field>>;
type OptionalNames<Given> = {
  [Name in keyof Given]: Given[Name] extends { readonly isOptional: true } ? Name : never;
}[keyof Given];
type ObjectOf<Given> = {
  [Name in Exclude<keyof Given, OptionalNames<Given>>]: ValueOf<Given[Name]>;
} & {
  [Name in OptionalNames<Given>]?: Given[Name] extends OptionalField<infer Value> ? Value : never;
};
type Flat<Given> = { [Name in keyof Given]: Given[Name] };

const isField = (value: AnySchema | Field): value is Field => "isOptional" in value;

interface TextRules {
  minLength?: number;
  maxLength?: number;
  format?: TextFormat;
}

export const ABSENT: Schema<undefined> = { shape: { kind: "absent" } };

export const text = (description: string, rules: TextRules = {}): Schema<string> => ({
  shape: { kind: "text", ...rules },
  description,
});

/** One of a few texts. */
export const choice = <const Choice extends string>(
  choices: readonly Choice[],
  description?: string,
): Schema<Choice> => ({
  shape: { kind: "text", choices },
  ...(description !== undefined && { description }),
});

/** Exactly this number, such as a version. */
export const constant = <const Value extends number>(value: Value): Schema<Value> => ({
  shape: { kind: "constant", value },
});

interface NumberRules {
  minimum?: number;
  maximum?: number;
  ranges?: readonly (readonly [first: number, last: number])[];
}

export const integer = (description: string, rules: NumberRules = {}): Schema<number> => ({
  shape: { kind: "number", isInteger: true, ...rules },
  description,
});

export const number = (description: string, rules: NumberRules = {}): Schema<number> => ({
  shape: { kind: "number", isInteger: false, ...rules },
  description,
});

export const flag = (description: string): Schema<boolean> => ({ shape: { kind: "flag" }, description });

export const anything = (description: string): Schema<unknown> => ({
  shape: { kind: "anything" },
  description,
});

export const list = <Item>(items: Schema<Item>, description?: string): Schema<Item[]> => ({
  shape: { kind: "list", items },
  ...(description !== undefined && { description }),
});

/** An object with arbitrary field names. */
export const map = <Value>(values: Schema<Value>, description: string): Schema<Record<string, Value>> => ({
  shape: { kind: "map", values },
  description,
});

export const optional = <Value>(schema: Schema<Value>): OptionalField<Value> => ({
  schema,
  isOptional: true,
});

export const nullable = <Value>(schema: Schema<Value>): Schema<Value | null> => ({
  shape: { kind: "either", choices: [schema, { shape: { kind: "nothing" } }] },
  ...(schema.description !== undefined && { description: schema.description }),
});

export const either = <One, Other>(one: Schema<One>, other: Schema<Other>): Schema<One | Other> => ({
  shape: { kind: "either", choices: [one, other] },
});

const fieldsOf = (fields: Fields): Readonly<Record<string, Field>> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, each]) => [
      name,
      isField(each) ? each : { schema: each, isOptional: false },
    ]),
  );

/** An object with exactly these fields. */
export const object = <const Given extends Fields>(
  fields: Given,
  description?: string,
): Schema<Flat<ObjectOf<Given>>> => ({
  shape: { kind: "object", fields: fieldsOf(fields) },
  ...(description !== undefined && { description }),
});

/** One of several objects. The text in the field `by` determines which object is expected. */
export const variants = <const Given extends Readonly<Record<string, AnySchema>>>(
  by: string,
  parts: Given,
  description?: string,
): Schema<ValueOf<Given[keyof Given]>> => ({
  shape: { kind: "variants", by, variants: parts },
  ...(description !== undefined && { description }),
});

/** Names a schema, for the document's components. */
export const named = <Value>(name: string, schema: Schema<Value>): Schema<Value> => ({ ...schema, name });
