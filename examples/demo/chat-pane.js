// One side's view, with the transcript, the typing indicator and the input. The view doesn't depend on the library.

import { element, formatError, formatSize, formatTime } from "./format.js";

const TICKS = {
  sending: ["…", "Sending"],
  sent: ["✓", "Sent"],
  delivered: ["✓✓", "Delivered"],
  read: ["✓✓", "Read"],
  failed: ["!", "Not sent"],
};
const ORDER = ["failed", "sending", "sent", "delivered", "read"];

const STATES = {
  idle: "Not started",
  connecting: "Connecting…",
  connected: "Connected",
  lost: "Connection lost, reconnecting…",
  broken: "Disconnected",
  ended: "Chat ended",
};

/** How long to show the typing indicator. While somebody types, a typing event arrives at most every 10 s. */
const TYPING_SHOWN_MS = 11_000;

/** The order of a row without a time. This text sorts after all times. */
const LAST = "~";

/** Attachment sizes by ID. Items don't contain sizes, so the sizes of other pages' files aren't known. */
const sizes = new Map();

export class ChatPane {
  /** The callbacks, which the pane's ChatSide sets. */
  onSend = () => undefined;
  onAttach = () => undefined;
  onDownload = () => undefined;
  onTyping = () => undefined;
  onSeen = () => undefined;

  #root;
  #side;
  #list;
  #scroller;
  /** Whether the view is at the end of the conversation. If so, the view follows new messages. */
  #atEnd = true;
  #input;
  #file;
  #send;
  #typingTimer;
  #unread = 0;
  #rows = new Map();
  #receipts = new Map();
  #unconfirmed = [];

