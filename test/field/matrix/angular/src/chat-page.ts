import { Component, InjectionToken, NgZone, inject, provideZoneChangeDetection } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import type { ChatEventName, ChatSession, CustomerChatSession } from "amazon-connect-chatjs";
import type { Shown } from "./shown";

declare global {
  interface Window {
    /** The test reads these fields. */
    chatPage: { session?: CustomerChatSession; readonly shown: Shown[] };
  }
}

const EVENTS: readonly ChatEventName[] = [
  "connectionStateChanged",
  "connectionEstablished",
  "connectionLost",
  "deepHeartbeatSuccess",
  "message",
  "messagesRecovered",
  "transcriptUpdated",
  "typing",
  "readReceipt",
  "participantJoined",
  "ended",
];

/** Returns an event's new state, message text or transcript length. */
function detailOf(data: unknown): string {
  if (typeof data !== "object" || data === null) return "";
  if ("newState" in data) return String(data.newState);
  if ("Content" in data) return String(data.Content);
  return "transcript" in data && Array.isArray(data.transcript) ? String(data.transcript.length) : "";
}

const CHAT_SESSION = new InjectionToken<typeof ChatSession>("ChatSession");

/** Shows each event as a line. Change detection is left to zone.js. */
@Component({
  selector: "chat-page",
  template: `
    <button (click)="send()">Send</button>
    <ol>
      @for (line of lines; track $index) {
        <li>{{ line }}</li>
      }
    </ol>
  `,
})
class ChatPage {
  readonly #zone = inject(NgZone);
  readonly #chatSession = inject(CHAT_SESSION);
  lines: string[] = [];

  constructor() {
    void this.#open();
  }

  async #open(): Promise<void> {
    const response = await fetch("/start-chat", { method: "POST", body: "{}" });
    this.#chatSession.setGlobalConfig({ endpoint: location.origin });
    const session = this.#chatSession.create({
      type: "CUSTOMER",
      chatDetails: await response.json(),
      disableCSM: true,
    });
    window.chatPage.session = session;
    for (const name of EVENTS) {
      session.on(name, ({ data }: { data?: unknown }) => this.#show(`${name} ${detailOf(data)}`.trim()));
    }
    await session.connect();
    this.#show("connect() resolved");
  }

  async send(): Promise<void> {
    await window.chatPage.session?.sendMessage({ message: "Hello", contentType: "text/plain" });
    this.#show("sendMessage() resolved");
  }

  #show(line: string): void {
    const inZone = NgZone.isInAngularZone();
    this.lines.push(line);
    const count = this.lines.length;
    // This task runs later in the root zone, where it doesn't trigger change detection.
    this.#zone.runOutsideAngular(() =>
      setTimeout(() =>
        window.chatPage.shown.push({
          line,
          inZone,
          rendered: document.querySelectorAll("li").length >= count,
        }),
      ),
    );
  }
}

export function start(chatSession: typeof ChatSession): void {
  window.chatPage = { shown: [] };
  void bootstrapApplication(ChatPage, {
    providers: [provideZoneChangeDetection(), { provide: CHAT_SESSION, useValue: chatSession }],
  });
}
