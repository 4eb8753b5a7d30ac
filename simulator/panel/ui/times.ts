const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const PRECISE = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hour12: false,
});
const SLOT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const format = (formatter: Intl.DateTimeFormat, text: string): string => {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : formatter.format(date);
};

export const clockTime = (text: string): string => format(CLOCK, text);
export const preciseTime = (text: string): string => format(PRECISE, text);
/** A time picker's slot; the text itself if it isn't a date. */
export const slotTime = (text: string): string => format(SLOT, text);
