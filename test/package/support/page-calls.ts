import { randomUUID } from "node:crypto";

/** A customer that makes a page's calls with plain HTTP requests. */
export class PageCustomer {
  readonly contactId: string;
  readonly #url: string;
  readonly #token: string;

  private constructor(url: string, contactId: string, token: string) {
    this.#url = url;
    this.contactId = contactId;
    this.#token = token;
  }

  /** Starts a chat and gets a connection token. */
  static async start(url: string): Promise<PageCustomer> {
    const started = await post(`${url}/start-chat`, {});
    const { ContactId, ParticipantToken } = started as Readonly<Record<string, string>>;
    const body = { Type: ["CONNECTION_CREDENTIALS"] };
    const response = await post(`${url}/participant/connection`, body, ParticipantToken);
    const { ConnectionCredentials } = response as { ConnectionCredentials: { ConnectionToken: string } };
    return new PageCustomer(url, String(ContactId), ConnectionCredentials.ConnectionToken);
  }

  /** Returns the same customer at another address, for a program that was restarted. */
  at(url: string): PageCustomer {
    return new PageCustomer(url, this.contactId, this.#token);
  }

  call(path: string, body: object, signal?: AbortSignal): Promise<unknown> {
    return post(
      `${this.#url}/participant/${path}`,
      { ...body, ClientToken: randomUUID() },
      this.#token,
      signal,
    );
  }

  say(Content: string): Promise<unknown> {
    return this.call("message", { Content, ContentType: "text/plain" });
  }

  async texts(): Promise<(string | undefined)[]> {
    const { Transcript } = (await post(
      `${this.#url}/participant/transcript`,
      { SortOrder: "ASCENDING" },
      this.#token,
    )) as { Transcript: { Content?: string; Type: string }[] };
    return Transcript.filter(({ Type }) => Type === "MESSAGE").map(({ Content }) => Content);
  }

  /** Waits until the transcript has a message. */
  async reads(text: string): Promise<void> {
    while (!(await this.texts()).includes(text)) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** POSTs JSON. If the request is refused, rejects with the status and the body. */
export async function post(url: string, body: object, bearer = "", signal?: AbortSignal): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-amz-bearer": bearer },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text);
}
