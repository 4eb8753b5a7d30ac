import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createContext, runInContext } from "node:vm";
import { describe, expect, test } from "@jest/globals";
import { inProject } from "../support/paths";

const DIST = inProject("dist");
const code = readFileSync(path.join(DIST, "amazon-connect-chat.js"), "utf8");

/** What a classic script has around it, as far as the bundle needs it to load. */
function page(more: Record<string, unknown> = {}): Record<string, unknown> {
  return createContext({ ...more });
}

const load = (context: Record<string, unknown>): unknown => runInContext(code, context);
const inside = (context: Record<string, unknown>, expression: string): unknown =>
  runInContext(expression, context);

describe("the bundle", () => {
  test("is one file, with its source map: no chunk is loaded later", () => {
    const scripts = readdirSync(DIST).filter((name) => /^amazon-connect.*\.js/.test(name));
    expect(scripts.sort()).toEqual(["amazon-connect-chat.js", "amazon-connect-chat.js.map"]);
  });

  test("REL-37: the bundle needs no globals but the language's, and adds none but connect", () => {
    const context = page();
    load(context);
    expect(Object.keys(context)).toEqual(["connect"]);
    expect(inside(context, "Object.keys(connect).sort().join()")).toBe(
      "ChatClient,ChatJS,ChatSession,LogLevel,LogManager,WebSocketManager,csmService",
    );
  });

  test("as CommonJS, exports the objects that stand in the global", () => {
    const module = { exports: {} };
    const context = page({ module });
    load(context);
    expect(Reflect.get(module.exports, "ChatSession")).toBe(inside(context, "connect.ChatSession"));
    expect(Reflect.get(module.exports, "LogManager")).toBe(inside(context, "connect.LogManager"));
  });

  test("under an AMD loader, fills the global all the same, and defines itself by name", () => {
    const defined: unknown[][] = [];
    const define = Object.assign((...args: unknown[]) => defined.push(args), { amd: {} });
    const context = page({ define });
    load(context);
    expect(inside(context, "typeof connect.ChatSession.create")).toBe("function");
    expect(defined.map(([name, needs]) => [name, needs])).toEqual([["amazon-connect-chatjs", []]]);
  });

  test("keeps what stands in the global already, except a ChatJS without a ChatSession", () => {
    const streams = { LogLevel: { INFO: "INFO" }, WebSocketManager: {}, ChatJS: "another", core: {} };
    const context = page({ connect: { ...streams } });
    load(context);
    const connect = context["connect"];
    expect(connect).toMatchObject({ LogLevel: { INFO: "INFO" }, WebSocketManager: {}, core: {} });
    expect(inside(context, "connect.ChatJS.name")).toBe("amazon-connect-chatjs");
    expect(inside(context, "connect.ChatSession.LogLevel.INFO")).toBe(20);
  });

  test("loaded twice, leaves the first copy in its place, ChatJS included", () => {
    const context = page();
    load(context);
    const first = inside(context, "connect.ChatSession");
    const about = inside(context, "connect.ChatJS");
    load(context);
    expect(inside(context, "connect.ChatSession")).toBe(first);
    expect(inside(context, "connect.ChatJS")).toBe(about);
  });

  test("beside another library's ChatSession, leaves that one's ChatJS and exports it", () => {
    const module = { exports: {} };
    const connect = { ChatSession: {}, ChatJS: { version: "5.0.0" } };
    const context = page({ module, connect });
    load(context);
    expect(inside(context, "connect.ChatJS.version")).toBe("5.0.0");
    expect(Reflect.get(module.exports, "ChatJS")).toBe(connect.ChatJS);
  });

  test("beside another library's ChatSession without a ChatJS, claims none in the global and exports its own", () => {
    const module = { exports: {} };
    const context = page({ module, connect: { ChatSession: {} } });
    load(context);
    expect(inside(context, "'ChatJS' in connect")).toBe(false);
    expect(Reflect.get(module.exports, "ChatJS")).toHaveProperty("name", "amazon-connect-chatjs");
  });

  test("ChatJS follows a ChatSession that is replaced later", () => {
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

  test("tells what it is, and cannot be changed", () => {
    const context = page();
    load(context);
    expect(inside(context, "connect.ChatJS.version")).toBe("6.0.0-alpha.0");
    expect(inside(context, "Object.isFrozen(connect.ChatJS) && Object.isFrozen(connect.ChatJS.build)")).toBe(
      true,
    );
  });
});
