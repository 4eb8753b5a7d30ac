// Reports every HTTP request of this page, and can close the page's sockets. Must load before the library, so that it
// reports all requests.

const listeners = new Set();
const owners = new Map();
let transferOwner;

const START_CHAT = "Start chat";
const JOIN_AGENT = "Join as agent";
const UPLOAD = "File upload";
const DOWNLOAD = "File download";
const FILE_TRANSFERS = [UPLOAD, DOWNLOAD];
const OWNERS_BY_NAME = { [START_CHAT]: "customer", [JOIN_AGENT]: "agent" };

/**
 * Calls `listener({ name, detail, status, failed, duration, bearer })` when a request has received a response or has
 * failed.
 */
export function onRequest(listener) {
  listeners.add(listener);
}

/** Attributes requests with this token to `owner`. */
export function setTokenOwner(token, owner) {
  if (token) owners.set(token, owner);
}

/** Attributes file transfers to `side` until the next call. Storage URLs contain no token that identifies the side. */
export function beginTransfer(side) {
  transferOwner = side;
}

export function ownerOf({ bearer, name }) {
  return (
    owners.get(bearer) ?? OWNERS_BY_NAME[name] ?? (FILE_TRANSFERS.includes(name) ? transferOwner : undefined)
  );
}

/** The display name for each path. The display name of a service call is its operation. */
const NAMES = [
  [/\/participant\/connection$/, "CreateParticipantConnection"],
  [/\/participant\/message$/, "SendMessage"],
  [/\/participant\/event$/, "SendEvent"],
  [/\/participant\/transcript$/, "GetTranscript"],
  [/\/participant\/disconnect$/, "DisconnectParticipant"],
  [/\/participant\/start-attachment-upload$/, "StartAttachmentUpload"],
  [/\/participant\/complete-attachment-upload$/, "CompleteAttachmentUpload"],
  [/\/participant\/attachment$/, "GetAttachment"],
  [/\/participant\/views\//, "DescribeView"],
  [/\/start-chat$/, START_CHAT],
  [/\/join-agent$/, JOIN_AGENT],
  [/\/agent\/connection-token$/, "Agent connection token"],
];

function nameOf(method, url) {
  const { pathname } = new URL(url, location.href);
  const match = NAMES.find(([pattern]) => pattern.test(pathname));
  if (match) return match[1];
  if (method === "PUT") return UPLOAD;
  return method === "GET" ? DOWNLOAD : `${method} ${pathname}`;
}

function report(method, url, bearer, startedAt, outcome) {
  const request = { name: nameOf(method, url), bearer, duration: performance.now() - startedAt, ...outcome };
  for (const listener of listeners) listener(request);
}

/** Returns a SendEvent request's event type, such as `typing` or `message.read`. Most requests are SendEvent. */
function detailOf(body) {
  if (typeof body !== "string") return undefined;
  return /"ContentType":"application\/vnd\.amazonaws\.connect\.event\.([a-z.]+)"/.exec(body)?.[1];
}

const originalFetch = window.fetch.bind(window);
window.fetch = async (input, init) => {
  const startedAt = performance.now();
  const isRequest = input instanceof Request;
  const url = isRequest ? input.url : String(input);
  const method = (init?.method ?? (isRequest ? input.method : "GET")).toUpperCase();
  const headers = new Headers(init?.headers ?? (isRequest ? input.headers : undefined));
  const bearer = headers.get("x-amz-bearer");
  const detail = detailOf(init?.body);
  try {
    const response = await originalFetch(input, init);
    report(method, url, bearer, startedAt, { status: response.status, failed: !response.ok, detail });
    return response;
  } catch (error) {
    report(method, url, bearer, startedAt, {
      status: error.name === "AbortError" ? "aborted" : "no response",
      failed: true,
      detail,
    });
    throw error;
  }
};

// Uploads with progress use XMLHttpRequest. The browser's resource timing reports these requests.
if (PerformanceObserver.supportedEntryTypes.includes("resource")) {
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.initiatorType !== "xmlhttprequest") continue;
      const status = entry.responseStatus || "no response";
      const request = { status, failed: !(status < 400), bearer: null, duration: entry.duration };
      for (const listener of listeners) listener({ ...request, name: nameOf("PUT", entry.name) });
    }
  }).observe({ type: "resource" });
}

/** A close code from the range reserved for applications. */
const CUT = 4000;

const sockets = new Set();
let cutUntil = 0;

/** Closes all sockets, and every new socket for `milliseconds`. To the library, the network seems to be down. */
export function cutSockets(milliseconds) {
  cutUntil = Date.now() + milliseconds;
  for (const socket of sockets) socket.close(CUT);
}

window.WebSocket = class extends WebSocket {
  constructor(...parameters) {
    super(...parameters);
    sockets.add(this);
    this.addEventListener("close", () => sockets.delete(this));
    if (Date.now() < cutUntil) this.close();
  }
};
