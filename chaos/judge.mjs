// What a run lost, doubled or misordered: the service's own record beside what the clients were told.

/** An item of the service's that was answered later than this may have found its caller gone: a call has 10 s an attempt. */
const CALLER_WAITS_MS = 9_000;
/** GetTranscript gives the newest hundred items: receipts further back are not promised. */
const NEWEST_PAGE = 80;
const SAMPLES = 8;

const isMessage = ({ Type }) => Type === "MESSAGE";

/** The verdict on one client of one chat. */
export function judgeClient(client, truth) {
  const { transcripts, traffic, startedAt } = truth;
  const from = new Date(startedAt).toISOString();
  const stored = transcripts.get(client.chat);
  const sockets = traffic.sockets.filter(({ participantIds }) =>
    participantIds.includes(client.participantId),
  );
  const until = readableUntil(stored, sockets);
  const handed = new Set(client.handed.map(({ id }) => id));
  const said = stored.filter((item) => isMessage(item) && item.AbsoluteTime >= from);
  const expected = said.filter(({ Id, AbsoluteTime }) => AbsoluteTime < until || handed.has(Id));
  const problems = [];
  const note = (kind, detail) => problems.push({ client: client.key, kind, ...detail });
  const counts = {
    sent: expected.length,
    ...judgeDelivery(client, expected, note),
    outOfOrder: judgeOrder(client, traffic, sockets, note),
    ...judgeTranscript(client, expected, note),
    ...judgeSends(client, truth, stored, note),
    ...judgeReceipts(client, stored, sockets, from, note),
    ...judgeEnd(client, note),
    unreadable: said.length - expected.length,
    recoveries: client.recoveries.length,
    incomplete: client.recoveries.filter(({ complete }) => !complete).length,
  };
  return { counts, problems };
}

/**
 * The service gives no transcript of a chat that has ended: what was said in the gap in which it ended cannot be had by
 * any client. Such a gap begins with the last socket that was subscribed.
 */
function readableUntil(stored, sockets) {
  const end = stored.find(({ ContentType }) => ContentType?.endsWith("chat.ended"));
  const endedAt = end === undefined ? Number.POSITIVE_INFINITY : Date.parse(end.AbsoluteTime);
  const before = sockets.filter(({ subscribedAt }) => subscribedAt !== null && subscribedAt <= endedAt);
  const closings = before.map(({ closedAt }) => closedAt ?? Number.POSITIVE_INFINITY);
  const lastAt = Math.max(...closings, Number.NEGATIVE_INFINITY);
  return lastAt < endedAt ? new Date(lastAt).toISOString() : "9999";
}

function judgeDelivery({ handed }, expected, note) {
  const times = new Map();
  for (const { id } of handed) times.set(id, (times.get(id) ?? 0) + 1);
  const lost = expected.filter(({ Id }) => !times.has(Id));
  for (const { Id, AbsoluteTime, Content } of lost)
    note("lost", { id: Id, time: AbsoluteTime, text: Content });
  let twice = 0;
  for (const { id, text, time } of handed) {
    const count = times.get(id);
    if (count === undefined || count < 2) continue;
    twice += count - 1;
    times.delete(id);
    note("twice", { id, text, time, count });
  }
  return { delivered: expected.length - lost.length, lost: lost.length, twice };
}

/**
 * The delivery rule: live items in the order of their arrival, recovered ones in the order of their time; and none that
 * was missed in a gap comes after a later one that arrived on the new link, unless recovery said that it is incomplete.
 */
function judgeOrder({ handed, recoveries }, traffic, sockets, note) {
  const mine = new Set(sockets.map(({ socket }) => socket));
  /** Where each item's copies stand in all that went out whole to this client, and all sockets that it was meant for. */
  const arrivals = new Map();
  const meantFor = new Map();
  traffic.frames.forEach(({ itemId, socket, outcome }, place) => {
    if (!mine.has(socket)) return;
    meantFor.set(itemId, (meantFor.get(itemId) ?? new Set()).add(socket));
    if (outcome === "whole") arrivals.set(itemId, [...(arrivals.get(itemId) ?? []), place]);
  });
  let outOfOrder = 0;
  const wrong = (kind, { id, text, time, at }) => {
    outOfOrder += 1;
    note(kind, { id, text, time, at });
  };
  let lastPlace = -1;
  let lastRecovered = "";
  /** The latest time of a live item that came on one socket alone, by socket. */
  const latestOn = new Map();
  for (const item of handed) {
    if (item.recovered) {
      if (item.time < lastRecovered) wrong("recovered, but not in the order of time", item);
      lastRecovered = item.time > lastRecovered ? item.time : lastRecovered;
      const link = sockets.findLast(({ subscribedAt }) => subscribedAt !== null && subscribedAt <= item.at);
      const isOvertaken =
        link !== undefined &&
        !meantFor.get(item.id)?.has(link.socket) &&
        (latestOn.get(link.socket) ?? "") > item.time &&
        !recoveries.some(({ complete, at }) => !complete && at >= link.subscribedAt && at <= item.at);
      if (isOvertaken) wrong("recovered, but after a later one of the new link", item);
      continue;
    }
    const place = arrivals.get(item.id)?.find((each) => each > lastPlace);
    if (place === undefined) {
      wrong(
        arrivals.has(item.id) ? "live, but not in the order of arrival" : "live, but never sent whole",
        item,
      );
      continue;
    }
    lastPlace = place;
    const [only, ...more] = meantFor.get(item.id);
    if (more.length === 0 && (latestOn.get(only) ?? "") < item.time) latestOn.set(only, item.time);
  }
  return outOfOrder;
}

