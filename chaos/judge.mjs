// Finds lost, duplicated and reordered items by comparing the service's record with the clients' records.

/** After this time, the caller may have given up on a response, because each attempt of a call is limited to 10 s. */
const CALLER_WAITS_MS = 9_000;
/**
 * After damaged frames, a client fetches the transcript at most six times a minute. It may wait this long for its next
 * turn. If the chat ends during the wait, with the link down, the damaged items can no longer be fetched.
 */
const DAMAGE_WAIT_MS = 16_000;
/** GetTranscript returns the newest 100 items. Receipts for older messages aren't guaranteed. */
const NEWEST_PAGE = 80;
const SAMPLES = 8;

const isMessage = ({ Type }) => Type === "MESSAGE";

/** Judges one client of one chat. */
export function judgeClient(client, truth) {
  const { transcripts, traffic, startedAt } = truth;
  const from = new Date(startedAt).toISOString();
  const stored = transcripts.get(client.chat);
  const sockets = traffic.sockets.filter(({ participantIds }) =>
    participantIds.includes(client.participantId),
  );
  const isReadable = readableIn(truth, client, stored, sockets);
  const delivered = new Set(client.delivered.map(({ id }) => id));
  const sentMessages = stored.filter((item) => isMessage(item) && item.AbsoluteTime >= from);
  const expected = sentMessages.filter((item) => isReadable(item) || delivered.has(item.Id));
  const problems = [];
  const note = (kind, detail) => problems.push({ client: client.key, kind, ...detail });
  const counts = {
    sent: expected.length,
    ...judgeDelivery(client, expected, note),
    outOfOrder: judgeOrder(client, traffic, sockets, note),
    ...judgeTranscript(client, expected, note),
    ...judgeSends(client, truth, stored, note),
    ...judgeReceipts(client, stored, { sockets, from, isReadable }, note),
    ...judgeEnd(client, note),
    unreadable: sentMessages.length - expected.length,
    recoveries: client.recoveries.length,
    incomplete: client.recoveries.filter(({ complete }) => !complete).length,
  };
  return { counts, problems };
}

/**
 * Returns a predicate for the messages that the client could read. The service returns no transcript of an ended chat.
 * If a chat ended in a gap, the messages from the gap aren't readable, nor are messages whose frames were damaged
 * shortly before the gap, unless the client fetched the transcript in between.
 */
function readableIn({ traffic, requests }, { participantId }, stored, sockets) {
  const end = stored.find(({ ContentType }) => ContentType?.endsWith("chat.ended"));
  const endedAt = end === undefined ? Number.POSITIVE_INFINITY : Date.parse(end.AbsoluteTime);
  const before = sockets.filter(({ subscribedAt }) => subscribedAt !== null && subscribedAt <= endedAt);
  const closings = before.map(({ closedAt }) => closedAt ?? Number.POSITIVE_INFINITY);
  const lastAt = Math.max(...closings, Number.NEGATIVE_INFINITY);
  if (lastAt >= endedAt) return () => true;
  const mine = new Set(sockets.map(({ socket }) => socket));
  const frames = traffic.frames.filter(({ socket }) => mine.has(socket));
  const intact = new Set(frames.filter(({ outcome }) => outcome === "whole").map(({ itemId }) => itemId));
  const damaged = new Set(frames.filter(({ outcome }) => outcome === "changed").map(({ itemId }) => itemId));
  const fetchedAt = requests
    .filter(
      ({ operation, participantId: by, answeredAt, status }) =>
        operation === "GetTranscript" && by === participantId && answeredAt !== null && status === 200,
    )
    .map(({ at }) => at)
    .filter((at) => at < lastAt);
  const lastFetchedAt = Math.max(...fetchedAt, Number.NEGATIVE_INFINITY);
  return ({ Id, AbsoluteTime }) => {
    const at = Date.parse(AbsoluteTime);
    const isOnlyDamaged = damaged.has(Id) && !intact.has(Id);
    if (isOnlyDamaged && at > lastFetchedAt && at > lastAt - DAMAGE_WAIT_MS) return false;
    return at < lastAt;
  };
}

