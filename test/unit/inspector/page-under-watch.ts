import { jest } from "@jest/globals";
import type { ConnectionState } from "../../../src/api/connection";
import type { ChatEventName } from "../../../src/api/events";
import { Recorder } from "../../../inspector/recorder";
import { Watch } from "../../../inspector/watch";
import type { InspectableSession } from "../../../inspector/watched-session";

// cspell:ignore QVFJREFI Glja Bhbn tlbg
export const TOKEN = "QVFJREFISm1Zb3VyUGFydGljaXBhbnRUb2tlbg";
export const CONNECTION_TOKEN = "connection-token-of-alex";
export const SOCKET_URL = "wss://sockets.example/chat?X-Amz-Signature=secret-of-the-socket";
export const MESSAGE_TEXT = "my card is 4111";

type SessionEvent = { data: unknown; recovered?: true };

/** A session with only the public methods that the inspector uses. */
export class FakeSession implements InspectableSession {
  readonly handlers = new Map<ChatEventName, Set<(event: SessionEvent) => unknown>>();
  connectionState: ConnectionState = "idle";

  getChatDetails(): ReturnType<InspectableSession["getChatDetails"]> {
    return {
      contactId: "contact-1",
      participantId: "alex",
      participantToken: TOKEN,
      connectionDetails: { connectionToken: CONNECTION_TOKEN, url: SOCKET_URL },
    };
  }

  on(name: ChatEventName, handler: (event: SessionEvent) => unknown): () => void {
    const handlers = this.handlers.get(name) ?? new Set();
    this.handlers.set(name, handlers.add(handler));
    return () => handlers.delete(handler);
  }

  emit(name: ChatEventName, data: unknown, fields: { recovered?: true } = {}): void {
    for (const handler of this.handlers.get(name) ?? []) handler({ data, ...fields });
  }

  enter(newState: ConnectionState, reason = "a test"): void {
    const oldState = this.connectionState;
    this.connectionState = newState;
    this.emit("connectionStateChanged", { oldState, newState, reason });
  }

  get handlerCount(): number {
    return [...this.handlers.values()].reduce((count, { size }) => count + size, 0);
  }
}

export class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static readonly instances: FakeSocket[] = [];
  readonly sent: unknown[] = [];
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeSocket.instances.push(this);
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  receive(data: string): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }
}

/** Sets up a page with fetch, WebSocket, and a library, and the inspector's watch on it. */
export function watchPage(maxEntries?: number) {
  const session = new FakeSession();
  const fetch = jest.fn<typeof globalThis.fetch>(() => Promise.resolve(new Response("{}", { status: 200 })));
  const create = jest.fn((_args: object) => session);
  const ChatSession = { create };
  const originals = { fetch: globalThis.fetch, WebSocket: Reflect.get(globalThis, "WebSocket") as unknown };
  Object.assign(globalThis, { fetch, WebSocket: FakeSocket, connect: { ChatSession } });
  const recorder = new Recorder(maxEntries);
  const watch = new Watch(recorder);
  return {
    session,
    fetch,
    create,
    ChatSession,
    recorder,
    watch,
    /** Calls the service as the library does. */
    call: (path: string, body: object, bearer = CONNECTION_TOKEN) =>
      globalThis.fetch(`https://participant.connect.eu-central-1.amazonaws.com/participant/${path}`, {
        method: "POST",
        headers: { "x-amz-bearer": bearer },
        body: JSON.stringify(body),
      }),
    openSocket(): FakeSocket {
      new globalThis.WebSocket(SOCKET_URL);
      const socket = FakeSocket.instances.pop();
      if (!socket) throw new Error("No socket was created.");
      return socket;
    },
    close(): void {
      watch.stop();
      Object.assign(globalThis, originals);
      Reflect.deleteProperty(globalThis, "connect");
    },
  };
}
