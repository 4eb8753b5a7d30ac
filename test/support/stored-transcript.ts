import type { ChatUnderTest } from "./chat-under-test";
import { iso, json, type ServiceCall } from "./fake-service";

const PATH = "/participant/transcript";

type Item = Record<string, unknown>;

/** The service's stored transcript. Serves GetTranscript in both directions, page by page. */
export class StoredTranscript {
  readonly items: Item[] = [];
  /** How long it takes until GetTranscript includes a stored item. */
  lagMs = 0;
  readonly #storedAt = new WeakMap<Item, number>();
  readonly #chat: ChatUnderTest;
  #number = 0;

  constructor(chat: ChatUnderTest) {
    this.#chat = chat;
    chat.service.on(PATH, (call) => this.respond(call));
  }

  get calls(): ServiceCall[] {
    return this.#chat.service.to(PATH);
  }

  /** Stores an item from the other participant, with the current time. Ids count up unless `fields` has one. */
  store(fields: Item = {}): Item {
    this.#number += 1;
    const Id = `stored-${this.#number}`;
    const AbsoluteTime = iso(this.#chat.platform.time);
    const item = this.#chat.item({ Id, AbsoluteTime, Content: `text of ${Id}`, ...fields });
    // GetTranscript doesn't repeat the contact's IDs in its items.
    const stored = {
      ...item,
      ContactId: fields["ContactId"],
      InitialContactId: fields["InitialContactId"],
    };
    this.items.push(stored);
    this.#storedAt.set(stored, this.#chat.platform.time);
    return item;
  }

  /** The items that GetTranscript returns, in chronological order. */
  get #visible(): Item[] {
    const untilMs = this.#chat.platform.time - this.lagMs;
    const timeOf = (item: Item): number => Date.parse(String(item["AbsoluteTime"]));
    return this.items
      .filter((item) => !((this.#storedAt.get(item) ?? 0) > untilMs))
      .sort((a, b) => timeOf(a) - timeOf(b) || 0);
  }

  storeEvent(name: string, fields: Item = {}): Item {
    return this.store({
      Type: "EVENT",
      ContentType: `application/vnd.amazonaws.connect.event.${name}`,
      Content: undefined,
      ...fields,
    });
  }

  /** Stores an item and sends it on the newest socket. */
  async send(fields: Item = {}): Promise<Item> {
    const item = this.store(fields);
    await this.#chat.receive(item);
    return item;
  }

  respond({ body }: ServiceCall): Response {
    const { ScanDirection, MaxResults, StartPosition, NextToken } = body as {
      ScanDirection: string;
      MaxResults: number;
      StartPosition: { AbsoluteTime?: string };
      NextToken?: string;
    };
    const items = this.#visible;
    if (ScanDirection === "BACKWARD") {
      return json({
        InitialContactId: this.#chat.contactId,
        Transcript: items.slice(-MaxResults),
        ...(items.length > MaxResults && { NextToken: "older" }),
      });
    }
    const time = Date.parse(StartPosition.AbsoluteTime ?? "");
    const first = items.findIndex((item) => Date.parse(String(item["AbsoluteTime"])) >= time);
    const from = NextToken === undefined ? (first < 0 ? items.length : first) : Number(NextToken);
    const to = from + MaxResults;
    return json({
      InitialContactId: this.#chat.contactId,
      Transcript: items.slice(from, to),
      ...(to < items.length && { NextToken: String(to) }),
    });
  }
}
