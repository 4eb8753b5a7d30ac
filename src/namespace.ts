/** The `connect` global, shared with Amazon Connect Streams: the only module that touches it. */
import type { StreamsPage } from "./observability/streams-metrics";
import type { ChatLibrary } from "./session/library";

/** What stands in the global once the library is there. */
export type ConnectNamespace = Partial<ChatLibrary> & Record<string, unknown>;

const isNamespace = (value: unknown): value is ConnectNamespace =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** Looked up at each use: Streams may come after the library. */
export const streamsPage: StreamsPage = {
  get version() {
    const version = ofConnect("version");
    return typeof version === "string" ? version : null;
  },
  publishMetric(metric) {
    const publish = ofConnect("publishMetric");
    if (typeof publish === "function") Reflect.apply(publish, Reflect.get(globalThis, "connect"), [metric]);
  },
};

function ofConnect(name: string): unknown {
  const present: unknown = Reflect.get(globalThis, "connect");
  return isNamespace(present) ? present[name] : undefined;
}

/** Only adds: of Streams and any libraries, whichever loads later keeps what stands there. ChatJS follows ChatSession. */
export function installNamespace(library: ChatLibrary): ConnectNamespace {
  const present: unknown = Reflect.get(globalThis, "connect");
  const namespace: ConnectNamespace = isNamespace(present) ? present : {};
  const parts: Readonly<Record<string, unknown>> = {
    ...library,
    // One class under both names, even where an earlier ChatSession has brought its own.
    ChatClient: namespace.ChatSession?.ChatClient ?? library.ChatClient,
  };
  for (const [name, value] of Object.entries(parts)) {
    if (name !== "ChatJS" && !(name in namespace)) Object.assign(namespace, { [name]: value });
  }
  if (namespace.ChatSession === library.ChatSession) describe(namespace, library);
  if (namespace !== present) Object.assign(globalThis, { connect: namespace });
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
