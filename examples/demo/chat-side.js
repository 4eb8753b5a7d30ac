// One participant: connects a library session to its chat pane and its timeline lane.

import { formatError } from "./format.js";
import { beginTransfer, setTokenOwner } from "./network.js";

const EVENT = "application/vnd.amazonaws.connect.event.";

const LINES = {
  "participant.joined": (who) => `${who} joined`,
  "participant.left": (who) => `${who} left`,
  "participant.idle": (who) => `${who} has been inactive for a while`,
  "participant.returned": (who) => `${who} is back`,
  "participant.autodisconnection": (who) => `${who} was away too long`,
  "participant.invited": (who) => `${who} was invited`,
  "transfer.succeeded": () => "The chat was transferred",
  "transfer.failed": () => "The chat couldn’t be transferred",
  "chat.ended": () => "The chat has ended",
  "chat.rehydrated": () => "Earlier messages were restored",
};

export class ChatSide {
  /** Called once, when the chat has ended. */
  onEnded = () => undefined;

  #pane;
  #timeline;
  #side;
  #name;
  #session;
  #established = false;
  #newestUnreadId;
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
    pane.onSeen = () => this.#sendReadReceipt();
  }

  /** Connects the session. Resolves when the connection is established. */
  async start(session) {
    this.#session = session;
    this.#established = false;
    this.#newestUnreadId = undefined;
    this.#pane.setState("connecting");
    this.#timeline.enter(this.#side, "connecting", "Connecting");
    this.#registerTokens();
    const established = new Promise((resolve, reject) => this.#listen(session, resolve, reject));
    established.catch(() => undefined);
    await session.connect();
    this.#registerTokens();
    await established;
  }

  end() {
    return this.#session.disconnectParticipant();
  }

  /** Disposes of the session. Its socket is closed, and its remaining events are ignored. */
  async leave() {
    const session = this.#session;
    this.#session = undefined;
    if (typeof session?.dispose === "function") await session.dispose();
    else if (typeof session?.reset === "function") await session.reset();
  }

  /** Shows a failure in the pane and in the timeline. */
  showFailure(what, error) {
    const detail = formatError(error);
    this.#pane.showError(`${what} ${detail}`);
    this.#timeline.event(this.#side, what, { detail, failed: true });
  }

  #listen(session, onEstablished, onBroken) {
    /** Wraps a handler so that events of an earlier session are ignored. */
    const ifCurrent =
      (handler) =>
      ({ data }) => {
        if (this.#session === session) handler(data);
      };

    session.onConnectionStateChanged?.(ifCurrent(({ reason }) => (this.#reason = reason)));
    session.onConnectionEstablished(
      ifCurrent(() => {
        this.#registerTokens();
        this.#pane.setState("connected");
        this.#timeline.enter(this.#side, "connected", this.#established ? "Reconnected" : "Connected");
        if (!this.#established) this.#loadTranscript();
        this.#established = true;
        onEstablished();
      }),
    );
    session.onConnectionLost(
      ifCurrent(() => {
        this.#pane.setState("lost");
        this.#timeline.enter(this.#side, "lost", "Connection lost", this.#takeReason());
      }),
    );
    session.onConnectionBroken(
      ifCurrent(() => {
        this.#pane.setState("broken");
        const reason = this.#takeReason();
        this.#timeline.enter(this.#side, "broken", "Connection failed", reason);
        onBroken(new Error(`The connection failed${reason ? `: ${reason}` : ""}.`));
      }),
    );
    session.onMessagesRecovered?.(
      ifCurrent(({ count, complete }) =>
        this.#timeline.event(this.#side, `Recovered ${count === 1 ? "1 message" : `${count} messages`}`, {
          detail: complete === false ? "some may be missing" : undefined,
          failed: complete === false,
        }),
      ),
    );
    session.onDeepHeartbeatSuccess(ifCurrent(() => this.#timeline.beat(this.#side, true)));
    session.onDeepHeartbeatFailure(
      ifCurrent((data) => this.#timeline.beat(this.#side, false, data?.statusContent ?? data?.error)),
    );
    session.onMessage(ifCurrent((item) => this.#show(item)));
    session.onParticipantIdle?.(ifCurrent((item) => this.#show(item)));
    session.onParticipantReturned?.(ifCurrent((item) => this.#show(item)));
    session.onParticipantInvited?.(ifCurrent((item) => this.#show(item)));
    session.onAutoDisconnection?.(ifCurrent((item) => this.#show(item)));
    session.onChatRehydrated?.(ifCurrent((item) => this.#show(item)));
    session.onTyping(
      ifCurrent((item) => {
        if (this.#isOutgoing(item)) return;
        const who = item.DisplayName || item.ParticipantRole?.toLowerCase() || "Someone";
        this.#pane.showTyping(who);
        this.#timeline.event(this.#side, `Sees ${who} typing`);
      }),
    );
    session.onDeliveredReceipt(
      ifCurrent(({ MessageMetadata }) => this.#pane.receipt(MessageMetadata.MessageId, "delivered")),
    );
    session.onReadReceipt(
      ifCurrent(({ MessageMetadata }) => this.#pane.receipt(MessageMetadata.MessageId, "read")),
    );
    session.onEnded(
      ifCurrent(() => {
        this.#pane.hideTyping();
        this.#pane.setState("ended");
        // The chat.ended item adds the same line, but is missing if the chat ended while this side was disconnected.
        this.#pane.addLine(LINES["chat.ended"](), { id: "chat.ended" });
        this.#timeline.enter(this.#side, "ended", "Chat ended");
        this.onEnded();
      }),
    );
  }

  #show(item) {
    const { ContentType = "", Type, Id } = item;
    if (Type === "MESSAGE" || Type === "ATTACHMENT") {
      const outgoing = this.#isOutgoing(item);
      this.#pane.receive(item, outgoing);
      if (!outgoing && item.ParticipantRole !== "SYSTEM") this.#acknowledge(Id);
      return;
    }
    const event = ContentType.replace(EVENT, "");
    const line = LINES[event]?.(item.DisplayName || item.ParticipantRole?.toLowerCase() || "Someone");
    if (line) {
      // A persistent chat's transcript also contains chat.ended items of earlier contacts.
      const { contactId } = this.#session.getChatDetails();
      const isEnd = event === "chat.ended" && (item.ContactId ?? contactId) === contactId;
      const id = isEnd ? "chat.ended" : Id;
      this.#pane.addLine(line, { id, time: item.AbsoluteTime || undefined });
    }
  }

  #isOutgoing(item) {
    return item.ParticipantId === this.#session.getChatDetails().participantId;
  }

  /** Shows the messages that were sent before this side connected. */
  async #loadTranscript() {
    const session = this.#session;
    try {
      const { data } = await session.getTranscript({ maxResults: 100, sortOrder: "ASCENDING" });
      if (this.#session === session) for (const item of data.Transcript) this.#show(item);
    } catch (error) {
      this.showFailure("The transcript couldn't be loaded.", error);
    }
  }

  #send(text) {
    const row = this.#pane.addOutgoing({ text, sender: this.#name });
    // Every attempt uses the same token, so that the service accepts the message only once, even if a response is lost.
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
    const row = this.#pane.addOutgoing({ file, sender: this.#name });
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

  /** Saves the attachment. Returns its size in bytes. */
  async #download({ AttachmentId, AttachmentName }) {
    try {
      beginTransfer(this.#side);
      const blob = await this.#session.downloadAttachment({ attachmentId: AttachmentId });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = AttachmentName ?? "attachment";
      link.click();
      // The browser starts reading the blob late, but within a minute.
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      return blob.size;
    } catch (error) {
      this.showFailure(`${AttachmentName} couldn't be downloaded.`, error);
      return undefined;
    }
  }

  #acknowledge(messageId) {
    this.#newestUnreadId = messageId;
    this.#notify("message.delivered", messageId);
    if (this.#pane.hasAttention) this.#sendReadReceipt();
  }

  #sendReadReceipt() {
    if (this.#newestUnreadId === undefined) return;
    this.#notify("message.read", this.#newestUnreadId);
    this.#newestUnreadId = undefined;
  }

  /** Sends a typing event or a receipt. No caller waits for the result, so only the timeline shows a failure. */
  async #notify(event, messageId) {
    if (!this.#session) return;
    const content = messageId && JSON.stringify({ messageId });
    try {
      await this.#session.sendEvent({ contentType: `${EVENT}${event}`, ...(content && { content }) });
    } catch (error) {
      this.#timeline.event(this.#side, `Not sent: ${event}`, { detail: formatError(error), failed: true });
    }
  }

  #takeReason() {
    const reason = this.#reason;
    this.#reason = undefined;
    return reason === undefined || reason === null ? undefined : String(reason.message ?? reason);
  }

  /** Registers the session's tokens, so that the timeline can attribute requests to this side. */
  #registerTokens() {
    const { participantToken, connectionDetails } = this.#session.getChatDetails();
    setTokenOwner(participantToken, this.#side);
    setTokenOwner(connectionDetails?.connectionToken, this.#side);
  }
}
