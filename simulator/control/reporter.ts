/** Converts the simulator's events into recorded traffic and into events for the control API's event stream. */
import type { Engine } from "../engine";
import type { SimulatorEvent, SimulatorObserver } from "../observer";
import type { EventLog } from "./event-log";
import { summaryOf } from "./summaries";
import type { TrafficLog } from "./traffic-log";

export class Reporter implements SimulatorObserver {
  readonly #engine: Engine;
  readonly #traffic: TrafficLog;
  readonly #events: EventLog;

  constructor(engine: Engine, traffic: TrafficLog, events: EventLog) {
    this.#engine = engine;
    this.#traffic = traffic;
    this.#events = events;
  }

  observe(event: SimulatorEvent): void {
    for (const entry of this.#traffic.record(event)) {
      this.#events.emit("traffic", entry, entry.contactId === null ? [] : [entry.contactId]);
    }
    switch (event.kind) {
      case "contact":
        this.#reportContact(event.what, event.contactId);
        return;
      case "item": {
        const { contactId, item, viewer } = event;
        if (!this.#engine.contacts.find(contactId)) return;
        this.#events.emit("item", { contactId, item, ...(viewer !== undefined && { viewer }) }, [contactId]);
        return;
      }
      case "socket":
        this.#reportSocket(event);
        return;
      case "fault": {
        const { what, faultId: id } = event;
        const fault = this.#engine.faults.list().find((each) => each.id === id) ?? null;
        this.#events.emit("fault", { what, id, fault }, null);
        return;
      }
      case "reset":
        if (event.reason === "reset") this.#traffic.clear();
        this.#events.emit("reset", { reason: event.reason }, null);
        return;
      case "call":
      case "storage":
      case "refusal":
      case "itemFrame":
      case "frame":
        return;
      default:
        event satisfies never;
    }
  }

  #reportSocket({ what, socket, owners, code }: Extract<SimulatorEvent, { kind: "socket" }>): void {
    const contactIds = [...new Set(owners.map(({ contactId }) => contactId))];
    const participantIds = owners.map(({ participantId }) => participantId);
    this.#events.emit(
      "socket",
      { what, socket, contactIds, participantIds, ...(code !== undefined && { code }) },
      contactIds,
    );
    // The participants' field `connected` has changed.
    if (what !== "opened") for (const contactId of contactIds) this.#reportContact("changed", contactId);
  }

  #reportContact(what: "started" | "changed" | "ended", contactId: string): void {
    const contact = this.#engine.contacts.find(contactId);
    if (contact)
      this.#events.emit("contact", { what, contact: summaryOf(contact, this.#engine) }, [contactId]);
  }
}
