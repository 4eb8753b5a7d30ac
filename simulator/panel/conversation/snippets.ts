/** The code that connects a page to the simulator, for a page with a bundler or without. */

export const SNIPPET_KINDS = ["npm", "script"] as const;

export type SnippetKind = (typeof SNIPPET_KINDS)[number];

export function snippetFor(kind: SnippetKind, endpoint: string): string {
  const { before, chat, after, indent } = PAGES[kind](endpoint);
  return [
    ...before,
    ...codeFor(chat, endpoint).map((line) => (line === "" ? "" : indent + line)),
    ...after,
  ].join("\n");
}

interface PageCode {
  readonly before: readonly string[];
  /** How the code refers to `ChatSession`. */
  readonly chat: string;
  readonly after: readonly string[];
  readonly indent: string;
}

const PAGES: Readonly<Record<SnippetKind, (endpoint: string) => PageCode>> = {
  npm: () => ({
    before: ['import { ChatSession } from "amazon-connect-chatjs";', ""],
    chat: "ChatSession",
    after: [],
    indent: "",
  }),
  script: (endpoint) => ({
    before: [`<script src="${endpoint}/amazon-connect-chat.js"></script>`, '<script type="module">'],
    chat: "connect.ChatSession",
    after: ["</script>"],
    indent: "  ",
  }),
};

const codeFor = (chat: string, endpoint: string): readonly string[] => [
  `const endpoint = "${endpoint}";`,
  `${chat}.setGlobalConfig({ endpoint });`,
  "",
  "// Instead of your backend's StartChatContact:",
  'const response = await fetch(`${endpoint}/start-chat`, { method: "POST" });',
  "if (!response.ok) throw new Error(`The simulator responded with ${response.status}.`);",
  "",
  `const session = ${chat}.create({`,
  '  type: "CUSTOMER",',
  "  chatDetails: await response.json(),",
  "  disableCSM: true, // sends no metrics to Amazon",
  "});",
  "session.onMessage(({ data }) => console.log(data.DisplayName, data.Content ?? data.ContentType));",
  "await session.connect();",
];