function judgeDelivery({ delivered }, expected, note) {
  const times = new Map();
  for (const { id } of delivered) times.set(id, (times.get(id) ?? 0) + 1);
  const lost = expected.filter(({ Id }) => !times.has(Id));
  for (const { Id, AbsoluteTime, Content } of lost)
    note("lost", { id: Id, time: AbsoluteTime, text: Content });
  let twice = 0;
  for (const { id, text, time } of delivered) {
    const count = times.get(id);
    if (count === undefined || count < 2) continue;
    twice += count - 1;
    times.delete(id);
    note("twice", { id, text, time, count });
  }
  return { delivered: expected.length - lost.length, lost: lost.length, twice };
}

/**
 * Checks the delivery order of live items by arrival, and of recovered items by time. An item missed in a gap must not
 * be delivered after a newer item from the new link, unless the recovery was reported as incomplete.
 */
function judgeOrder({ delivered, recoveries }, traffic, sockets, note) {
  const mine = new Set(sockets.map(({ socket }) => socket));
  // For each item, the positions of its intact frames among all frames, and the sockets to which it was addressed.
  const arrivals = new Map();
  const socketsOf = new Map();
  traffic.frames.forEach(({ itemId, socket, outcome }, place) => {
    if (!mine.has(socket)) return;
    socketsOf.set(itemId, (socketsOf.get(itemId) ?? new Set()).add(socket));
    if (outcome === "whole") arrivals.set(itemId, [...(arrivals.get(itemId) ?? []), place]);
  });
  let outOfOrder = 0;
  const wrong = (kind, { id, text, time, at }) => {
    outOfOrder += 1;
    note(kind, { id, text, time, at });
  };
  let lastPlace = -1;
  let lastRecovered = "";
  // For each socket, the latest time of live items that were addressed only to that socket.
  const latestOn = new Map();
  for (const item of delivered) {
    if (item.recovered) {
      if (item.time < lastRecovered) wrong("recovered out of time order", item);
      lastRecovered = item.time > lastRecovered ? item.time : lastRecovered;
      const link = sockets.findLast(({ subscribedAt }) => subscribedAt !== null && subscribedAt <= item.at);
      const isOvertaken =
        link !== undefined &&
        !socketsOf.get(item.id)?.has(link.socket) &&
        (latestOn.get(link.socket) ?? "") > item.time &&
        !recoveries.some(({ complete, at }) => !complete && at >= link.subscribedAt && at <= item.at);
      if (isOvertaken) wrong("recovered after a newer item from the new link", item);
      continue;
    }
    const place = arrivals.get(item.id)?.find((each) => each > lastPlace);
    if (place === undefined) {
      wrong(arrivals.has(item.id) ? "live, but out of arrival order" : "live, but never sent intact", item);
      continue;
    }
    lastPlace = place;
    const [only, ...more] = socketsOf.get(item.id);
    if (more.length === 0 && (latestOn.get(only) ?? "") < item.time) latestOn.set(only, item.time);
  }
  return outOfOrder;
}

function judgeTranscript({ transcript }, expected, note) {
  if (!transcript) return { snapshots: 0, unsorted: 0, duplicatedInTranscript: 0, missingInTranscript: 0 };
  const { snapshots, unsorted, duplicates, last } = transcript;
  const ids = new Set(last.map(({ id }) => id));
  const missing = expected.filter(({ Id }) => !ids.has(Id));
  for (const { Id, Content, AbsoluteTime } of missing) {
    note("missing in the final transcript", { id: Id, text: Content, time: AbsoluteTime });
  }
  if (unsorted > 0) note("unsorted transcripts", { count: unsorted });
  if (duplicates > 0) note("duplicate items in transcripts", { count: duplicates });
  return { snapshots, unsorted, duplicatedInTranscript: duplicates, missingInTranscript: missing.length };
}

