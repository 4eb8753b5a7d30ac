/**
 * Library bugs that the simulation must detect. The author of the first list read only the source and
 * docs/reliability.md, but not the judge. The second list reintroduces the bugs in field-cases.md, B1 to B21.
 */

/**
 * Mistakes that a good engineer could make, in all four layers. A mistake matters only if a schedule contains the
 * elements in `with`, which has the syntax of `npm run simulate -- --with`.
 */
const SLIPS = [
  {
    name: "an aging socket that dies during the handover doesn't cause a recovery",
    with: "half-open",
    file: "src/connection/handover.ts",
    from: "const isCut = code !== 1000 && !wasClean;",
    to: "const isCut = code !== 1000 && wasClean;",
  },
  {
    name: "an unanswered subscription is retried forever",
    with: "ignored-subscriptions",
    file: "src/connection/subscriptions.ts",
    from: "if (this.#sendCount < SUBSCRIPTION.maxSends) this.#send();",
    to: "if (this.#sendCount < SUBSCRIPTION.maxSends || topics.length > 0) this.#send();",
  },
  {
    name: "a closed link still listens to page signals",
    file: "src/connection/socket-link.ts",
    from: "    run?.unsubscribe();\n",
    to: "",
  },
  {
    name: "a malformed frame is logged with its text",
    with: "damaged-frames",
    file: "src/connection/managed-socket.ts",
    from: "{ problem: frame.problem }",
    to: "{ problem: frame.problem, frame: String(data) }",
  },
  {
    name: "every rejected call renews the token separately",
    with: "expired-tokens",
    file: "src/participant/renewal.ts",
    from: "this.#pending ??= this.#fetchToken(policy)",
    to: "this.#pending = this.#fetchToken(policy)",
  },
  {
    name: "a call gets one more attempt than its policy allows",
    file: "src/participant/retry.ts",
    from: "if (attemptNumber >= policy.attempts)",
    to: "if (attemptNumber > policy.attempts)",
  },
  {
    name: "a recovery round with pages left is reported as complete",
    with: "flood,region-down",
    file: "src/conversation/recovery-schedule.ts",
    from: 'const complete = outcome === "complete"',
    to: 'const complete = outcome !== "incomplete"',
  },
  {
    name: "live items wait for the recovery without a limit",
    file: "src/conversation/gate.ts",
    from: "    this.#items.push(item);\n    this.#startTimer();\n",
    to: "    this.#items.push(item);\n",
  },
  {
    name: "a failed receipt counts as sent",
    with: "read,sendsReceipts",
    file: "src/conversation/receipts.ts",
    from: "        for (const messageId of newMessageIds) sent.delete(messageId);\n",
    to: "",
  },
  {
    name: "a failed receipt isn't resent when the link is restored",
    with: "read,sendsReceipts,region-down",
    file: "src/session/chat.ts",
    from: "    this.conversation.receipts.onLinkUp();\n",
    to: "",
  },
  {
    name: "a sent receipt is resent",
    with: "read,sendsReceipts",
    file: "src/conversation/receipts.ts",
    from: "        // The request also covers receipts that failed earlier.\n",
    to: "        this.#keepFailed({ request, error: null, resends }, order, false);\n        if (resends === 0) for (const each of waiting) sent.delete(each.request.messageId);\n",
  },
  {
    name: "after a call that bypasses the queue, a second message is sent while one is in flight",
    with: "hasDisconnectFlow,disconnect,send-many,rest-slow",
    file: "src/conversation/outbox.ts",
    from: "      if (this.#pendingCount > 0) return;\n",
    to: "",
  },
  {
    name: "the end is emitted twice if it was among the waiting items",
    with: "end,cut",
    file: "src/session/chat.ts",
    from: '    if (this.state === "ended") return;\n    const { events } = this;',
    to: "    const { events } = this;",
  },
  {
    name: "a link that is lost during its recovery is reported as lost twice",
    file: "src/session/chat-state.ts",
    from: 'this.signal("linkLost", cause, timing, this.#isConnectionEstablishedPending);',
    to: 'this.signal("linkLost", cause, timing);',
  },
];

