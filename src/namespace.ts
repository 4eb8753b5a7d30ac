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

/** Only adds: whichever of Streams and the library comes second keeps what the first put there. ChatJS alone is ours. */
export function installNamespace(library: ChatLibrary): ConnectNamespace {
  const present: unknown = Reflect.get(globalThis, "connect");
  const namespace: ConnectNamespace = isNamespace(present) ? present : {};
  const parts: Readonly<Record<string, unknown>> = {
    ...library,
    // One class under both names, even where an earlier ChatSession has brought its own.
    ChatClient: namespace.ChatSession?.ChatClient ?? library.ChatClient,
  };
  for (const [name, value] of Object.entries(parts)) {
    if (name === "ChatJS" || !(name in namespace)) Object.assign(namespace, { [name]: value });
  }
  if (namespace !== present) Object.assign(globalThis, { connect: namespace });
  return namespace;
}
