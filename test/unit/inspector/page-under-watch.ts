import { jest } from "@jest/globals";
import type { ConnectionState } from "../../../src/api/connection";
import type { ChatEventName } from "../../../src/api/events";
import { Recorder } from "../../../inspector/recorder";
import { Watch } from "../../../inspector/watch";
import type { InspectableSession } from "../../../inspector/watched-session";

export const TOKEN = "QVFJREFISm1Zb3VyUGFydGljaXBhbnRUb2tlbg";
export const CONNECTION_TOKEN = "connection-token-of-alex";
export const SOCKET_URL = "wss://sockets.example/chat?X-Amz-Signature=secret-of-the-socket";
export const WORDS = "my card is 4111";

type Heard = { data: unknown; recovered?: true };

/** A session as the inspector sees one: public calls alone. */
export class FakeSession implements InspectableSession {
  readonly handlers = new Map<ChatEventName, Set<(event: Heard) => unknown>>();
  connectionState: ConnectionState = "idle";

  getChatDetails(): ReturnType<InspectableSession["getChatDetails"]> {
    return {
      contactId: "contact-1",
      participantId: "alex",
      participantToken: TOKEN,
      connectionDetails: { connectionToken: CONNECTION_TOKEN, url: SOCKET_URL },
    };
  }

  on(name: ChatEventName, handler: (event: Heard) => unknown): () => void {
    const handlers = this.handlers.get(name) ?? new Set();
    this.handlers.set(name, handlers.add(handler));
    return () => handlers.delete(handler);
  }

  tell(name: ChatEventName, data: unknown, more: { recovered?: true } = {}): void {
    for (const handler of this.handlers.get(name) ?? []) handler({ data, ...more });
  }

  enter(newState: ConnectionState, reason = "a test"): void {
    const oldState = this.connectionState;
    this.connectionState = newState;
    this.tell("connectionStateChanged", { oldState, newState, reason });
  }

  get handlerCount(): number {
    return [...this.handlers.values()].reduce((count, { size }) => count + size, 0);
  }
}

export class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static readonly made: FakeSocket[] = [];
  readonly sent: unknown[] = [];
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeSocket.made.push(this);
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  receive(data: string): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }
}

/** A page with a fetch, a WebSocket and a library, and the inspector's watch on it. */
export function watchPage(maxEntries?: number) {
  const session = new FakeSession();
  const fetch = jest.fn<typeof globalThis.fetch>(() => Promise.resolve(new Response("{}", { status: 200 })));
  const create = jest.fn((_given: object) => session);
  const ChatSession = { create };
  const before = { fetch: globalThis.fetch, WebSocket: Reflect.get(globalThis, "WebSocket") as unknown };
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
    /** As the library calls the service. */
    call: (path: string, body: object, bearer = CONNECTION_TOKEN) =>
      globalThis.fetch(`https://participant.connect.eu-central-1.amazonaws.com/participant/${path}`, {
        method: "POST",
        headers: { "x-amz-bearer": bearer },
        body: JSON.stringify(body),
      }),
    openSocket(): FakeSocket {
      new globalThis.WebSocket(SOCKET_URL);
      const made = FakeSocket.made.pop();
      if (!made) throw new Error("No socket was made.");
      return made;
    },
    close(): void {
      watch.stop();
      Object.assign(globalThis, before);
      Reflect.deleteProperty(globalThis, "connect");
    },
  };
}