/** The original bugs from the field cases. */
const FIELD_CASES = [
  {
    name: "B1: an answer counts as delivered if a page for the transcript contains it",
    with: "keepsTranscript,stream,late-frames",
    file: "src/conversation/conversation.ts",
    from: "    inbox.partialMessages.recordPage(items);",
    to: '    if (by === "library") for (const each of items) inbox.partialMessages.accept(each, true);\n    inbox.partialMessages.recordPage(items);',
  },
  {
    name: "B2: the live completion of an answer that the application fetched is dropped",
    with: "stream,get-transcript,late-frames",
    file: "src/conversation/inbox.ts",
    from: "    if ((!mayRepeat && this.delivered.has(item)) || this.#isStale(item)) return false;",
    to: "    if ((!mayRepeat && (this.delivered.has(item) || (item.MessageMetadata?.MessageCompleted && this.#fetched.has(item)))) || this.#isStale(item)) return false;",
  },
  {
    name: "B3: a recovery isn't followed by a second look",
    with: "lag,cut",
    file: "src/conversation/recovery-schedule.ts",
    edits: [
      { from: "    this.#secondLook = new SecondLook();\n", to: "" },
      {
        from: "enabled && this.#delivery.hasTranscriptPage",
        to: "enabled && this.#delivery.hasTranscriptPage && false",
      },
    ],
  },
  {
    name: "B4: before the first item, the cursor uses the page's clock",
    file: "src/conversation/position.ts",
    edits: [
      {
        from: "  #hasGap = false;\n",
        to: "  #hasGap = false;\n  isGuess = false;\n  guess(timeMs) {\n    if (this.isGuess) this.#start(timeMs);\n    this.isGuess = false;\n  }\n",
      },
      {
        from: "    if (Math.abs(issuedAtMs - now) <= CLOCK_TOLERANCE_MS) {",
        to: "    this.isGuess = true;\n    if (now > 0) {",
      },
      {
        file: "src/conversation/conversation.ts",
        from: "    this.#position.observeTime(timeOf(item));\n    const canWait",
        to: "    this.#position.guess(timeOf(item));\n    const canWait",
      },
    ],
  },
  {
    name: "B5: an external manager's first connection gain after connect() is ignored",
    with: "external manager",
    file: "src/connection/external-link.ts",
    from: "#hasReportedStatus = false;",
    to: "#hasReportedStatus = true;",
  },
  {
    name: "B6: a subscription that is confirmed late causes no recovery",
    with: "external manager,late-subscriptions",
    file: "src/conversation/recovery-schedule.ts",
    from: "    else if (isLateSubscription) {",
    to: "    else if (isLateSubscription && this.#deadline?.end) {",
  },
  {
    name: "B7: a Retry-After of any length is obeyed",
    with: "rest-retry-after",
    file: "src/waiting.ts",
    from: "const isCapped = retryAfterMs > MAX_RETRY_AFTER_MS;",
    to: "const isCapped = retryAfterMs > MAX_RETRY_AFTER_MS * 1_000_000;",
  },
  {
    name: "B8: a resumed session's cursor is a guess, which the first page can move back",
    with: "stream,reload",
    file: "src/conversation/position.ts",
    edits: [
      {
        from: "this.#cursorMs = this.#initialCursorMs = timeMs;",
        to: "this.#cursorMs = timeMs;\n    this.#initialCursorMs = Number.NEGATIVE_INFINITY;",
      },
      {
        from: "    this.#isConnected = this.#hasGap = true;\n",
        to: "    this.#isConnected = this.#hasGap = this.#isGuess = true;\n",
      },
      { from: "  #hasGap = false;\n", to: "  #hasGap = false;\n  #isGuess = false;\n" },
      {
        from: "    if (timeMs > this.#cursorMs) this.#cursorMs = timeMs;\n",
        to: "    if (!(timeMs > (this.#isGuess ? -Infinity : this.#cursorMs))) return;\n    this.#isGuess = false;\n    this.#cursorMs = timeMs;\n",
      },
    ],
  },
  {
    name: "B9: items in progress aren't looked up after a loss",
    with: "scansAttachments,attachment,cut",
    file: "src/conversation/delivery.ts",
    edits: [
      {
        from: "return this.#position.inbox.delivered.inProgress.size > 0 || (wantsReceipts && this.#unread.size > 0);",
        to: "return wantsReceipts && this.#unread.size > 0;",
      },
      {
        from: "return this.#deliverMissed({ ...page, Transcript: changed }).count;",
        to: "return 0 * changed.length;",
      },
      {
        file: "src/conversation/position.ts",
        from: "[...this.inbox.partialMessages.startTimesMs, ...inProgressMs]",
        to: "this.inbox.partialMessages.startTimesMs",
      },
    ],
  },
  {
    name: "B10: only the latest version is remembered, and a scan doesn't count as progress",
    with: "scansAttachments,attachment,duplicate-frames",
    file: "src/conversation/item-versions.ts",
    edits: [
      { from: '    ...attachments.map(({ Status }) => Status === "IN_PROGRESS"),\n', to: "" },
      {
        from: "    ...seen.filter((each) => each !== version && pendingStepsOf(each) <= pendingStepsOf(version)),\n    version,\n  ].slice(-MAX_VERSIONS);",
        to: "    ...seen,\n    version,\n  ].slice(-1);",
      },
    ],
  },
  {
    name: "B11: an agent's rejected calls never end the chat",
    with: "customer and agent,end,region-down",
    file: "src/session/refusals.ts",
    from: "    return this.#setup.getConnectionToken === null;",
    to: '    return this.#setup.type === "CUSTOMER";',
  },
  {
    name: "B12: an empty socket URL is accepted and makes the configuration invalid",
    with: "empty-url",
    file: "src/participant/connection-response.ts",
    edits: [
      {
        from: "if (required.socket && !hasUrl)",
        to: 'if (required.socket && typeof url !== "string")',
      },
      { from: "...(hasUrl && { url,", to: '...(typeof url === "string" && { url,' },
    ],
  },
  {
    name: "B13: an item stamped far ahead moves the cursor",
    with: "future",
    file: "src/conversation/position.ts",
    from: "const FAR_AHEAD_MS = 60_000;",
    to: "const FAR_AHEAD_MS = Number.POSITIVE_INFINITY;",
  },
  {
    name: "B14: an item that is nested too deep for JSON isn't dropped",
    with: "nested,cut",
    file: "src/item.ts",
    from: "  isJson(value) &&\n",
    to: "",
  },
  {
    name: "B15: an item without an Id is never recognized",
    with: "without-id",
    file: "src/conversation/inbox.ts",
    edits: [
      {
        from: "!keyOf(item) || this.delivered.has(item) || this.#fetched.has(item)",
        to: "Boolean(item.Id) && (this.delivered.has(item) || this.#fetched.has(item))",
      },
      { from: "isChunk(item) : !this.#recoveredTimes.has(keyOf(item))", to: "isChunk(item) : true" },
    ],
  },
  {
    name: "B16: typing is throttled by the page's date",
    with: "typing,clock-jump",
    file: "src/participant/typing.ts",
    edits: [
      {
        from: 'readonly #platform: Pick<Platform, "monotonicMs">;',
        to: 'readonly #platform: Pick<Platform, "now">;',
      },
      {
        from: 'constructor(platform: Pick<Platform, "monotonicMs">,',
        to: 'constructor(platform: Pick<Platform, "now">,',
      },
      { from: "this.#platform.monotonicMs()", to: "this.#platform.now()" },
    ],
  },
  {
    name: "B17: a receipt that failed because of the network isn't resent when the link is restored",
    with: "read,sendsReceipts,offline",
    file: "src/conversation/receipts.ts",
    from: "if (isNetworkFailure(error)) this.#keepFailed(",
    to: "if (isNetworkFailure(error) && this.#hasLeft) this.#keepFailed(",
  },
  {
    name: "B18: damaged frames cause page requests without a limit",
    with: "damaged-frames",
    file: "src/conversation/missed-pages.ts",
    edits: [
      {
        from: "const AFTER_DAMAGE = { burst: 2, refillIntervalMs: 15_000 };",
        to: "const AFTER_DAMAGE = { burst: 2, refillIntervalMs: 0 };",
      },
    ],
  },
  {
    name: "B19: every page signal causes an attempt",
    with: "signals",
    file: "src/connection/reconnecting.ts",
    edits: [
      {
        from: "const minDelayMs = Math.max(delayMs, this.#earliestAtMs - now);",
        to: "const minDelayMs = delayMs;",
      },
      { from: "this.#hadSignal ? SIGNAL_INTERVAL_MS : 0", to: "this.#hadSignal ? 0 : 0" },
      { from: "Math.max(minDelayMs, this.#budget.waitMs(reserve))", to: "minDelayMs" },
    ],
  },
  {
    name: "B20: time asleep counts toward a call's time limit",
    with: "sleep,send",
    file: "src/participant/retry.ts",
    edits: [
      { from: "  let spentMs = 0;\n", to: "  let spentMs = 0;\n  const bornAt = platform.monotonicMs();\n" },
      {
        from: "spentMs += Math.min(ms, platform.monotonicMs() - startedAt) + delayMs;",
        to: "spentMs = platform.monotonicMs() - bornAt + delayMs;",
      },
    ],
  },
  {
    name: "B21: an item evicted from memory counts as missed",
    with: "flood",
    file: "src/conversation/inbox.ts",
    from: "isKnown || this.delivered.mayBeEvicted(item) || this.#isStale(item)",
    to: "isKnown || this.#isStale(item)",
  },
];

export const MUTATIONS = [...SLIPS, ...FIELD_CASES];
