/**
 * Faults of the library that the simulation has to notice. Those of the first list were written from the source and from
 * docs/reliability.md alone, before the judge was read; those of the second put back each bug of field-cases.md, B1 to B21.
 */

/** Slips that a good engineer could make, spread over the four layers. */
const SLIPS = [
  {
    name: "an ageing socket that dies during the hand-over causes no recovery",
    file: "src/connection/web-socket-manager.ts",
    from: "if (closed.code !== 1000 && !closed.wasClean)",
    to: "if (closed.code !== 1000 && closed.wasClean)",
  },
  {
    name: "a subscription that is never answered is never given up",
    file: "src/connection/subscriptions.ts",
    from: "else this.#events.failed({",
    to: "else if (topics.length === 0) this.#events.failed({",
  },
  {
    name: "a closed link still listens to the page's signals",
    file: "src/connection/web-socket-manager.ts",
    from: "    this.#takeOffSignals?.();\n",
    to: "",
  },
  {
    name: "a malformed frame is logged with its text",
    file: "src/connection/managed-socket.ts",
    from: "{ problem: frame.problem }",
    to: "{ problem: frame.problem, frame: String(data) }",
  },
  {
    name: "every refused call renews the token for itself",
    file: "src/participant/connection-details.ts",
    from: "this.#renewing ??= this.#fetchToken(policy)",
    to: "this.#renewing = this.#fetchToken(policy)",
  },
  {
    name: "a call is tried once more than its policy allows",
    file: "src/participant/retry.ts",
    from: "if (tried >= policy.attempts)",
    to: "if (tried > policy.attempts)",
  },
  {
    name: "a round that leaves pages for another one is reported as complete",
    file: "src/conversation/recovery.ts",
    from: 'const complete = outcome === "complete"',
    to: 'const complete = outcome !== "incomplete"',
  },
  {
    name: "held items wait for the recovery however long it takes",
    file: "src/conversation/held-items.ts",
    from: "    this.#items.push(item);\n    this.#start();\n",
    to: "    this.#items.push(item);\n",
  },
  {
    name: "a receipt that failed counts as sent",
    file: "src/conversation/receipts.ts",
    from: "        for (const { request } of waiting) sent.delete(request.messageId);\n",
    to: "",
  },
  {
    name: "the call that went out of its turn lets the next message overtake the one in flight",
    file: "src/conversation/outbox.ts",
    from: "      if (this.#pending > 0) return;\n",
    to: "",
  },
  {
    name: "an end among the held items is emitted twice",
    file: "src/session/chat.ts",
    from: '    if (this.state === "ended") return;\n    const { events } = this;',
    to: "    const { events } = this;",
  },
  {
    name: "a link that is lost during its recovery is reported as lost twice",
    file: "src/session/chat-state.ts",
    from: 'this.signal("linkLost", cause, when, this.#untold);',
    to: 'this.signal("linkLost", cause, when);',
  },
];

export const MUTATIONS = [...SLIPS];