  constructor(container, { side, name, title }) {
    const fragment = document.querySelector("#pane-template").content.cloneNode(true);
    this.#root = fragment.querySelector(".pane");
    this.#side = side;
    const find = (selector) => this.#root.querySelector(selector);
    const label = (selector, testId, text) => {
      const target = find(selector);
      target.dataset.testid = `${side}-${testId}`;
      if (text) target.setAttribute("aria-label", text);
      return target;
    };

    this.#root.dataset.side = side;
    find("h2").textContent = name;
    find("h2").id = `${side}-title`;
    find("h2").append(element("span", { class: "role" }, title));
    find(".avatar").textContent = name.slice(0, 1);
    this.#root.setAttribute("aria-labelledby", `${side}-title`);
    this.#scroller = label(".transcript", "transcript", `Conversation as ${name} sees it`);
    this.#list = find(".transcript ol");
    this.#keepEndInView();
    label(".typing", "typing");
    label(".status", "status");
    label(".unread", "unread");
    label(".pane-error", "error");
    this.#input = label("textarea", "input", `Message from ${name}`);
    this.#file = label("input[type=file]", "attach", `Attach a file as ${name}`);
    this.#send = label(".send", "send", `Send as ${name}`);
    this.#file.disabled = true;

    find(".compose").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!this.#send.disabled) this.#submit();
    });
    this.#input.addEventListener("input", () => {
      this.#fit();
      if (!this.#send.disabled && this.#input.value !== "") this.onTyping();
    });
    this.#file.addEventListener("change", () => {
      for (const file of this.#file.files) this.onAttach(file);
      this.#file.value = "";
    });
    this.#root.addEventListener("dragover", (event) => {
      if (!this.#file.disabled) event.preventDefault();
    });
    this.#root.addEventListener("drop", (event) => {
      if (this.#file.disabled) return;
      event.preventDefault();
      for (const file of event.dataTransfer.files) this.onAttach(file);
    });
    find(".dismiss").addEventListener("click", () => this.hideError());
    // Focusing or clicking this side marks its messages as read.
    for (const event of ["focusin", "pointerdown"]) this.#root.addEventListener(event, () => this.markSeen());
    document.addEventListener("visibilitychange", () => this.hasAttention && this.markSeen());

    this.setState("idle");
    container.append(fragment);
  }

  /** Adds a control to the pane's header. */
  addAction(node) {
    this.#root.querySelector(".pane-actions").append(node);
  }

  get isConnected() {
    return this.#root.querySelector(".status").dataset.state === "connected";
  }

  get hasAttention() {
    return !document.hidden && this.#root.contains(document.activeElement);
  }

  setState(state) {
    const status = this.#root.querySelector(".status");
    status.dataset.state = state;
    status.querySelector(".status-text").textContent = STATES[state];
    // Messages are sent over HTTPS, so the user can send them even while the socket is down.
    const usable = state === "connected" || state === "lost";
    this.#send.disabled = !usable;
    this.#file.disabled = !usable;
    this.#input.disabled = state === "ended" || state === "broken";
    this.#input.placeholder = state === "ended" ? "The chat has ended" : "Write a message";
  }

  /** Adds a row for a message or file that this side is about to send. */
  addOutgoing({ text, file, sender }) {
    const row = this.#makeRow({ outgoing: true, sender, time: new Date(), role: this.#side });
    row.dataset.order = LAST;
    const bubble = row.querySelector(".bubble");
    if (file) bubble.append(this.#makeChip({ name: file.name, size: file.size }));
    else bubble.textContent = text;
    this.#unconfirmed.push({ row, text, file });
    this.#setStatus(row, "sending");
    this.#insert(row);
    return row;
  }

  /** Marks the row as sent, because the service accepted the message or file. `id` is the ID of the item. */
  confirm(row, id, time) {
    if (id) this.#adopt(row, id, time);
    this.#advance(row, "sent");
  }

  progress(row, fraction) {
    const chip = row.querySelector(".chip");
    chip?.style.setProperty("--done", `${Math.round(fraction * 100)}%`);
  }

  /** Marks the row as failed, with a button that calls `retry`. */
  fail(row, error, retry) {
    this.#setStatus(row, "failed");
    const again = element("button", { class: "again", type: "button" }, "Try again");
    again.addEventListener("click", () => {
      this.#setStatus(row, "sending");
      retry();
    });
    const reason = element("p", { class: "reason" }, formatError(error), " ", again);
    row.querySelector(".bubble").after(reason);
    this.#scrollToEnd();
  }

  /** Shows a message or an attachment from the service, or updates the row that already shows it. */
  receive(item, outgoing) {
    const attachment = item.Attachments?.[0];
    const existing =
      this.#rows.get(item.Id) ?? (outgoing ? this.#findUnconfirmed(item, attachment) : undefined);
    if (existing) {
      this.#adopt(existing, item.Id, item.AbsoluteTime);
      this.#advance(existing, "sent");
      if (attachment) this.#fillChip(existing.querySelector(".chip"), attachment);
      else existing.querySelector(".bubble").textContent = textOf(item);
      return;
    }
    const row = this.#makeRow({
      outgoing,
      sender: item.DisplayName || item.ParticipantRole?.toLowerCase() || "Unknown",
      time: new Date(item.AbsoluteTime || Date.now()),
      role: item.ParticipantRole?.toLowerCase(),
    });
    const bubble = row.querySelector(".bubble");
    if (attachment) {
      const chip = this.#makeChip({ name: attachment.AttachmentName ?? "File" });
      this.#fillChip(chip, attachment);
      bubble.append(chip);
    } else bubble.textContent = textOf(item);
    if (outgoing) this.#setStatus(row, "sent");
    row.dataset.order = item.AbsoluteTime ?? "";
    this.#register(row, item.Id);
    this.#insert(row);
    if (outgoing) return;
    this.hideTyping();
    if (this.hasAttention) return;
    this.#unread += 1;
    this.#showUnread();
  }

  /** Adds a line for an event, such as joined, left or ended. */
  addLine(text, { id, time = LAST } = {}) {
    if (id && this.#rows.has(id)) return;
    const row = element("li", { class: "line", "data-order": time }, element("span", {}, text));
    if (id) this.#rows.set(id, row);
    this.#insert(row);
  }

  /** Applies a receipt to a message and to all outgoing messages before it. */
  receipt(id, status) {
    const row = this.#rows.get(id);
    if (!row) {
      this.#receipts.set(id, status);
      return;
    }
    for (let each = row; each; each = each.previousElementSibling) {
      if (each.classList.contains("own") && each.dataset.id) this.#advance(each, status);
    }
  }

  showTyping(name) {
    const typing = this.#root.querySelector(".typing");
    typing.querySelector(".typing-text").textContent = `${name} is typing`;
    typing.classList.add("shown");
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.hideTyping(), TYPING_SHOWN_MS);
  }

  hideTyping() {
    clearTimeout(this.#typingTimer);
    this.#root.querySelector(".typing").classList.remove("shown");
  }

  markSeen() {
    if (this.#unread === 0) return;
    this.#unread = 0;
    this.#showUnread();
    this.onSeen();
  }

  showError(text) {
    const notice = this.#root.querySelector(".pane-error");
    notice.querySelector(".notice-text").textContent = text;
    notice.hidden = false;
  }

  hideError() {
    this.#root.querySelector(".pane-error").hidden = true;
  }

  clear() {
    this.#list.replaceChildren();
    this.#rows.clear();
    this.#receipts.clear();
    this.#unconfirmed = [];
    this.#unread = 0;
    this.#showUnread();
    this.hideTyping();
    this.hideError();
    this.setState("idle");
  }

  focus() {
    this.#input.focus();
  }

  #submit() {
    const text = this.#input.value.trim();
    this.#input.focus();
    if (text === "") return;
    this.#input.value = "";
    this.#fit();
    this.onSend(text);
  }

  #fit() {
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight + 2}px`;
  }

  #showUnread() {
    const badge = this.#root.querySelector(".unread");
    badge.hidden = this.#unread === 0;
    badge.textContent = `${this.#unread} unread`;
  }

  #makeRow({ outgoing, sender, time, role }) {
    const meta = element(
      "p",
      { class: "meta" },
      element("span", { class: "sender" }, sender),
      element("time", { datetime: time.toISOString() }, formatTime(time)),
    );
    if (outgoing)
      meta.append(
        element("span", { class: "ticks", "data-testid": `${this.#side}-ticks`, "aria-live": "off" }),
      );
    return element(
      "li",
      { class: outgoing ? "message own" : "message", "data-role": role },
      element("div", { class: "bubble", dir: "auto" }),
      meta,
    );
  }

  #makeChip({ name, size }) {
    const chip = element(
      "button",
      { class: "chip", type: "button", disabled: "", "data-testid": `${this.#side}-attachment` },
      element("span", { class: "chip-name" }, name),
      element("span", { class: "chip-size" }, size === undefined ? kindOf(name) : formatSize(size)),
    );
    if (size !== undefined) chip.dataset.size = String(size);
    return chip;
  }

  #fillChip(chip, attachment) {
    if (!chip) return;
    const id = attachment.AttachmentId;
    if (chip.dataset.size) sizes.set(id, Number(chip.dataset.size));
    const size = sizes.get(id);
    const label = chip.querySelector(".chip-size");
    if (attachment.Status === "REJECTED") label.textContent = "Rejected by the service";
    else if (attachment.Status === "IN_PROGRESS") label.textContent = "Scanning…";
    else label.textContent = size === undefined ? kindOf(attachment.AttachmentName) : formatSize(size);
    chip.disabled = attachment.Status !== undefined && attachment.Status !== "APPROVED";
    chip.title = chip.disabled ? "" : "Download";
    chip.style.removeProperty("--done");
    chip.onclick = async () => {
      chip.disabled = true;
      chip.classList.add("busy");
      const bytes = await this.onDownload(attachment);
      chip.classList.remove("busy");
      chip.disabled = false;
      if (bytes !== undefined) label.textContent = formatSize(bytes);
      chip.focus();
    };
  }

  /** Finds the row that this side added for an item before the service confirmed the item. */
  #findUnconfirmed(item, attachment) {
    return this.#unconfirmed.find(({ text, file }) =>
      attachment ? file?.name === attachment.AttachmentName : text !== undefined && text === item.Content,
    )?.row;
  }

  #adopt(row, id, time) {
    this.#unconfirmed = this.#unconfirmed.filter((each) => each.row !== row);
    if (time && row.dataset.order === LAST) {
      row.dataset.order = time;
      const date = new Date(time);
      row.querySelector("time").dateTime = date.toISOString();
      row.querySelector("time").textContent = formatTime(date);
      this.#insert(row);
    }
    this.#register(row, id);
  }

  #register(row, id) {
    if (!id || this.#rows.get(id) === row) return;
    row.dataset.id = id;
    this.#rows.set(id, row);
    const earlyReceipt = this.#receipts.get(id);
    if (earlyReceipt) this.receipt(id, earlyReceipt);
  }

  /** Sets a status if it is later than the current status. A receipt may arrive before SendMessage's response. */
  #advance(row, status) {
    if (ORDER.indexOf(status) > ORDER.indexOf(row.dataset.status)) this.#setStatus(row, status);
  }

  #setStatus(row, status) {
    row.dataset.status = status;
    if (status !== "failed") row.querySelector(".reason")?.remove();
    const ticks = row.querySelector(".ticks");
    const [signs, word] = TICKS[status];
    ticks.dataset.status = status;
    ticks.replaceChildren(element("span", { class: "signs", "aria-hidden": "true" }, signs), ` ${word}`);
  }

  /** Inserts a row by time. Unconfirmed rows come last. */
  #insert(row) {
    const { order } = row.dataset;
    let after = this.#list.lastElementChild;
    while (after && (after === row || after.dataset.order > order)) after = after.previousElementSibling;
    const before = after ? after.nextElementSibling : this.#list.firstElementChild;
    if (before !== row) this.#list.insertBefore(row, before);
    if (this.#atEnd || row.classList.contains("own")) this.#scrollToEnd();
  }

  /** Keeps the end in view when rows grow (ticks, error messages), and when the pane's header wraps. */
  #keepEndInView() {
    const scroller = this.#scroller;
    scroller.addEventListener("scroll", () => {
      this.#atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
    });
    const sizes = new ResizeObserver(() => this.#atEnd && this.#scrollToEnd());
    sizes.observe(scroller);
    sizes.observe(this.#list);
  }

  #scrollToEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }
}

const kindOf = (name = "") => (/\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? "file").toUpperCase();

/** Returns an item's text. Interactive messages are JSON with a title. All other messages are text. */
function textOf({ ContentType, Content = "" }) {
  if (!ContentType?.includes("message.interactive")) return Content;
  try {
    const { templateType, data } = JSON.parse(Content);
    return data?.content?.title ?? `[${templateType ?? "interactive message"}]`;
  } catch {
    return Content;
  }
}
