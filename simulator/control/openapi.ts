/** Converts the table of operations into an OpenAPI 3.1 document. */
import { OPERATIONS, parametersIn, type AnyOperation, type ErrorStatus } from "./operations";
import type { AnySchema, Field } from "./schema";

type Json = Readonly<Record<string, unknown>>;

/** The named schemas, each printed once and referenced elsewhere. */
type Components = Map<string, Json>;

const ERRORS: Readonly<Record<ErrorStatus | 400 | 403, string>> = {
  400: "The request is wrong. The message names the field.",
  403: "The request comes from an origin or a host that isn't allowed.",
  404: "There is no such contact, participant, item, attachment or fault.",
  408: "Nothing matched in time. The message lists the items that came instead.",
  409: "The chat has ended, or isn't in the state that the operation needs.",
};

const definedOnly = (rules: Readonly<Record<string, number | string | undefined>>): Json =>
  Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));

function printFields(fields: Readonly<Record<string, Field>>, components: Components): Json {
  const entries = Object.entries(fields);
  const required = entries.filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(
      entries.map(([name, { schema }]) => [name, printSchema(schema, components)]),
    ),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function printShape({ shape }: AnySchema, components: Components): Json {
  switch (shape.kind) {
    case "anything":
      return {};
    case "nothing":
      return { type: "null" };
    case "absent":
      return { not: {} };
    case "flag":
      return { type: "boolean" };
    case "constant":
      return { const: shape.value };
    case "text": {
      const { choices, minLength, maxLength, format } = shape;
      const rules = definedOnly({ minLength, maxLength, pattern: format?.pattern.source });
      return { type: "string", ...(choices && { enum: choices }), ...rules };
    }
    case "number": {
      const { isInteger, minimum, maximum, ranges } = shape;
      return {
        type: isInteger ? "integer" : "number",
        ...definedOnly({ minimum, maximum }),
        ...(ranges && { anyOf: ranges.map(([first, last]) => ({ minimum: first, maximum: last })) }),
      };
    }
    case "list":
      return { type: "array", items: printSchema(shape.items, components) };
    case "map":
      return { type: "object", additionalProperties: printSchema(shape.values, components) };
    case "object":
      return printFields(shape.fields, components);
    case "variants":
      // No `discriminator`: OpenAPI allows its mapping only for named schemas. The field's constant value is enough.
      return { oneOf: Object.values(shape.variants).map((each) => printSchema(each, components)) };
    case "either":
      return { anyOf: shape.choices.map((each) => printSchema(each, components)) };
    default:
      return shape satisfies never;
  }
}

function printSchema(schema: AnySchema, components: Components): Json {
  const { name, description } = schema;
  const print = (): Json => ({
    ...(description !== undefined && { description }),
    ...printShape(schema, components),
  });
  if (name === undefined) return print();
  if (!components.has(name)) components.set(name, print());
  return { $ref: `#/components/schemas/${name}` };
}

function printParameters({ path, query }: AnyOperation, components: Components): Json[] {
  const inPath = parametersIn(path).map((name) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const fields = query.shape.kind === "object" ? Object.entries(query.shape.fields) : [];
  const inQuery = fields.map(([name, { schema, isOptional }]) => ({
    name,
    in: "query",
    required: !isOptional,
    schema: printSchema(schema, components),
  }));
  return [...inPath, ...inQuery];
}

function printOperation(operationId: string, operation: AnyOperation, components: Components): Json {
  const { summary, body, answer, errors, produces } = operation;
  const parameters = printParameters(operation, components);
  const error = { "application/json": { schema: { $ref: "#/components/schemas/Error" } } };
  const statuses = [400, 403, ...errors] as const;
  return {
    operationId,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body.shape.kind !== "absent" && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: printSchema(body, components) } },
      },
    }),
    responses: {
      200: {
        description: answer.description ?? "Done.",
        content: { [produces]: { schema: printSchema(answer, components) } },
      },
      ...Object.fromEntries(
        statuses.map((status) => [status, { description: ERRORS[status], content: error }]),
      ),
    },
  };
}

const ERROR: Json = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        code: {
          type: "string",
          enum: [
            "BadRequest",
            "Forbidden",
            "NotFound",
            "MethodNotAllowed",
            "Timeout",
            "Conflict",
            "Internal",
          ],
        },
        message: { type: "string", description: "What is wrong, which field, and what to do." },
      },
      required: ["code", "message"],
      additionalProperties: false,
    },
  },
  required: ["error"],
  additionalProperties: false,
};

/** The document. `version` is the package's. */
export function openApi(version: string): Json {
  const components: Components = new Map([["Error", ERROR]]);
  const paths: Record<string, Record<string, Json>> = {};
  for (const [operationId, operation] of Object.entries(OPERATIONS)) {
    const path = (paths[operation.path] ??= {});
    path[operation.method.toLowerCase()] = printOperation(operationId, operation, components);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "The control API of connect-chat-simulator",
      version,
      description:
        "Plays the other side of chats, injects faults, records traffic, and waits for what a page does. " +
        "It is for development and tests on your own machine.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    // Relative to this document, so that a proxy's path prefix is kept.
    servers: [{ url: ".." }],
    paths,
    components: { schemas: Object.fromEntries(components) },
  };
}
