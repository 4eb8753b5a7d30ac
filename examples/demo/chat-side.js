// One participant: the session of the library on one hand, its pane and its lane of the timeline on the other.

import { formatError } from "./format.js";
import { beginTransfer, ownToken } from "./network.js";

const EVENT = "application/vnd.amazonaws.connect.event.";

const LINES = {
  "participant.joined": (who) => `${who} joined`,
  "participant.left": (who) => `${who} left`,
  "participant.idle": (who) => `${who} has been quiet for a while`,
  "participant.returned": (who) => `${who} is back`,
  "participant.autodisconnection": (who) => `${who} was away too long`,
  "participant.invited": (who) => `${who} was invited`,
  "transfer.succeeded": () => "The chat was transferred",
  "transfer.failed": () => "The chat could not be transferred",
  "chat.ended": () => "The chat has ended",
  "chat.rehydrated": () => "Earlier messages were restored",
};

export class ChatSide {
  /** Runs when the chat has ended, once. */
  onEnded = () => undefined;

  #pane;
  #timeline;
  #side;
  #name;
  #session;
  #established = false;
  #newestToRead;
  #reason;

  constructor({ side, name, pane, timeline }) {
    this.#side = side;
    this.#name = name;
    this.#pane = pane;
    this.#timeline = timeline;
    pane.onSend = (text) => this.#send(text);
    pane.onAttach = (file) => this.#attach(file);
    pane.onDownload = (attachment) => this.#download(attachment);
    pane.onTyping = () => this.#notify("typing");
    pane.onSeen = () => this.#tellRead();
  }

