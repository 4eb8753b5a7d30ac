/** The `connect` global, which is shared with Amazon Connect Streams. No other module accesses it. */
import type { StreamsGlobal } from "./observability/streams-metrics";
import type { ChatLibrary } from "./session/library";

/** The global's contents after the library is installed. */
export type ConnectNamespace = Partial<ChatLibrary> & Record<string, unknown>;

/** The page's global object. Other scripts may change `connect` at any time. */
const page: { connect?: unknown } = globalThis;

/** Whether a value can have members, as any object or function can. */
const isNamespace = (value: unknown): value is ConnectNamespace => Object(value) === value;

/** Access to Streams. Looks it up at each use, because Streams may load after the library. */
export const streamsGlobal: StreamsGlobal = {
  get version() {
    const version = memberOfConnect("version");
    return typeof version === "string" ? version : null;
  },
  publishMetric(metric) {
    const publish = memberOfConnect("publishMetric");
    if (typeof publish === "function") Reflect.apply(publish, page.connect, [metric]);
  },
};

function memberOfConnect(name: string): unknown {
  const { connect } = page;
  return isNamespace(connect) ? connect[name] : undefined;
}

/**
 * Adds the library to the global, without replacing members that Streams or another library has added. ChatJS is added
 * only together with ChatSession.
 */
export function installNamespace(library: ChatLibrary): ConnectNamespace {
  const { connect } = page;
  const namespace: ConnectNamespace = isNamespace(connect) ? connect : {};
  const parts: Readonly<Record<string, unknown>> = {
    ...library,
    // If another library's ChatSession is in the global, `connect.ChatClient` must be that library's class as well.
    ChatClient: namespace.ChatSession?.ChatClient ?? library.ChatClient,
  };
  for (const [name, value] of Object.entries(parts)) {
    if (name !== "ChatJS" && !(name in namespace)) Object.assign(namespace, { [name]: value });
  }
  if (namespace.ChatSession === library.ChatSession) defineChatJS(namespace, library);
  if (namespace !== connect) page.connect = namespace;
  return namespace;
}

/**
 * Defines ChatJS so that it describes our library as long as our ChatSession is in the global. This requires an
 * accessor, because upstream may load later. Upstream would keep our ChatSession but assign its own ChatJS.
 */
function defineChatJS(namespace: ConnectNamespace, { ChatSession, ChatJS }: ChatLibrary): void {
  let assignedChatJS: unknown;
  Reflect.defineProperty(namespace, "ChatJS", {
    configurable: true,
    enumerable: true,
    get: () => (namespace.ChatSession === ChatSession ? ChatJS : assignedChatJS),
    set: (value: unknown) => void (assignedChatJS = value),
  });
}
