import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { Application } from "./support/application";

/** Type-checks an application's programs against the installed package's declarations. */

jest.setTimeout(120_000);

const ENDINGS = ["ts", "mts", "cts"];

/** TypeScript 6 deprecates node10 and ES5 but accepts them. */
const ignoreDeprecations = "6.0";

const SETTINGS = [
  { setting: "with bundler resolution", moduleResolution: "bundler", module: "esnext" },
  { setting: "with node16 resolution", moduleResolution: "node16", module: "node16" },
  {
    setting: "E3: with node10 resolution, which doesn't read `exports`",
    endings: ["ts"],
    moduleResolution: "node10",
    module: "commonjs",
    ignoreDeprecations,
  },
  {
    setting: "E2: with the target ES5",
    moduleResolution: "bundler",
    module: "esnext",
    target: "es5",
    lib: ["es2015", "dom"],
    ignoreDeprecations,
  },
  {
    setting: "E8: without the DOM library or Node's types",
    moduleResolution: "bundler",
    module: "esnext",
    lib: ["es2022"],
    types: [],
  },
];

const GOOD = `
import "amazon-connect-chatjs";
import { ChatSession, LogLevel, isChatError, type CustomerChatSession } from "amazon-connect-chatjs";
import { startSimulator } from "amazon-connect-chatjs/simulator";
import { inspect } from "amazon-connect-chatjs/inspector";
import { answerTo, parseInteractive, quickReply } from "amazon-connect-chatjs/interactive";
import { useChat, useChatSelector, type ChatMessage, type ChatStore } from "amazon-connect-chatjs/react";

connect.ChatSession.setGlobalConfig({ loggerConfig: { useDefaultLogger: true, level: LogLevel.INFO } });
export async function talk(): Promise<string | undefined> {
  const simulator = await startSimulator();
  const chatDetails = simulator.startChat({ displayName: "Alex" });
  const session: CustomerChatSession = ChatSession.create({ type: "CUSTOMER", chatDetails });
  inspect(session);
  session.onMessage(({ data }) => data.Content);
  const { contentType, content } = quickReply({ title: "Solved?", elements: ["Yes", "No"] });
  simulator.contact(chatDetails.ContactId).say(content, { contentType, role: "SYSTEM" });
  session.onMessage(({ data }) => {
    const interactive = parseInteractive(data);
    if (interactive?.kind === "ViewResource") return session.sendMessage(answerTo(interactive, { action: "Back" }));
    if (interactive?.kind !== "QuickReply") return;
    const [element] = interactive.elements;
    if (element?.kind === "option") return session.sendMessage(answerTo(interactive, element));
  });
  const { size } = await session.downloadAttachment({ attachmentId: "a" });
  try {
    const { data } = await session.sendMessage({ message: "Hello", contentType: "text/plain" });
    return \`\${data.Id} \${size.toFixed()}\`;
  } catch (error) {
    return isChatError(error) ? error.code : undefined;
  }
}
export const useStatus = (store: ChatStore): string => useChatSelector(store, ({ status }) => status);
export const useContents = (): string[] => useChat({ start }).messages.map(contentOf);
const start = () => startSimulator().then((simulator) => simulator.startChat());
const contentOf = (message: ChatMessage): string =>
  message.kind === "attachment" ? message.name : message.item.Content ?? message.content;
`;
/** Contains at least one type error per entry point. */
const WRONG = `
import { ChatSession } from "amazon-connect-chatjs";
import { startSimulator } from "amazon-connect-chatjs/simulator";
import { inspector } from "amazon-connect-chatjs/inspector";
import { quickReply } from "amazon-connect-chatjs/interactive";
import { sessionStorageResume, type UseChatOptions } from "amazon-connect-chatjs/react";
export const options: UseChatOptions = { start: () => Promise.resolve({}), autoStart: "yes" };
export const key: number = sessionStorageResume;
ChatSession.setGlobalConfig({ region: 5 });
export const simulator = startSimulator({ port: "3000" });
inspector.start({ maxEntries: "100" });
quickReply({ title: 5, elements: ["Yes", "No"] });
`;

let application: Application;
beforeAll(() => {
  application = new Application();
  application.link("@types/node");
});
afterAll(() => application.remove());

test.each(SETTINGS)(
  "$setting, correct programs compile and wrong programs don't",
  ({ setting: _setting, endings = ENDINGS, ...options }) => {
    const files = endings.map((ending) => [`good.${ending}`, `wrong.${ending}`] as const);
    for (const [good, wrong] of files) {
      application.write(`program/${good}`, GOOD);
      application.write(`program/${wrong}`, WRONG);
    }
    const compilerOptions = {
      target: "es2022",
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: ["node"],
      ...options,
    };
    application.write("program/tsconfig.json", JSON.stringify({ compilerOptions, files: files.flat() }));
    const { stdout } = application.tryBin("tsc", ["-p", "program"]);
    const errors = stdout.split("\n").filter((line) => /^\S/.test(line));
    expect(errors.map((line) => line.replace(/\(.*(TS\d+).*/, " $1")).sort()).toEqual(
      files.flatMap(([, wrong]) => Array<string>(6).fill(`program/${wrong} TS2322`)).sort(),
    );
  },
);
