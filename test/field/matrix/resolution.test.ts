import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Application } from "../../package/support/application";

/** Tests tools that don't support the package's `exports`, so they resolve its entries by path. */

let application: Application;
beforeAll(() => {
  application = new Application();
  application.install("jest@27.5.1", "ws@8.23.0");
});
afterAll(() => application.remove());

/** Jest 27's environment lacks globals that newer Node versions have. */
const ENVIRONMENT = `
const NodeEnvironment = require("jest-environment-node");
const WebSocket = require("ws");
module.exports = class extends NodeEnvironment {
  constructor(...args) {
    super(...args);
    const { Blob, Headers, MessageChannel, Request, Response, crypto, fetch } = globalThis;
    Object.assign(this.global, { Blob, Headers, MessageChannel, Request, Response, WebSocket, crypto, fetch });
  }
};
`;

const CHAT = `
/** @jest-environment ./environment.js */
const { ChatSession } = require("amazon-connect-chatjs");
const { startSimulator } = require("amazon-connect-chatjs/simulator");
const { inspect, inspector } = require("amazon-connect-chatjs/inspector");
const { parseInteractive } = require("amazon-connect-chatjs/interactive");

test("an inspected session can chat", async () => {
  const simulator = await startSimulator();
  ChatSession.setGlobalConfig({ endpoint: simulator.url });
  const chatDetails = simulator.startChat({ displayName: "Alex" });
  const session = ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
  const stop = inspect(session);
  const agentMessage = new Promise((resolve) => {
    session.onMessage(({ data }) => data.ParticipantRole === "AGENT" && resolve(data.Content));
  });
  const established = new Promise((resolve) => session.onConnectionEstablished(resolve));
  await session.connect();
  await established;
  simulator.contact(chatDetails.ContactId).say("Hello", { role: "AGENT" });
  expect(await agentMessage).toBe("Hello");
  expect(inspector.isOn).toBe(false);
  expect(parseInteractive({ ContentType: "text/plain" })).toBe(null);
  stop();
  session.dispose();
  await simulator.close();
});
`;

test("E3: Jest 27 resolves the library, the simulator, the inspector and interactive messages, which work together", () => {
  application.write("package.json", JSON.stringify({ name: "application", private: true, jest: {} }));
  application.write("environment.js", ENVIRONMENT);
  application.write("chat.test.js", CHAT.trimStart());
  const { status, stdout, stderr } = application.try(
    process.execPath,
    "node_modules/jest/bin/jest.js",
    "--ci",
  );
  expect({ status, output: `${stdout}${stderr}` }).toEqual({
    status: 0,
    output: expect.stringMatching(/\b1 passed/),
  });
});