  /** Connects; resolves when the link is open and subscribed. */
  async start(session) {
    this.#session = session;
    this.#established = false;
    this.#newestToRead = undefined;
    this.#pane.setState("connecting");
    this.#timeline.enter(this.#side, "connecting", "Connecting");
    this.#learnTokens();
    const open = new Promise((resolve, reject) => this.#listen(session, resolve, reject));
    open.catch(() => undefined);
    await session.connect();
    this.#learnTokens();
    await open;
  }

  end() {
    return this.#session.disconnectParticipant();
  }

  /** Lets go of the session: its socket closes, and what still comes from it is not shown. */
  async leave() {
    const session = this.#session;
    this.#session = undefined;
    if (typeof session?.dispose === "function") await session.dispose();
    else if (typeof session?.reset === "function") await session.reset();
  }

  /** Says in the pane what failed. */
  complain(what, error) {
    const told = formatError(error);
    this.#pane.showError(`${what} ${told}`);
    this.#timeline.event(this.#side, what, { detail: told, failed: true });
  }

  #listen(session, opened, failed) {
    const here =
      (handler) =>
      ({ data }) => {
        if (this.#session === session) handler(data);
      };

    session.onConnectionStateChanged?.(here(({ reason }) => (this.#reason = reason)));
    session.onConnectionEstablished(
      here(() => {
        this.#learnTokens();
        this.#pane.setState("connected");
        this.#timeline.enter(this.#side, "connected", this.#established ? "Connected again" : "Connected");
        if (!this.#established) this.#loadTranscript();
        this.#established = true;
        opened();
      }),
    );
    session.onConnectionLost(
      here(() => {
        this.#pane.setState("lost");
        this.#timeline.enter(this.#side, "lost", "Connection lost", this.#reasonOnce());
      }),
    );
    session.onConnectionBroken(
      here(() => {
        this.#pane.setState("broken");
        const reason = this.#reasonOnce();
        this.#timeline.enter(this.#side, "broken", "Connection given up", reason);
        failed(new Error(`The connection was given up${reason ? `: ${reason}` : ""}.`));
      }),
    );
    session.onMessagesRecovered?.(
      here(({ count, complete }) =>
        this.#timeline.event(this.#side, `Recovered ${count === 1 ? "1 message" : `${count} messages`}`, {
          detail: complete === false ? "perhaps not all" : undefined,
          failed: complete === false,
        }),
      ),
    );
    session.onDeepHeartbeatSuccess(here(() => this.#timeline.beat(this.#side, true)));
    session.onDeepHeartbeatFailure(
      here((data) => this.#timeline.beat(this.#side, false, data?.statusContent ?? data?.error)),
    );
    session.onMessage(here((item) => this.#show(item)));
    session.onParticipantIdle?.(here((item) => this.#show(item)));
    session.onParticipantReturned?.(here((item) => this.#show(item)));
    session.onParticipantInvited?.(here((item) => this.#show(item)));
    session.onAutoDisconnection?.(here((item) => this.#show(item)));
    session.onChatRehydrated?.(here((item) => this.#show(item)));
    session.onTyping(
      here((item) => {
        if (this.#isOwn(item)) return;
        const who = item.DisplayName || item.ParticipantRole?.toLowerCase() || "Somebody";
        this.#pane.showTyping(who);
        this.#timeline.event(this.#side, `Sees ${who} typing`);
      }),
    );
    session.onDeliveredReceipt(
      here(({ MessageMetadata }) => this.#pane.receipt(MessageMetadata.MessageId, "delivered")),
    );
    session.onReadReceipt(
      here(({ MessageMetadata }) => this.#pane.receipt(MessageMetadata.MessageId, "read")),
    );
    session.onEnded(
      here(() => {
        this.#pane.hideTyping();
        this.#pane.setState("ended");
        // The service's own item says so as well, under an id; a chat that ended in a gap has none.
        this.#pane.addLine(LINES["chat.ended"](), { id: "chat.ended" });
        this.#timeline.enter(this.#side, "ended", "Chat ended");
        this.onEnded();
      }),
    );
  }

  #show(item) {
    const { ContentType = "", Type, Id } = item;
    if (Type === "MESSAGE" || Type === "ATTACHMENT") {
      const own = this.#isOwn(item);
      this.#pane.receive(item, own);
      if (!own && item.ParticipantRole !== "SYSTEM") this.#acknowledge(Id);
      return;
    }
    const event = ContentType.replace(EVENT, "");
    const line = LINES[event]?.(item.DisplayName || item.ParticipantRole?.toLowerCase() || "Somebody");
    if (line) {
      // A persistent chat's transcript also holds the ends of earlier contacts.
      const { contactId } = this.#session.getChatDetails();
      const isEnd = event === "chat.ended" && (item.ContactId ?? contactId) === contactId;
      const id = isEnd ? "chat.ended" : Id;
      this.#pane.addLine(line, { id, time: item.AbsoluteTime || undefined });
    }
  }

  #isOwn(item) {
    return item.ParticipantId === this.#session.getChatDetails().participantId;
  }

  /** What was said before this side came. */
  async #loadTranscript() {
    const session = this.#session;
    try {
      const { data } = await session.getTranscript({ maxResults: 100, sortOrder: "ASCENDING" });
      if (this.#session === session) for (const item of data.Transcript) this.#show(item);
    } catch (error) {
      this.complain("The transcript could not be loaded.", error);
    }
  }

  #send(text) {
    const row = this.#pane.addOwn({ text, sender: this.#name });
    // The same token through every try: the service takes the message once, whatever happened to the answers.
    const call = { contentType: "text/plain", message: text, clientToken: crypto.randomUUID() };
    const session = this.#session;
    const attempt = async () => {
      try {
        const { data } = await session.sendMessage(call);
        this.#pane.confirm(row, data.Id, data.AbsoluteTime);
      } catch (error) {
        this.#pane.fail(row, error, attempt);
      }
    };
    return attempt();
  }

  #attach(file) {
    const row = this.#pane.addOwn({ file, sender: this.#name });
    const session = this.#session;
    const attempt = async () => {
      try {
        beginTransfer(this.#side);
        await session.sendAttachment({
          attachment: file,
          onProgress: ({ loadedBytes, totalBytes }) =>
            this.#pane.progress(row, totalBytes ? loadedBytes / totalBytes : 0),
        });
        this.#pane.confirm(row);
      } catch (error) {
        this.#pane.fail(row, error, attempt);
      }
    };
    return attempt();
  }

  /** Saves the attachment; returns its size in bytes. */
  async #download({ AttachmentId, AttachmentName }) {
    try {
      beginTransfer(this.#side);
      const blob = await this.#session.downloadAttachment({ attachmentId: AttachmentId });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = AttachmentName ?? "attachment";
      link.click();
      // The browser reads it in its own time; a minute is enough to begin.
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      return blob.size;
    } catch (error) {
      this.complain(`${AttachmentName} could not be downloaded.`, error);
      return undefined;
    }
  }

  #acknowledge(messageId) {
    this.#newestToRead = messageId;
    this.#notify("message.delivered", messageId);
    if (this.#pane.hasAttention) this.#tellRead();
  }

  #tellRead() {
    if (this.#newestToRead === undefined) return;
    this.#notify("message.read", this.#newestToRead);
    this.#newestToRead = undefined;
  }

  /** Typing and receipts: nobody waits for them, so a failure is a line of the timeline. */
  async #notify(event, messageId) {
    if (!this.#session) return;
    const content = messageId && JSON.stringify({ messageId });
    try {
      await this.#session.sendEvent({ contentType: `${EVENT}${event}`, ...(content && { content }) });
    } catch (error) {
      this.#timeline.event(this.#side, `Not sent: ${event}`, { detail: formatError(error), failed: true });
    }
  }

  #reasonOnce() {
    const reason = this.#reason;
    this.#reason = undefined;
    return reason === undefined || reason === null ? undefined : String(reason.message ?? reason);
  }

  /** Tokens say whose a request is. */
  #learnTokens() {
    const { participantToken, connectionDetails } = this.#session.getChatDetails();
    ownToken(participantToken, this.#side);
    ownToken(connectionDetails?.connectionToken, this.#side);
  }
}
