/** The OpenAPI document: it is valid, and describes exactly the routes that exist. */
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

const described = (): [path: string, method: string, operationId: string][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { operationId }]) => [path, method, operationId] as [string, string, string],
    ),
  );

test("the document is a valid OpenAPI 3.1 document", () => {
  expect(document.openapi).toBe("3.1.0");
  expect(problemsOfOpenApi(document)).toEqual([]);
});

test("the check of the document notices mistakes: a missing reference, parameter or description, and a wrong keyword", () => {
  const broken = (change: (copy: Document) => void): string[] => {
    const copy = JSON.parse(JSON.stringify(document)) as Document;
    change(copy);
    return problemsOfOpenApi(copy);
  };
  expect(broken((copy) => delete copy.components.schemas["Item"])).not.toEqual([]);
  expect(broken((copy) => (copy.components.schemas["Item"] = { type: "text" }))).not.toEqual([]);
  expect(broken((copy) => (copy.components.schemas["Item"] = { properties: [] }))).not.toEqual([]);
  expect(broken((copy) => (copy.components.schemas["Item"] = { kind: "text" }))).not.toEqual([]);
  const get = (copy: Document): object => copy.paths["/_control/contacts/{contactId}"]?.["get"] ?? {};
  expect(broken((copy) => Reflect.deleteProperty(get(copy), "parameters"))).not.toEqual([]);
  expect(broken((copy) => Reflect.deleteProperty(get(copy), "responses"))).not.toEqual([]);
  expect(broken((copy) => Reflect.set(get(copy), "operationId", "getStatus"))).not.toEqual([]);
});

test("the document lists each operation of the table once, by its method and path", () => {
  const expected = Object.entries(OPERATIONS).map(([id, { method, path }]) => [
    path,
    method.toLowerCase(),
    id,
  ]);
  expect(described().sort()).toEqual(expected.sort());
});

describe("the server", () => {
  test("answers each described route, and none of them with 404 for the route or 405", async () => {
    for (const [path, method, id] of described()) {
      if (id === "events") continue;
      const url = path.replace(/\{\w+\}/g, "none");
      const answer = await control.fetch(method.toUpperCase(), url, method === "get" ? undefined : "?");
      const text = JSON.stringify(answer.body);
      expect(`${id} ${answer.status} ${text}`).not.toMatch(/ 405 |There is no \/_control/);
    }
  });

  test("refuses methods that a described path doesn't have with 405 and Allow", async () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const other = ["GET", "POST", "PUT", "PATCH", "DELETE"].find(
        (each) => !(each.toLowerCase() in methods),
      );
      if (other === undefined) continue;
      const answer = await control.fetch(other, path.replace(/\{\w+\}/g, "none"));
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")?.toLowerCase().split(", ").sort()).toEqual(
        Object.keys(methods).sort(),
      );
      expect(errorOf(answer)).toMatchObject({ code: "MethodNotAllowed" });
    }
  });

  test("refuses paths that the document doesn't have with 404", async () => {
    for (const path of [
      "/_control/",
      "/_control/contact",
      "/_control/contacts/a/b",
      "/_control/contacts//end",
    ]) {
      const answer = await control.fetch("GET", path);
      expect(answer.status).toBe(404);
      expect(errorOf(answer)).toMatchObject({ code: "NotFound" });
    }
  });
});

test("without the option `control`, there is no control API", async () => {
  const plain = await startSimulator();
  try {
    const client = new ControlClient(() => plain.url);
    expect((await client.fetch("GET", "/_control/status")).status).toBe(404);
  } finally {
    await plain.close();
  }
});
