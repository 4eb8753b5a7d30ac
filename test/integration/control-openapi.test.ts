/** The OpenAPI document must be valid and describe exactly the routes that exist. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { OPERATIONS } from "../../simulator/control/operations";
import { startSimulator, type Simulator } from "../../simulator/index";
import { ControlClient, errorOf } from "./support/control";
import { problemsOfOpenApi } from "./support/openapi-problems";

interface Document {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, { operationId: string }>>;
  components: { schemas: Record<string, unknown> };
}

let simulator: Simulator;
let document: Document;
const control = new ControlClient(() => simulator.url);

beforeEach(async () => {
  simulator = await startSimulator({ control: true });
  document = (await control.fetch("GET", "/_control/openapi.json")).body as Document;
});

afterEach(() => simulator.close());

const documentedOperations = (): [path: string, method: string, operationId: string][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { operationId }]) => [path, method, operationId] as [string, string, string],
    ),
  );

test("the document is a valid OpenAPI 3.1 document", () => {
  expect(document.openapi).toBe("3.1.0");
  expect(problemsOfOpenApi(document)).toEqual([]);
});

test("the check reports missing schemas, parameters and responses, invalid keywords, and duplicate operation IDs", () => {
  const problemsAfter = (change: (copy: Document) => void): string[] => {
    const copy = JSON.parse(JSON.stringify(document)) as Document;
    change(copy);
    return problemsOfOpenApi(copy);
  };
  expect(problemsAfter((copy) => delete copy.components.schemas["Item"])).not.toEqual([]);
  expect(problemsAfter((copy) => (copy.components.schemas["Item"] = { type: "text" }))).not.toEqual([]);
  expect(problemsAfter((copy) => (copy.components.schemas["Item"] = { properties: [] }))).not.toEqual([]);
  expect(problemsAfter((copy) => (copy.components.schemas["Item"] = { kind: "text" }))).not.toEqual([]);
  const get = (copy: Document): object => copy.paths["/_control/contacts/{contactId}"]?.["get"] ?? {};
  expect(problemsAfter((copy) => Reflect.deleteProperty(get(copy), "parameters"))).not.toEqual([]);
  expect(problemsAfter((copy) => Reflect.deleteProperty(get(copy), "responses"))).not.toEqual([]);
  expect(problemsAfter((copy) => Reflect.set(get(copy), "operationId", "getStatus"))).not.toEqual([]);
});

test("the document lists each entry of OPERATIONS once, with its method and path", () => {
  const expected = Object.entries(OPERATIONS).map(([id, { method, path }]) => [
    path,
    method.toLowerCase(),
    id,
  ]);
  expect(documentedOperations().sort()).toEqual(expected.sort());
});

describe("the server", () => {
  test("has every documented route with its documented method", async () => {
    for (const [path, method, id] of documentedOperations()) {
      if (id === "events") continue;
      const url = path.replace(/\{\w+\}/g, "none");
      const response = await control.fetch(method.toUpperCase(), url, method === "get" ? undefined : "?");
      const text = JSON.stringify(response.body);
      expect(`${id} ${response.status} ${text}`).not.toMatch(/ 405 |There is no \/_control/);
    }
  });

  test("rejects other methods on a documented path with 405 and an Allow header", async () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const other = ["GET", "POST", "PUT", "PATCH", "DELETE"].find(
        (each) => !(each.toLowerCase() in methods),
      );
      if (other === undefined) continue;
      const response = await control.fetch(other, path.replace(/\{\w+\}/g, "none"));
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")?.toLowerCase().split(", ").sort()).toEqual(
        Object.keys(methods).sort(),
      );
      expect(errorOf(response)).toMatchObject({ code: "MethodNotAllowed" });
    }
  });

  test("rejects undocumented paths with 404", async () => {
    for (const path of [
      "/_control/",
      "/_control/contact",
      "/_control/contacts/a/b",
      "/_control/contacts//end",
    ]) {
      const response = await control.fetch("GET", path);
      expect(response.status).toBe(404);
      expect(errorOf(response)).toMatchObject({ code: "NotFound" });
    }
  });
});

test("a simulator without the `control` option has no control API", async () => {
  const plain = await startSimulator();
  try {
    const client = new ControlClient(() => plain.url);
    expect((await client.fetch("GET", "/_control/status")).status).toBe(404);
  } finally {
    await plain.close();
  }
});
