// Formats values for display.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const clockWithSeconds = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

export const formatTime = (date) => clock.format(date);
export const formatSeconds = (date) => clockWithSeconds.format(date);

export function formatSize(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function formatDuration(milliseconds) {
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Returns an error's message, followed by the service's error type and status if the error has them. */
export function formatError(error) {
  if (typeof error !== "object" || error === null) return String(error);
  const message =
    error.message ?? error.errorMessage ?? error._debug?.message ?? error._debug?._debug?.message;
  const parts = [error.type, error.statusCode].filter((part) => part !== undefined && part !== message);
  const suffix = [...new Set(parts.map(String))].join(" ");
  const text = message ? String(message) : "Something went wrong.";
  return suffix ? `${text} (${suffix})` : text;
}

/** Creates an element: `element("p", { class: "hint", "data-testid": "x" }, "text", child)`. */
export function element(tag, attributes = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) created.setAttribute(name, value);
  }
  created.append(...children);
  return created;
}
