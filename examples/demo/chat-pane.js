// What one side sees: transcript, typing, input. It knows nothing of the library.

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

/** The service's typing events come at most every 10 s while somebody writes. */
const TYPING_SHOWN_MS = 11_000;

/** Sorts after every time. */
const LAST = "~";

/** A chat item does not tell an attachment's size; whoever sent it from this page knows it. */
const sizes = new Map();

export class ChatPane {
  /** What the pane asks of its side; set by it. */
  onSend = () => undefined;
  onAttach = () => undefined;
  onDownload = () => undefined;
  onTyping = () => undefined;
  onSeen = () => undefined;

  #root;
  #side;
  #list;
  #scroller;
  /** Whether the end of the conversation is in view, and stays so. */
  #atEnd = true;
  #input;
  #file;
  #send;
  #typingTimer;
  #unread = 0;
  #rows = new Map();
  #receipts = new Map();
  #waiting = [];

  constructor(container, { side, name, title }) {
    const fragment = document.querySelector("#pane-template").content.cloneNode(true);
    this.#root = fragment.querySelector(".pane");
    this.#side = side;
    const find = (selector) => this.#root.querySelector(selector);
    const mark = (selector, testId, label) => {
      const found = find(selector);
      found.dataset.testid = `${side}-${testId}`;
      if (label) found.setAttribute("aria-label", label);
      return found;
    };

    this.#root.dataset.side = side;
    find("h2").textContent = name;
    find("h2").id = `${side}-title`;
    find("h2").append(element("span", { class: "role" }, title));
    find(".avatar").textContent = name.slice(0, 1);
    this.#root.setAttribute("aria-labelledby", `${side}-title`);
    this.#scroller = mark(".transcript", "transcript", `What ${name} sees of the conversation`);
    this.#list = find(".transcript ol");
    this.#keepEndInView();
    mark(".typing", "typing");
    mark(".status", "status");
    mark(".unread", "unread");
    mark(".pane-error", "error");
    this.#input = mark("textarea", "input", `Message from ${name}`);
    this.#file = mark("input[type=file]", "attach", `Attach a file as ${name}`);
    this.#send = mark(".send", "send", `Send as ${name}`);
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
    // Who turns to this side has read what stands there.
    for (const turned of ["focusin", "pointerdown"]) this.#root.addEventListener(turned, () => this.seen());
    document.addEventListener("visibilitychange", () => this.hasAttention && this.seen());

    this.setState("idle");
    container.append(fragment);
  }

  /** Puts a control into the head of the pane. */
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
    // While the link is restored messages still go out: they travel by HTTPS.
    const usable = state === "connected" || state === "lost";
    this.#send.disabled = !usable;
    this.#file.disabled = !usable;
    this.#input.disabled = state === "ended" || state === "broken";
    this.#input.placeholder = state === "ended" ? "The chat has ended" : "Write a message";
  }

  /** A row for what this side is about to send. */
  addOwn({ text, file, sender }) {
    const row = this.#makeRow({ own: true, sender, time: new Date(), role: this.#side });
    row.dataset.order = LAST;
    const bubble = row.querySelector(".bubble");
    if (file) bubble.append(this.#makeChip({ name: file.name, size: file.size }));
    else bubble.textContent = text;
    this.#waiting.push({ row, text, file });
    this.#setStatus(row, "sending");
    this.#insert(row);
    return row;
  }

  /** The service has accepted the row as the item `id`. */
  confirm(row, id, time) {
    if (id) this.#adopt(row, id, time);
    this.#advance(row, "sent");
  }

  progress(row, part) {
    const chip = row.querySelector(".chip");
    chip?.style.setProperty("--done", `${Math.round(part * 100)}%`);
  }

  /** The row could not be sent; `retry` tries it again. */
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

  /** Shows a message or an attachment of the service; one that stands there already is brought up to date. */
  receive(item, own) {
    const attachment = item.Attachments?.[0];
    const known = this.#rows.get(item.Id) ?? (own ? this.#takeWaiting(item, attachment) : undefined);
    if (known) {
      this.#adopt(known, item.Id, item.AbsoluteTime);
      this.#advance(known, "sent");
      if (attachment) this.#fillChip(known.querySelector(".chip"), attachment);
      else known.querySelector(".bubble").textContent = textOf(item);
      return;
    }
    const row = this.#makeRow({
      own,
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
    if (own) this.#setStatus(row, "sent");
    row.dataset.order = item.AbsoluteTime ?? "";
    this.#remember(row, item.Id);
    this.#insert(row);
    if (own) return;
    this.hideTyping();
    if (this.hasAttention) return;
    this.#unread += 1;
    this.#showUnread();
  }

  /** A line of the conversation that nobody wrote: joined, left, ended. */
  addLine(text, { id, time = LAST } = {}) {
    if (id && this.#rows.has(id)) return;
    const row = element("li", { class: "line", "data-order": time }, element("span", {}, text));
    if (id) this.#rows.set(id, row);
    this.#insert(row);
  }

  /** The other side has this message, and so all before it. */
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

  seen() {
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
    this.#waiting = [];
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

  #makeRow({ own, sender, time, role }) {
    const meta = element(
      "p",
      { class: "meta" },
      element("span", { class: "sender" }, sender),
      element("time", { datetime: time.toISOString() }, formatTime(time)),
    );
    if (own)
      meta.append(
        element("span", { class: "ticks", "data-testid": `${this.#side}-ticks`, "aria-live": "off" }),
      );
    return element(
      "li",
      { class: own ? "message own" : "message", "data-role": role },
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
    if (attachment.Status === "REJECTED") label.textContent = "Refused by the service";
    else if (attachment.Status === "IN_PROGRESS") label.textContent = "Being checked…";
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

  /** The row that this side put up itself for the item that now comes back from the service. */
  #takeWaiting(item, attachment) {
    return this.#waiting.find(({ text, file }) =>
      attachment ? file?.name === attachment.AttachmentName : text !== undefined && text === item.Content,
    )?.row;
  }

  #adopt(row, id, time) {
    this.#waiting = this.#waiting.filter((each) => each.row !== row);
    if (time && row.dataset.order === LAST) {
      row.dataset.order = time;
      const date = new Date(time);
      row.querySelector("time").dateTime = date.toISOString();
      row.querySelector("time").textContent = formatTime(date);
      this.#insert(row);
    }
    this.#remember(row, id);
  }

  #remember(row, id) {
    if (!id || this.#rows.get(id) === row) return;
    row.dataset.id = id;
    this.#rows.set(id, row);
    const early = this.#receipts.get(id);
    if (early) this.receipt(id, early);
  }

  /** A status only rises: a receipt may overtake the answer to the message. */
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

  /** By time; what is on its way stands last. */
  #insert(row) {
    const { order } = row.dataset;
    let after = this.#list.lastElementChild;
    while (after && (after === row || after.dataset.order > order)) after = after.previousElementSibling;
    const before = after ? after.nextElementSibling : this.#list.firstElementChild;
    if (before !== row) this.#list.insertBefore(row, before);
    if (this.#atEnd || row.classList.contains("own")) this.#scrollToEnd();
  }

  /** Rows grow by their ticks and reasons, and the pane's head may take another line: the end does not slip out of view. */
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

/** Interactive messages are JSON with a title; everything else is text. */
function textOf({ ContentType, Content = "" }) {
  if (!ContentType?.includes("message.interactive")) return Content;
  try {
    const { templateType, data } = JSON.parse(Content);
    return data?.content?.title ?? `[${templateType ?? "interactive message"}]`;
  } catch {
    return Content;
  }
}
