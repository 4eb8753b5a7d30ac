import { spawn } from "node:child_process";
import { expect, test } from "@jest/globals";
import { startSimulator } from "../../simulator/index";
import { FIELD_BUNDLE } from "../support/paths";

const BUNDLE = FIELD_BUNDLE;

/** A Node program whose session makes many calls at once. The session has to retry one of the calls. */
const PROGRAM = `
  const [bundle, endpoint, chatDetails, count] = process.argv.slice(1);
  require(bundle);
  const { ChatSession } = globalThis.connect;
  ChatSession.setGlobalConfig({ endpoint });
  const session = ChatSession.create({ type: "CUSTOMER", disableCSM: true, chatDetails: JSON.parse(chatDetails) });
  (async () => {
    await session.connect();
    const calls = Array.from({ length: Number(count) }, (_, index) => [
      session.getTranscript({}),
      session.sendMessage({ message: "message " + index, contentType: "text/plain" }),
    ]);
    const outcomes = await Promise.allSettled(calls.flat());
    console.log(outcomes.filter(({ status }) => status === "fulfilled").length);
    session.dispose();
  })();
`;

/** Runs the program and returns its output. */
function run(...args: readonly string[]): Promise<{ out: string; errors: string }> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, ["-e", PROGRAM, ...args]);
    let out = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => void (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => void (errors += chunk.toString()));
    child.on("error", failed);
    child.on("close", () => done({ out: out.trim(), errors }));
  });
}

test.each([11, 200])(
  "C17: %i simultaneous calls of each of two kinds succeed in Node, which prints no leak warning",
  async (count) => {
    const simulator = await startSimulator();
    try {
      const { ContactId, ParticipantId, ParticipantToken } = simulator.startChat();
      const chatDetails = {
        contactId: ContactId,
        participantId: ParticipantId,
        participantToken: ParticipantToken,
      };
      simulator.faults.failNext("GetTranscript", { status: 503 });
      const { out, errors } = await run(BUNDLE, simulator.url, JSON.stringify(chatDetails), String(count));
      expect(errors).toBe("");
      expect(out).toBe(String(2 * count));
    } finally {
      await simulator.close();
    }
  },
);
