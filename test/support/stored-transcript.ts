import type { ChatUnderTest } from "./chat-under-test";
import { iso, json, type ServiceCall } from "./fake-service";

const PATH = "/participant/transcript";

type Item = Record<string, unknown>;

/** What the service has stored of a chat: answers GetTranscript in both directions, by pages. */
export class StoredTranscript {
  readonly items: Item[] = [];
  readonly #chat: ChatUnderTest;
  #number = 0;

  constructor(chat: ChatUnderTest) {
    this.#chat = chat;
    chat.service.on(PATH, (call) => this.answer(call));
  }

  get calls(): ServiceCall[] {
    return this.#chat.service.to(PATH);
  }

  /** An item of the other side's, stored now; its Id is its number unless given. */
  store(fields: Item = {}): Item {
    this.#number += 1;
    const Id = `stored-${this.#number}`;
    const AbsoluteTime = iso(this.#chat.platform.now());
    const item = this.#chat.item({ Id, AbsoluteTime, Content: `text of ${Id}`, ...fields });
    // As the service's transcripts: without what they were asked by.
    this.items.push({
      ...item,
      ContactId: fields["ContactId"],
      InitialContactId: fields["InitialContactId"],
    });
    return item;
  }

  storeEvent(name: string, fields: Item = {}): Item {
    return this.store({
      Type: "EVENT",
      ContentType: `application/vnd.amazonaws.connect.event.${name}`,
      Content: undefined,
      ...fields,
    });
  }

  /** Stored, and sent on the newest socket as well. */
  async send(fields: Item = {}): Promise<Item> {
    const item = this.store(fields);
    await this.#chat.receive(item);
    return item;
  }

  answer({ body }: ServiceCall): Response {
    const { ScanDirection, MaxResults, StartPosition, NextToken } = body as {
      ScanDirection: string;
      MaxResults: number;
      StartPosition: { AbsoluteTime?: string };
      NextToken?: string;
    };
    if (ScanDirection === "BACKWARD") {
      return json({ InitialContactId: this.#chat.contactId, Transcript: this.items.slice(-MaxResults) });
    }
    const time = Date.parse(StartPosition.AbsoluteTime ?? "");
    const first = this.items.findIndex((item) => Date.parse(String(item["AbsoluteTime"])) >= time);
    const from = NextToken === undefined ? (first < 0 ? this.items.length : first) : Number(NextToken);
    const to = from + MaxResults;
    return json({
      InitialContactId: this.#chat.contactId,
      Transcript: this.items.slice(from, to),
      ...(to < this.items.length && { NextToken: String(to) }),
    });
  }
}
