/** Runs the support case in examples/testing/python against a customer session that uses the shipped bundle. */
import { spawn } from "node:child_process";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { startSimulator, type Simulator } from "../../simulator/index";
import type { CustomerChatSession } from "../../src/index";
import { ROOT } from "../support/paths";
import { loadBundle } from "./support/bundle";
import { nextEvent } from "./support/wait";

const { ChatSession } = loadBundle();
const SCRIPT = path.join(ROOT, "examples/testing/python/support_case.py");

let simulator: Simulator;
let session: CustomerChatSession;

beforeEach(async () => {
  simulator = await startSimulator({ control: true });
  ChatSession.setGlobalConfig({ endpoint: simulator.url, region: "us-west-2" });
  session = ChatSession.create({
    type: "CUSTOMER",
    chatDetails: simulator.startChat({ displayName: "Ada" }),
    disableCSM: true,
  });
});

afterEach(async () => {
  session.dispose();
  await simulator.close();
});

/** Runs the script against the simulator and returns its exit code and output. */
function runScript(): Promise<{
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}> {
  const child = spawn("python3", [SCRIPT, simulator.url], { stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, ...output }));
  });
}

const say = (message: string): Promise<unknown> =>
  session.sendMessage({ message, contentType: "text/plain" });

/** Responds to a message or file as the customer would. */
async function react(text: string, attachmentId: string | undefined): Promise<unknown> {
  if (attachmentId !== undefined)
    return say(await (await session.downloadAttachment({ attachmentId })).text());
  if (text.includes("ListPicker")) return say("Billing");
  if (text.includes("send your invoice")) {
    return session.sendAttachment({
      attachment: new File(["Invoice"], "invoice.txt", { type: "text/plain" }),
    });
  }
  if (text.includes("although the link was down")) return say(text);
  if (text.includes("anything else")) return session.disconnectParticipant();
  return text.includes("QuickReply") ? say("5") : undefined;
}

test("a Python script that needs only the standard library plays a complete support case over the control API", async () => {
  const reactions: Promise<unknown>[] = [];
  session.onMessage(({ data }) => {
    if (data.ParticipantRole === "CUSTOMER") return;
    reactions.push(react(data.Content ?? "", data.Attachments?.[0]?.AttachmentId));
  });
  const established = nextEvent(session, "connectionEstablished");
  await session.connect();
  await established;
  const ended = nextEvent(session, "ended");
  expect(await runScript()).toEqual({
    exitCode: 0,
    stderr: "",
    stdout: [
      "The customer chose: Billing",
      "The customer sent: invoice.txt",
      "The customer missed nothing.",
      "The customer rated the chat: 5",
      "",
    ].join("\n"),
  });
  await ended;
  await Promise.all(reactions);
});
