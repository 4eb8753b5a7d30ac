import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createContext, runInContext } from "node:vm";
import { describe, expect, test } from "@jest/globals";
import { inProject } from "../support/paths";

const DIST = inProject("dist");
const code = readFileSync(path.join(DIST, "amazon-connect-chat.js"), "utf8");

/** A context with only the globals that the bundle needs to load as a classic script. */
function page(more: Record<string, unknown> = {}): Record<string, unknown> {
  return createContext({ ...more });
}

const load = (context: Record<string, unknown>): unknown => runInContext(code, context);
const inside = (context: Record<string, unknown>, expression: string): unknown =>
  runInContext(expression, context);

describe("the bundle", () => {
  test("is a single file with a source map, without lazy chunks", () => {
    const scripts = readdirSync(DIST).filter((name) => /^amazon-connect.*\.js/.test(name));
    expect(scripts.sort()).toEqual(["amazon-connect-chat.js", "amazon-connect-chat.js.map"]);
  });

  test("REL-37: needs only the language's globals to load, and adds only `connect`", () => {
    const context = page();
    load(context);
    expect(Object.keys(context)).toEqual(["connect"]);
    expect(inside(context, "Object.keys(connect).sort().join()")).toBe(
      "ChatClient,ChatJS,ChatSession,LogLevel,LogManager,WebSocketManager,csmService",
    );
  });

  test("exports the global's objects as CommonJS", () => {
    const module = { exports: {} };
    const context = page({ module });
    load(context);
    expect(Reflect.get(module.exports, "ChatSession")).toBe(inside(context, "connect.ChatSession"));
    expect(Reflect.get(module.exports, "LogManager")).toBe(inside(context, "connect.LogManager"));
  });

  test("sets the global and defines a named module under an AMD loader", () => {
    const defined: unknown[][] = [];
    const define = Object.assign((...args: unknown[]) => defined.push(args), { amd: {} });
    const context = page({ define });
    load(context);
    expect(inside(context, "typeof connect.ChatSession.create")).toBe("function");
    expect(defined.map(([name, needs]) => [name, needs])).toEqual([["amazon-connect-chatjs", []]]);
  });

  test("keeps existing members of the global, except a ChatJS without a ChatSession", () => {
    const streams = { LogLevel: { INFO: "INFO" }, WebSocketManager: {}, ChatJS: "another", core: {} };
    const context = page({ connect: { ...streams } });
    load(context);
    const connect = context["connect"];
    expect(connect).toMatchObject({ LogLevel: { INFO: "INFO" }, WebSocketManager: {}, core: {} });
    expect(inside(context, "connect.ChatJS.name")).toBe("amazon-connect-chatjs");
    expect(inside(context, "connect.ChatSession.LogLevel.INFO")).toBe(20);
  });

  test("keeps the first copy in the global, including ChatJS, if it's loaded twice", () => {
    const context = page();
    load(context);
    const first = inside(context, "connect.ChatSession");
    const about = inside(context, "connect.ChatJS");
    load(context);
    expect(inside(context, "connect.ChatSession")).toBe(first);
    expect(inside(context, "connect.ChatJS")).toBe(about);
  });

  test("keeps and exports another library's ChatJS if the global has that library's ChatSession and ChatJS", () => {
    const module = { exports: {} };
    const connect = { ChatSession: {}, ChatJS: { version: "5.0.0" } };
    const context = page({ module, connect });
    load(context);
    expect(inside(context, "connect.ChatJS.version")).toBe("5.0.0");
    expect(Reflect.get(module.exports, "ChatJS")).toBe(connect.ChatJS);
  });

  test("exports its own ChatJS without adding it to the global if the global has another library's ChatSession but no ChatJS", () => {
    const module = { exports: {} };
    const context = page({ module, connect: { ChatSession: {} } });
    load(context);
    expect(inside(context, "'ChatJS' in connect")).toBe(false);
    expect(Reflect.get(module.exports, "ChatJS")).toHaveProperty("name", "amazon-connect-chatjs");
  });

  test("changes ChatJS when the global's ChatSession is replaced", () => {
    const context = page();
    load(context);
    const { ChatSession } = context["connect"] as { ChatSession: unknown };
    inside(context, 'connect.ChatJS = { version: "5.0.0" }');
    expect(inside(context, "connect.ChatJS.version")).toBe("6.0.0-alpha.0");
    inside(context, "connect.ChatSession = {}");
    expect(inside(context, "connect.ChatJS.version")).toBe("5.0.0");
    Object.assign(context["connect"] as object, { ChatSession });
    expect(inside(context, "connect.ChatJS.version")).toBe("6.0.0-alpha.0");
  });

  test("reports its version in a frozen ChatJS", () => {
    const context = page();
    load(context);
    expect(inside(context, "connect.ChatJS.version")).toBe("6.0.0-alpha.0");
    expect(inside(context, "Object.isFrozen(connect.ChatJS) && Object.isFrozen(connect.ChatJS.build)")).toBe(
      true,
    );
  });
});
