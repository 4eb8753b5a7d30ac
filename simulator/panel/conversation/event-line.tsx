import type { JSX } from "preact";
import type { Item } from "../api/types";
import { eventName, textOfEvent } from "../state/item-text";
import { memo } from "../ui/memo";
import { clockTime } from "../ui/times";

/** An event, shown as one small line. */
export const EventLine = memo(({ item }: { item: Item }): JSX.Element => (
  <li class="event" data-event={eventName(item)}>
    <span title={eventName(item)}>{textOfEvent(item)}</span>
    <time dateTime={item.AbsoluteTime}>{clockTime(item.AbsoluteTime)}</time>
  </li>
));
