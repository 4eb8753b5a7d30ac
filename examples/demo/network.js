// Tells of every HTTP request of this page, and can cut its sockets. It loads before the library, so that none is missed.

const listeners = new Set();
const owners = new Map();
let transferring;

const START_CHAT = "Start chat";
const JOIN_AGENT = "Join as agent";
const UPLOAD = "Upload of the file";
const DOWNLOAD = "Download of the file";
const FILE_TRANSFERS = [UPLOAD, DOWNLOAD];
const BEFORE_A_TOKEN = { [START_CHAT]: "customer", [JOIN_AGENT]: "agent" };

/** `listener({ name, detail, status, failed, duration, bearer })` runs when a request is answered or has failed. */
export function onRequest(listener) {
  listeners.add(listener);
}

/** Requests with this token are `owner`'s. */
export function ownToken(token, owner) {
  if (token) owners.set(token, owner);
}

/** The storage's addresses carry no token: transfers of files are of the side that began one last. */
export function beginTransfer(side) {
  transferring = side;
}

export function ownerOf({ bearer, name }) {
  return (
    owners.get(bearer) ?? BEFORE_A_TOKEN[name] ?? (FILE_TRANSFERS.includes(name) ? transferring : undefined)
  );
}

/** What people call it: the operation of the service, not its path. */
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
  [/\/agent\/connection-token$/, "Agent's connection token"],
];

function nameOf(method, url) {
  const { pathname } = new URL(url, location.href);
  const known = NAMES.find(([pattern]) => pattern.test(pathname));
  if (known) return known[1];
  if (method === "PUT") return UPLOAD;
  return method === "GET" ? DOWNLOAD : `${method} ${pathname}`;
}

function tell(method, url, bearer, startedAt, outcome) {
  const request = { name: nameOf(method, url), bearer, duration: performance.now() - startedAt, ...outcome };
  for (const listener of listeners) listener(request);
}

/** What an event says, since most requests are SendEvent: `typing`, `message.read`. */
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
    tell(method, url, bearer, startedAt, { status: response.status, failed: !response.ok, detail });
    return response;
  } catch (error) {
    tell(method, url, bearer, startedAt, {
      status: error.name === "AbortError" ? "aborted" : "no answer",
      failed: true,
      detail,
    });
    throw error;
  }
};

// Uploads with progress go by XMLHttpRequest, which the browser itself reports.
if (PerformanceObserver.supportedEntryTypes.includes("resource")) {
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.initiatorType !== "xmlhttprequest") continue;
      const status = entry.responseStatus || "no answer";
      const request = { status, failed: !(status < 400), bearer: null, duration: entry.duration };
      for (const listener of listeners) listener({ ...request, name: nameOf("PUT", entry.name) });
    }
  }).observe({ type: "resource" });
}

/** A socket's closing code, from the range that applications may use. */
const CUT = 4000;

const sockets = new Set();
let cutUntil = 0;

/** Closes every socket, and for `milliseconds` each new one: to the library, the network has gone. */
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
