/** The `connect` global, shared with Amazon Connect Streams: the only module that touches it. */
import type { StreamsPage } from "./observability/streams-metrics";
import type { ChatLibrary } from "./session/library";

/** What stands in the global once the library is there. */
export type ConnectNamespace = Partial<ChatLibrary> & Record<string, unknown>;

/** The page, whose other scripts may add to the global at any time. */
const page: { connect?: unknown } = globalThis;

/** An object, or a function, which is one as well. */
const isNamespace = (value: unknown): value is ConnectNamespace => Object(value) === value;

/** Looked up at each use: Streams may come after the library. */
export const streamsPage: StreamsPage = {
  get version() {
    const version = ofConnect("version");
    return typeof version === "string" ? version : null;
  },
  publishMetric(metric) {
    const publish = ofConnect("publishMetric");
    if (typeof publish === "function") Reflect.apply(publish, page.connect, [metric]);
  },
};

function ofConnect(name: string): unknown {
  const { connect } = page;
  return isNamespace(connect) ? connect[name] : undefined;
}

/** Only adds: of Streams and any libraries, whichever loads later keeps what stands there. ChatJS follows ChatSession. */
export function installNamespace(library: ChatLibrary): ConnectNamespace {
  const { connect } = page;
  const namespace: ConnectNamespace = isNamespace(connect) ? connect : {};
  const parts: Readonly<Record<string, unknown>> = {
    ...library,
    // One class under both names, even where an earlier ChatSession has brought its own.
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
 * Makes ChatJS describe the library while its ChatSession is the one in the global. An accessor, because upstream, loaded
 * later, keeps that ChatSession and yet assigns its own ChatJS.
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
