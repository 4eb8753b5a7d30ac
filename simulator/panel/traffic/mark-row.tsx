import type { JSX } from "preact";
import { effectText } from "../faults/to-fault";
import { preciseTime } from "../ui/times";
import type { FaultMark } from "./timeline";

/** The moment when a fault was added or ended. */
export const MarkRow = ({ mark: { what, id, fault, at } }: { mark: FaultMark }): JSX.Element => (
  <li class="fault-mark">
    <time dateTime={at}>{preciseTime(at)}</time>
    <span>
      {what === "added" ? "Fault added" : "Fault ended"}: {fault ? effectText(fault) : id}
    </span>
  </li>
);