/**
 * Checks outgoing messages. A resolved message must be stored once, under the ID that the call returned, in call order.
 * A rejected message must not be stored, unless no attempt got a complete response in time, because then no client can
 * know the outcome.
 */
function judgeSends({ sends, participantId }, { requests }, stored, note) {
  const places = new Map();
  stored.forEach((item, place) => {
    if (item.ParticipantId !== participantId || !isMessage(item)) return;
    places.set(item.Content, [...(places.get(item.Content) ?? []), { place, id: item.Id }]);
  });
  const answeredContents = new Set(
    requests
      .filter(
        ({ operation, participantId: by, answeredAt, at }) =>
          operation === "SendMessage" &&
          by === participantId &&
          answeredAt !== null &&
          answeredAt - at < CALLER_WAITS_MS,
      )
      .map(({ body }) => body.Content),
  );
  const counts = {
    sends: sends.length,
    accepted: 0,
    rejected: 0,
    storedTwice: 0,
    acceptedNotStored: 0,
    rejectedButStored: 0,
    unknowable: 0,
    outOfCallOrder: 0,
    unsettled: 0,
  };
  let lastPlace = -1;
  for (const { text, outcome, id, error } of sends) {
    const copies = places.get(text) ?? [];
    const wrong = (kind) => {
      counts[kind] += 1;
      note(kind, { text, outcome, error });
    };
    if (copies.length > 1) wrong("storedTwice");
    if (outcome === null) wrong("unsettled");
    if (outcome === "rejected") {
      counts.rejected += 1;
      if (copies.length > 0 && answeredContents.has(text)) wrong("rejectedButStored");
      else if (copies.length > 0) counts.unknowable += 1;
    }
    if (outcome !== "resolved") continue;
    counts.accepted += 1;
    const copy = copies.find((each) => each.id === id);
    if (!copy) wrong("acceptedNotStored");
    else if (copy.place < lastPlace) wrong("outOfCallOrder");
    else lastPlace = copy.place;
  }
  return counts;
}

const receiptKey = ({ messageId, kind, time }) => `${kind} ${messageId} ${time}`;

/** Reads a receipt item. A read receipt also implies delivery. */
function receiptOf({ MessageMetadata: { MessageId, Receipts } }) {
  const [{ ReadTimestamp, DeliveredTimestamp, RecipientParticipantId }] = Receipts;
  const kind = ReadTimestamp ? "read" : "delivered";
  return {
    messageId: MessageId,
    kind,
    time: ReadTimestamp ?? DeliveredTimestamp,
    by: RecipientParticipantId,
  };
}

/**
 * Checks that each incoming receipt was emitted once. Receipts that are too old for the newest transcript page aren't
 * guaranteed, nor are unreadable ones, nor delivered receipts whose read receipt was emitted.
 */
