const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const PRECISE = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hour12: false,
});
const UNTIL = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const SLOT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const format = (formatter: Intl.DateTimeFormat, text: string): string => {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : formatter.format(date);
};

export const clockTime = (text: string): string => format(CLOCK, text);
export const preciseTime = (text: string): string => format(PRECISE, text);
/** Formats when something ends, to the second. */
export const untilTime = (text: string): string => format(UNTIL, text);
/** Formats a time picker's slot. A text that isn't a date is returned unchanged. */
export const slotTime = (text: string): string => format(SLOT, text);
