// IDs, tokens and times differ in every run, so each value is consistently replaced with the name of its role.

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
/** Pagination tokens, which are opaque strings in the server's own format. */
const PAGE_TOKENS = new Set(["NextToken", "previousTranscriptNextToken"]);
/** The simulator's tokens: 48 random bytes in base64url. */
const TOKEN = /(?<![\w-])[\w-]{64}(?![\w-])/g;

const short = (contentType = "") => contentType.replace("application/vnd.amazonaws.connect.", "");

export function normalizer(url) {
  const known = new Map();
  const contactIds = [];
  let agents = 0;

  const name = (value, role) => {
    if (typeof value === "string" && value !== "" && !known.has(value)) known.set(value, `<${role}>`);
  };
  const numbered = (role, count) => (count === 1 ? role : `${role} ${count}`);

  /** Numbers the values that have no role name, in the order in which they appear in an observation. */
  const nameIn = (unknown, role) => (found) => {
    if (known.has(found)) return known.get(found);
    if (!unknown.has(found)) {
      const count = [...unknown.values()].filter((each) => each.startsWith(`<${role} `)).length + 1;
      unknown.set(found, `<${role} ${count}>`);
    }
    return unknown.get(found);
  };

  function applyTo(text, unknown) {
    const named = (role) => nameIn(unknown, role);
    return text
      .replaceAll(url, "<simulator>")
      .replaceAll(url.replace(/^http/, "ws"), "<simulator socket>")
      .replace(UUID, named("uuid"))
      .replace(TIME, named("time"))
      .replace(TOKEN, named("token"));
  }

  function walk(value, unknown) {
    if (typeof value === "string") return applyTo(value, unknown);
    if (Array.isArray(value)) return value.map((each) => walk(each, unknown));
    if (typeof value !== "object" || value === null) return value;
    // Sorted, so that the numbers don't depend on the order in which a library sets its fields.
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    const normalized = ([key, each]) =>
      PAGE_TOKENS.has(key) && typeof each === "string"
        ? nameIn(unknown, "page token")(each)
        : walk(each, unknown);
    return Object.fromEntries(entries.map((entry) => [entry[0], normalized(entry)]));
  }

  return {
    contactIds,
    chat({ ContactId, ParticipantId, ParticipantToken }) {
      contactIds.push(ContactId);
      const count = contactIds.length;
      name(ContactId, numbered("contact", count));
      name(ParticipantId, numbered("customer", count));
      name(ParticipantToken, numbered("participant token", count));
    },
    agent({ participantId, participantToken, connectionToken }) {
      agents += 1;
      name(participantId, numbered("agent", agents));
      name(participantToken, numbered("agent's token", agents));
      name(connectionToken, numbered("agent's connection token", agents));
    },
    /** Names items by their content, so that an extra or missing item doesn't change the names of other items. */
    items(items) {
      const counts = new Map();
      const ids = new Set();
      for (const { Id, AbsoluteTime, ContentType, Content } of items) {
        if (ids.has(Id) && Id) continue;
        ids.add(Id);
        const quoted =
          typeof Content === "string" && !/[{<]/.test(Content) ? ` "${Content.slice(0, 20)}"` : "";
        const role = `${short(ContentType)}${quoted}`;
        const count = (counts.get(role) ?? 0) + 1;
        counts.set(role, count);
        name(Id, `id of ${numbered(role, count)}`);
        name(AbsoluteTime, `time of ${numbered(role, count)}`);
      }
    },
    apply: (value) => walk(value, new Map()),
  };
}
