/** Reads the time picker's own fields. */
import type { Fields } from "./fields";
import { COUNTS } from "./limits";
import type { TimePickerLocation, TimePickerMessage, TimeSlot } from "./types";

/** The fields that only a time picker has. */
export type TimePickerFields = Pick<TimePickerMessage, "timeslots" | "timeZoneOffset" | "location">;

/** With a UTC offset: without one, JavaScript would read the time in the customer's own zone. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

export const readTimePicker = (content: Fields): TimePickerFields => ({
  timeslots: content.list("timeslots", COUNTS.TimePicker, readSlot),
  timeZoneOffset: content.number("timeZoneOffset"),
  location: content.has("location") ? readLocation(content.child("location")) : null,
});

/** Without a date, there is nothing to show or to answer. */
function readSlot(fields: Fields): TimeSlot | null {
  fields.require("date", "duration");
  const date = fields.text("date");
  if (date === null) return null;
  const time = new Date(date);
  const startsAt = ISO_TIME.test(date) && Number.isFinite(time.getTime()) ? time : null;
  if (!startsAt) fields.warn("wrong-type", "date", "must be an ISO 8601 time with a UTC offset");
  return { date, startsAt, duration: fields.number("duration"), raw: fields.raw };
}

/** A place without a title or coordinates can't be shown. */
function readLocation(fields: Fields): TimePickerLocation | null {
  fields.require("title", "latitude", "longitude");
  const title = fields.text("title");
  const latitude = fields.number("latitude");
  const longitude = fields.number("longitude");
  const radius = fields.number("radius");
  return title === null || latitude === null || longitude === null
    ? null
    : { title, latitude, longitude, radius };
}
