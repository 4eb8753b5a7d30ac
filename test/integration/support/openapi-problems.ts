/**
 * Finds mistakes in an OpenAPI 3.1 document. Checks required fields, unknown fields, references, path parameters,
 * operation IDs, and the keywords of JSON Schema 2020-12. Rules that the document can't break aren't checked.
 */

type Json = Readonly<Record<string, unknown>>;
type Report = (problem: string) => void;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isNumber = (value: unknown): boolean => typeof value === "number";
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isBoolean = (value: unknown): boolean => typeof value === "boolean";

const TYPES = ["string", "integer", "number", "boolean", "array", "object", "null"];

/** The rule for each keyword's value. Schemas inside a keyword are checked below. */
const KEYWORDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  $ref: isText,
  type: (value) => TYPES.includes(String(value)),
  description: isText,
  enum: (value) => isList(value) && value.length > 0 && new Set(value).size === value.length,
  const: () => true,
  minLength: (value) => Number.isInteger(value),
  maxLength: (value) => Number.isInteger(value),
  pattern: isText,
  minimum: isNumber,
  maximum: isNumber,
  required: (value) => isList(value) && value.every(isText) && new Set(value).size === value.length,
  properties: isObject,
  additionalProperties: (value) => isBoolean(value) || isObject(value),
  items: isObject,
  oneOf: (value) => isList(value) && value.length > 0,
  anyOf: (value) => isList(value) && value.length > 0,
};

function requireFields(
  value: unknown,
  at: string,
  required: readonly string[],
  allowed: readonly string[],
  report: Report,
): value is Json {
  if (!isObject(value)) {
    report(`${at} must be an object.`);
    return false;
  }
  for (const name of required) if (!(name in value)) report(`${at} lacks ${name}.`);
  for (const name of Object.keys(value)) {
    if (![...required, ...allowed].includes(name)) report(`${at} has the unknown field ${name}.`);
  }
  return true;
}

function checkSchema(schema: unknown, at: string, document: Json, report: Report): void {
  if (!isObject(schema)) {
    report(`${at} must be a schema.`);
    return;
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const rule = KEYWORDS[keyword];
    if (!rule) report(`${at} has the unknown keyword ${keyword}.`);
    else if (!rule(value)) report(`${at} has a wrong ${keyword}.`);
  }
  const { $ref, properties, required, items, additionalProperties, oneOf, anyOf } = schema;
  if (typeof $ref === "string" && resolve($ref, document) === undefined)
    report(`${at}: ${$ref} doesn't exist.`);
  const fields = isObject(properties) ? properties : {};
  for (const [name, each] of Object.entries(fields)) checkSchema(each, `${at}.${name}`, document, report);
  for (const name of isList(required) ? required : []) {
    if (!(String(name) in fields)) report(`${at} requires ${String(name)}, which it doesn't describe.`);
  }
  if (items !== undefined) checkSchema(items, `${at}[]`, document, report);
  if (isObject(additionalProperties)) checkSchema(additionalProperties, `${at}.*`, document, report);
  for (const each of [isList(oneOf) ? oneOf : [], isList(anyOf) ? anyOf : []].flat())
    checkSchema(each, `${at}|`, document, report);
}

function resolve(reference: string, document: Json): unknown {
  if (!reference.startsWith("#/")) return undefined;
  return reference
    .slice(2)
    .split("/")
    .reduce<unknown>((value, part) => (isObject(value) ? value[part] : undefined), document);
}

function checkContent(content: unknown, at: string, document: Json, report: Report): void {
  if (!isObject(content)) {
    report(`${at} must be an object.`);
    return;
  }
  for (const [type, media] of Object.entries(content)) {
    if (!/^\w+\/[\w.+-]+$/.test(type)) report(`${at} has the wrong media type ${type}.`);
    if (requireFields(media, `${at} ${type}`, ["schema"], [], report))
      checkSchema(media["schema"], `${at} ${type}`, document, report);
  }
}

function checkParameters(operation: Json, path: string, at: string, document: Json, report: Report): void {
  const parameters = isList(operation["parameters"]) ? operation["parameters"] : [];
  const inPath: unknown[] = [];
  for (const parameter of parameters) {
    if (
      !requireFields(
        parameter,
        `${at} parameter`,
        ["name", "in", "schema"],
        ["required", "description"],
        report,
      )
    )
      continue;
    const { name, in: place, required, schema } = parameter;
    checkSchema(schema, `${at} ${String(name)}`, document, report);
    if (place === "path") {
      inPath.push(name);
      if (required !== true) report(`${at}: the path parameter ${String(name)} must be required.`);
    } else if (place !== "query") report(`${at}: ${String(name)} is in the wrong place.`);
  }
  const expected = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
  if (inPath.sort().join() !== expected.sort().join())
    report(`${at}: the path's parameters aren't those of ${path}.`);
}

function checkOperation(operation: unknown, path: string, at: string, document: Json, report: Report): void {
  const optional = ["parameters", "requestBody", "description"];
  if (!requireFields(operation, at, ["operationId", "summary", "responses"], optional, report)) return;
  checkParameters(operation, path, at, document, report);
  const { requestBody, responses } = operation;
  if (
    requestBody !== undefined &&
    requireFields(requestBody, `${at} body`, ["content"], ["required"], report)
  )
    checkContent(requestBody["content"], `${at} body`, document, report);
  if (!isObject(responses)) return;
  if (!("200" in responses)) report(`${at} doesn't describe success.`);
  for (const [status, response] of Object.entries(responses)) {
    if (!/^[1-5]\d\d$/.test(status)) report(`${at} has the wrong status ${status}.`);
    if (requireFields(response, `${at} ${status}`, ["description"], ["content"], report))
      checkContent(response["content"], `${at} ${status}`, document, report);
  }
}

/** Returns the document's mistakes. */
export function problemsOfOpenApi(document: unknown): string[] {
  const problems: string[] = [];
  const report: Report = (problem) => void problems.push(problem);
  if (
    !requireFields(document, "the document", ["openapi", "info", "paths"], ["servers", "components"], report)
  )
    return problems;
  const { openapi, info, paths, components, servers } = document;
  if (!/^3\.1\.\d+$/.test(String(openapi))) report("openapi isn't 3.1.");
  requireFields(info, "info", ["title", "version"], ["description", "license"], report);
  for (const server of isList(servers) ? servers : []) requireFields(server, "server", ["url"], [], report);
  const ids: unknown[] = [];
  for (const [path, item] of Object.entries(isObject(paths) ? paths : {})) {
    if (!path.startsWith("/")) report(`${path} must begin with a slash.`);
    for (const [method, operation] of Object.entries(isObject(item) ? item : {})) {
      if (!["get", "post", "put", "patch", "delete"].includes(method))
        report(`${path} has the unknown method ${method}.`);
      checkOperation(operation, path, `${method} ${path}`, document, report);
      if (isObject(operation)) ids.push(operation["operationId"]);
    }
  }
  if (new Set(ids).size !== ids.length) report("Operation IDs must be unique.");
  const schemas = isObject(components) ? components["schemas"] : undefined;
  for (const [name, schema] of Object.entries(isObject(schemas) ? schemas : {})) {
    if (!/^[\w.-]+$/.test(name)) report(`${name} isn't a component's name.`);
    checkSchema(schema, name, document, report);
  }
  return problems;
}