function judgeReceipts(
  { receipts, participantId, pendingReceipts },
  stored,
  { sockets, from, isReadable },
  note,
) {
  const emitted = new Map();
  const emittedReads = new Set();
  for (const receipt of receipts) {
    emitted.set(receiptKey(receipt), (emitted.get(receiptKey(receipt)) ?? 0) + 1);
    if (receipt.kind === "read") emittedReads.add(receipt.messageId);
  }
  const counts = {
    receipts: 0,
    receiptsEmitted: 0,
    receiptsLost: 0,
    receiptsTwice: 0,
    receiptsNotGuaranteed: 0,
  };
  stored.forEach((item, place) => {
    if (item.Type !== "MESSAGEMETADATA" || item.AbsoluteTime < from) return;
    const receipt = receiptOf(item);
    if (receipt.by === participantId) return;
    const times = emitted.get(receiptKey(receipt)) ?? 0;
    const detail = { id: item.Id, time: item.AbsoluteTime, ...receipt };
    if (times === 0) {
      const at = Date.parse(item.AbsoluteTime);
      const back = sockets.find(({ subscribedAt }) => subscribedAt !== null && subscribedAt > at);
      const until = new Date((back?.subscribedAt ?? at) + 3_000).toISOString();
      const newerCount = stored.slice(place).filter(({ AbsoluteTime }) => AbsoluteTime <= until).length;
      const isImplied = receipt.kind === "delivered" && emittedReads.has(receipt.messageId);
      if (newerCount > NEWEST_PAGE || isImplied || !isReadable(item)) {
        counts.receiptsNotGuaranteed += 1;
        return;
      }
      counts.receiptsLost += 1;
      note("receipt lost", detail);
    }
    counts.receipts += 1;
    if (times > 0) counts.receiptsEmitted += 1;
    if (times > 1) {
      counts.receiptsTwice += 1;
      note("receipt emitted twice", detail);
    }
  });
  if (pendingReceipts > 0) note("receipts that never settled", { count: pendingReceipts });
  return { ...counts, unsettledReceipts: pendingReceipts };
}

/** Checks that the end was emitted once. The service ends every chat, and ends one chat in a gap. */
function judgeEnd({ eventCounts: { ended } }, note) {
  if (ended === 0) note("end not emitted", {});
  if (ended > 1) note("end emitted twice", { count: ended });
  return {
    ends: 1,
    endsEmitted: Math.min(1, ended),
    endsLost: ended === 0 ? 1 : 0,
    endsTwice: Math.max(0, ended - 1),
  };
}

/** The counts that must be zero. */
export const FAULTS = [
  "lost",
  "twice",
  "outOfOrder",
  "unsorted",
  "duplicatedInTranscript",
  "missingInTranscript",
  "storedTwice",
  "acceptedNotStored",
  "rejectedButStored",
  "outOfCallOrder",
  "unsettled",
  "receiptsLost",
  "receiptsTwice",
  "unsettledReceipts",
  "endsLost",
  "endsTwice",
];

/** Judges a library's run by summing up its clients' verdicts. */
export function judge({ clients, truth, settled, settleMs, uncaught }) {
  const verdicts = clients.map((client) => judgeClient(client, truth));
  const total = {};
  for (const { counts } of verdicts) {
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
  }
  const broken = clients.filter(({ eventCounts }) => eventCounts.broken > 0).length;
  const failures = FAULTS.filter((name) => total[name] > 0);
  if (!settled) failures.push("not settled in time");
  if (broken > 0) failures.push("abandoned chats");
  if (uncaught.length > 0) failures.push("uncaught errors");
  return {
    total: { ...total, givenUp: broken, uncaught: uncaught.length, settled, settleMs },
    down: downShare(truth),
    problems: verdicts.flatMap(({ problems }) => problems),
    failures,
  };
}

/** The average share of the fault period in which a link had no subscribed socket. */
function downShare({ links, traffic, startedAt, activeUntil }) {
  const shares = links.map(({ participantIds: [participantId] }) => {
    const up = traffic.sockets
      .filter(
        ({ participantIds, subscribedAt }) => subscribedAt !== null && participantIds.includes(participantId),
      )
      .map(({ subscribedAt, closedAt }) => [
        Math.max(startedAt, subscribedAt),
        Math.min(activeUntil, closedAt ?? activeUntil),
      ])
      .sort(([a], [b]) => a - b);
    let covered = 0;
    let reached = startedAt;
    for (const [begin, end] of up) {
      covered += Math.max(0, end - Math.max(begin, reached));
      reached = Math.max(reached, end);
    }
    return 1 - covered / (activeUntil - startedAt);
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** Returns the first problems of each kind. */
export function samples(problems) {
  const countByKind = new Map();
  return problems.filter(({ kind }) => {
    countByKind.set(kind, (countByKind.get(kind) ?? 0) + 1);
    return countByKind.get(kind) <= SAMPLES;
  });
}
