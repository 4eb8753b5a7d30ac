/** The `connect` global, shared with Amazon Connect Streams: the only module that touches it. */
import type { StreamsGlobal } from "./observability/streams-metrics";
import type { ChatLibrary } from "./session/library";

/** The global's content once the library is installed. */
export type ConnectNamespace = Partial<ChatLibrary> & Record<string, unknown>;

/** The page. Its other scripts may add to the global at any time. */
const page: { connect?: unknown } = globalThis;

/** Whether a value is an object or a function. */
const isNamespace = (value: unknown): value is ConnectNamespace => Object(value) === value;

/** Looked up at each use, since Streams may load after the library. */
export const streamsPage: StreamsGlobal = {
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
 * Adds the library to the global without replacing what Streams or another library put there. ChatJS follows
 * ChatSession.
 */
export function installNamespace(library: ChatLibrary): ConnectNamespace {
  const { connect } = page;
  const namespace: ConnectNamespace = isNamespace(connect) ? connect : {};
  const parts: Readonly<Record<string, unknown>> = {
    ...library,
    // Both names refer to one class, even if an earlier ChatSession has its own.
    ChatClient: namespace.ChatSession?.ChatClient ?? library.ChatClient,
  };
  for (const [name, value] of Object.entries(parts)) {
    if (name !== "ChatJS" && !(name in namespace)) Object.assign(namespace, { [name]: value });
  }
  if (namespace.ChatSession === library.ChatSession) describe(namespace, library);
  if (namespace !== connect) page.connect = namespace;
  return namespace;
}

/**
 * Makes ChatJS describe the library while its ChatSession is the one in the global. An accessor, because upstream, if
 * it loads later, keeps that ChatSession but assigns its own ChatJS.
 */
function describe(namespace: ConnectNamespace, { ChatSession, ChatJS }: ChatLibrary): void {
  let assigned: unknown;
  Reflect.defineProperty(namespace, "ChatJS", {
    configurable: true,
    enumerable: true,
    get: () => (namespace.ChatSession === ChatSession ? ChatJS : assigned),
    set: (given: unknown) => void (assigned = given),
  });
}
