import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { Application } from "./support/application";

/** Programs of an application that has the package, checked by the compiler with the package's own declarations. */

jest.setTimeout(120_000);

const RESOLUTIONS = [
  { moduleResolution: "bundler", module: "esnext" },
  { moduleResolution: "node16", module: "node16" },
] as const;

const GOOD = `
import "amazon-connect-chatjs";
import { ChatSession, LogLevel, isChatError, type CustomerChatSession } from "amazon-connect-chatjs";
import { startSimulator } from "amazon-connect-chatjs/simulator";
import { inspect } from "amazon-connect-chatjs/inspector";

connect.ChatSession.setGlobalConfig({ loggerConfig: { useDefaultLogger: true, level: LogLevel.INFO } });
export async function talk(): Promise<string | undefined> {
  const simulator = await startSimulator();
  const chatDetails = simulator.startChat({ displayName: "Alex" });
  const session: CustomerChatSession = ChatSession.create({ type: "CUSTOMER", chatDetails });
  inspect(session);
  session.onMessage(({ data }) => console.log(data.Content));
  try {
    const { data } = await session.sendMessage({ message: "Hello", contentType: "text/plain" });
    return data.Id;
  } catch (error) {
    return isChatError(error) ? error.code : undefined;
  }
}
`;
const WRONG = `
import { ChatSession } from "amazon-connect-chatjs";
ChatSession.setGlobalConfig({ region: 5 });
`;

let application: Application;
beforeAll(() => {
  application = new Application();
  application.link("@types/node");
});
afterAll(() => application.remove());

test.each(RESOLUTIONS)("$moduleResolution", (options) => {
  const files = ["ts", "mts", "cts"].map((ending) => [`good.${ending}`, `wrong.${ending}`] as const);
  for (const [good, wrong] of files) {
    application.write(`program/${good}`, GOOD);
    application.write(`program/${wrong}`, WRONG);
  }
  const compilerOptions = {
    ...options,
    target: "es2022",
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    types: ["node"],
  };
  application.write("program/tsconfig.json", JSON.stringify({ compilerOptions, files: files.flat() }));
  const { stdout } = application.tryBin("tsc", ["-p", "program"]);
  const told = stdout.split("\n").filter((line) => /^\S/.test(line));
  expect(told.map((line) => line.replace(/\(.*(TS\d+).*/, " $1")).sort()).toEqual(
    files.map(([, wrong]) => `program/${wrong} TS2322`).sort(),
  );
});
