import type { ContactSummary } from "../api/types";
import type { Panel } from "../state/panel";
import type { Persona } from "../state/personas";
import { toView, type Template } from "../templates/to-template";
import type { ViewDraft } from "../templates/drafts";
import { toBase64 } from "./base64";
import { toPieces } from "./pieces";
import { joinedSpeaker, presentSpeaker } from "./speaker";

export type Mode = "text" | "markdown" | "stream";

/** The minimum interval between typing events, as in the clients. */
const TYPING_EVERY_MS = 4000;

/** Sends the user's messages in order. */
export class Outbox {
  readonly #panel: Panel;
  #last: Promise<unknown> = Promise.resolve();
  #typedAt = 0;

  constructor(panel: Panel) {
    this.#panel = panel;
  }

  /** Resolves with whether the message was sent. */
  sendText(contactId: string, text: string, mode: Mode, persona: Persona, name: string): Promise<boolean> {
    this.#typedAt = 0;
    return this.#inOrder(async () => {
      if (mode === "stream") {
        await this.#panel.call("streamAnswer", { contactId }, { pieces: toPieces(text), displayName: name });
        return;
      }
      const speaker = await joinedSpeaker(this.#panel, contactId, persona, name);
      const contentType = mode === "markdown" ? "text/markdown" : "text/plain";
      await this.#panel.call("sendMessage", { contactId }, { content: text, contentType, ...speaker });
    });
  }

  sendTemplate(
    contactId: string,
    template: Template,
    view: ViewDraft | null,
    persona: Persona,
    name: string,
  ): Promise<boolean> {
    return this.#inOrder(async () => {
      const speaker = await joinedSpeaker(this.#panel, contactId, persona, name);
      if (view && view.viewToken !== "") {
        await this.#panel.call("setView", { viewToken: view.viewToken }, toView(view));
      }
      await this.#panel.call("sendInteractive", { contactId }, { template, ...speaker });
    });
  }

  sendFiles(contactId: string, files: readonly File[], persona: Persona, name: string): Promise<boolean> {
    return this.#inOrder(async () => {
      const speaker = await joinedSpeaker(this.#panel, contactId, persona, name);
      for (const file of files) {
        await this.#panel.call(
          "sendAttachment",
          { contactId },
          {
            name: file.name,
            contentType: file.type || "application/octet-stream",
            base64: toBase64(new Uint8Array(await file.arrayBuffer())),
            ...speaker,
          },
        );
      }
    });
  }

  /** Sends a typing event when the user types, if the persona has joined. */
  typing(contact: ContactSummary, persona: Persona): void {
    const speaker = presentSpeaker(contact, persona);
    if (!speaker || contact.ended || Date.now() - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = Date.now();
    const { contactId } = contact;
    void this.#panel.run(() =>
      this.#panel.call("sendEvent", { contactId }, { name: "typing", ...speaker }, { automatic: true }),
    );
  }

  #inOrder(action: () => Promise<void>): Promise<boolean> {
    const sent = this.#last.then(() => this.#panel.run(action));
    this.#last = sent;
    return sent;
  }
}
