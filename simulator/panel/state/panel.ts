import { ControlClient, ControlError } from "../api/control-client";
import type { Answer, Body, OperationName, PathOf } from "../api/operations";
import type { Fault, ParticipantSummary } from "../api/types";
import { Recorder } from "../recording/recorder";
import { Mirror } from "./mirror";
import { contactOf, type PanelState } from "./model";
import { participantOf, personaInfo, type Persona } from "./personas";
import type { Store } from "./store";

/** Performs the user's actions. */
export class Panel {
  readonly recorder = new Recorder();
  readonly mirror: Mirror;
  readonly #client = new ControlClient((call) => this.recorder.recordCall(call));
  /** The messages that the agent has marked as read. */
  readonly #receipts = new Set<string>();
  #notices = 0;

  constructor() {
    this.mirror = new Mirror({
      client: this.#client,
      run: (action) => this.run(action),
      onCustomerItem: (contactId, item) => this.recorder.recordItem(contactId, item),
    });
  }

  get store(): Store<PanelState> {
    return this.mirror.store;
  }

  /** Calls the API. Its errors are thrown. Automatic calls aren't recorded. */
  call<Name extends OperationName>(
    operation: Name,
    path: PathOf<Name>,
    body: Body<Name>,
    options: { automatic?: boolean } = {},
  ): Promise<Answer<Name>> {
    return this.#client.call(operation, path, body, options);
  }

  /**
   * Runs an action that calls the API. Then shows `done`, or what `done` returns for the action's result. Shows an error
   * to the user. Resolves with whether the action succeeded.
   */
  async run<Result>(
    action: () => Promise<Result>,
    done?: string | ((result: Result) => string),
  ): Promise<boolean> {
    try {
      const result = await action();
      if (done !== undefined) this.notify("good", typeof done === "string" ? done : done(result));
      return true;
    } catch (error) {
      this.notify("bad", error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  notify(tone: "good" | "bad", text: string): void {
    this.#notices += 1;
    const number = this.#notices;
    this.store.update((state) => ({ ...state, notice: { number, tone, text } }));
  }

  dismissNotice(): void {
    this.store.update((state) => ({ ...state, notice: null }));
  }

  /** Adds faults in order. Resolves with the response for the last one. If one fails, removes the others. */
  async addFaults(faults: readonly Fault[]): Promise<Answer<"addFault"> | undefined> {
    const answers: Answer<"addFault">[] = [];
    try {
      for (const fault of faults) answers.push(await this.call("addFault", {}, fault));
    } catch (error) {
      await this.removeFaults(answers.map(({ id }) => id));
      throw error;
    }
    return answers.at(-1);
  }

  /** Removes faults. Faults that are already gone are ignored. */
  async removeFaults(ids: readonly string[]): Promise<void> {
    for (const faultId of ids) {
      try {
        await this.call("removeFault", { faultId }, undefined);
      } catch (error) {
        if (!(error instanceof ControlError && error.status === 404)) throw error;
      }
    }
  }

  /**
   * Makes sure that the persona has joined, and resolves with its participant ID. The second agent can join only after
   * a first agent, so that the panel can tell the two agents apart.
   */
  async joined(contactId: string, persona: Persona, displayName: string): Promise<string | undefined> {
    const { role, joins, defaultName } = personaInfo(persona);
    if (!joins || (role !== "AGENT" && role !== "SUPERVISOR")) return undefined;
    const present = participantOf(persona, this.#participants(contactId));
    if (present) return present.participantId;
    if (persona === "second") await this.joined(contactId, "agent", personaInfo("agent").defaultName);
    const { participantId } = await this.call(
      "joinParticipant",
      { contactId },
      { role, displayName: displayName || defaultName, acknowledged: true },
    );
    await this.mirror.loadContacts();
    return participantId;
  }

  /** Marks a customer's message as read if the panel plays an agent who has joined. Repeated calls do nothing. */
  async markRead(contactId: string, messageId: string, { automatic }: { automatic: boolean }): Promise<void> {
    if (this.#receipts.has(messageId) || contactOf(this.store.state, contactId)?.ended) return;
    const agent = participantOf("agent", this.#participants(contactId));
    if (!agent?.isPlayed) return;
    this.#receipts.add(messageId);
    const { participantId, role } = agent;
    await this.call(
      "sendReceipt",
      { contactId },
      { kind: "read", messageId, role, participantId },
      { automatic },
    );
  }

  #participants(contactId: string): readonly ParticipantSummary[] {
    return contactOf(this.store.state, contactId)?.participants ?? [];
  }
}