function judgeTranscript({ transcript }, expected, note) {
  if (!transcript) return { snapshots: 0, unsorted: 0, doubledInTranscript: 0, missingInTranscript: 0 };
  const { snapshots, unsorted, duplicates, last } = transcript;
  const ids = new Set(last.map(({ id }) => id));
  const missing = expected.filter(({ Id }) => !ids.has(Id));
  for (const { Id, Content, AbsoluteTime } of missing) {
    note("not in the transcript at the end", { id: Id, text: Content, time: AbsoluteTime });
  }
  if (unsorted > 0) note("transcripts that are not sorted", { count: unsorted });
  if (duplicates > 0) note("an item twice in a transcript", { count: duplicates });
  return { snapshots, unsorted, doubledInTranscript: duplicates, missingInTranscript: missing.length };
}

/**
 * A resolved send is stored, once, under the id that it was told, and in the order of the calls. A rejected one is not
 * stored, unless none of its attempts was answered whole and in time: then its outcome cannot be known to any client.
 */
function judgeSends({ sends, participantId }, { requests }, stored, note) {
  const places = new Map();
  stored.forEach((item, place) => {
    if (item.ParticipantId !== participantId || !isMessage(item)) return;
    places.set(item.Content, [...(places.get(item.Content) ?? []), { place, id: item.Id }]);
  });
  const answered = new Set(
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
      if (copies.length > 0 && answered.has(text)) wrong("rejectedButStored");
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

/** What a receipt's item says; who reads a message has got it. */
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
 * Receipts of others, each told once, by whichever item shows it. One so far back that the newest page did not show it
 * was not promised, nor one of delivery where the reading was told.
 */
function judgeReceipts({ receipts, participantId, pendingReceipts }, stored, sockets, from, note) {
  const told = new Map();
  const toldRead = new Set();
  for (const receipt of receipts) {
    told.set(receiptKey(receipt), (told.get(receiptKey(receipt)) ?? 0) + 1);
    if (receipt.kind === "read") toldRead.add(receipt.messageId);
  }
  const counts = { receipts: 0, receiptsTold: 0, receiptsLost: 0, receiptsTwice: 0, receiptsNotPromised: 0 };
  stored.forEach((item, place) => {
    if (item.Type !== "MESSAGEMETADATA" || item.AbsoluteTime < from) return;
    const receipt = receiptOf(item);
    if (receipt.by === participantId) return;
    const times = told.get(receiptKey(receipt)) ?? 0;
    const detail = { id: item.Id, time: item.AbsoluteTime, ...receipt };
    if (times === 0) {
      const at = Date.parse(item.AbsoluteTime);
      const back = sockets.find(({ subscribedAt }) => subscribedAt !== null && subscribedAt > at);
      const until = new Date((back?.subscribedAt ?? at) + 3_000).toISOString();
      const behind = stored.slice(place).filter(({ AbsoluteTime }) => AbsoluteTime <= until).length;
      if (behind > NEWEST_PAGE || (receipt.kind === "delivered" && toldRead.has(receipt.messageId))) {
        counts.receiptsNotPromised += 1;
        return;
      }
      counts.receiptsLost += 1;
      note("receipt lost", detail);
    }
    counts.receipts += 1;
    if (times > 0) counts.receiptsTold += 1;
    if (times > 1) {
      counts.receiptsTwice += 1;
      note("receipt told twice", detail);
    }
  });
  if (pendingReceipts > 0) note("receipts that never settled", { count: pendingReceipts });
  return { ...counts, unsettledReceipts: pendingReceipts };
}

/** Every chat is ended by the service in the end, one of them in a gap. */
function judgeEnd({ told: { ended } }, note) {
  if (ended === 0) note("the end was not told", {});
  if (ended > 1) note("the end was told again", { count: ended });
  return {
    ends: 1,
    endsTold: Math.min(1, ended),
    endsLost: ended === 0 ? 1 : 0,
    endsTwice: Math.max(0, ended - 1),
  };
}

/** What must be nought. */
export const FAULTS = [
  "lost",
  "twice",
  "outOfOrder",
  "unsorted",
  "doubledInTranscript",
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

/** The verdict on a library's run: the sum over its clients. */
export function judge({ clients, truth, settled, settleMs, uncaught }) {
  const verdicts = clients.map((client) => judgeClient(client, truth));
  const total = {};
  for (const { counts } of verdicts) {
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
  }
  const broken = clients.filter(({ told }) => told.broken > 0).length;
  const failures = FAULTS.filter((name) => total[name] > 0);
  if (!settled) failures.push("not settled in time");
  if (broken > 0) failures.push("chats given up");
  if (uncaught.length > 0) failures.push("uncaught errors");
  return {
    total: { ...total, givenUp: broken, uncaught: uncaught.length, settled, settleMs },
    down: downShare(truth),
    problems: verdicts.flatMap(({ problems }) => problems),
    failures,
  };
}

/** How much of the time of faults the links had no subscribed socket, over all links. */
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

/** The first problems of each kind. */
export function samples(problems) {
  const seen = new Map();
  return problems.filter(({ kind }) => {
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return seen.get(kind) <= SAMPLES;
  });
}
