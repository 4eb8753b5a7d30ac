import {
  type CallOptions,
  ChatClient,
  type GetTranscriptData,
  type GetTranscriptQuery,
  type ServiceAnswer,
} from "../api/client";
import type {
  ConnectionType,
  CreateParticipantConnectionResponse,
  DescribeViewResponse,
  GetAuthenticationUrlResponse,
  SendEventResponse,
  SendMessageResponse,
} from "@aws-sdk/client-connectparticipant";
import { illegalArgument } from "../errors";
import type { Platform } from "../platform";
import { capitalize } from "../util/capitalize";
import { parseObject } from "../util/json";
import { Transfer } from "./attachments";
import { KeepaliveFetch } from "../keepalive-fetch";
import { fetchFailure, invalidAnswer, serviceFailure } from "./failures";
import { buildRequest, isAnswer, type Input, type OperationName, type Operations } from "./operations";

export interface ServiceClientOptions {
  /** The service's base URL, without a trailing slash. */
  readonly endpoint: string;
  readonly userAgent: string;
}

/** Operations whose requests must reach the service even if the user leaves the page meanwhile. */
const LASTING: ReadonlySet<OperationName> = new Set(["SendMessage", "SendEvent", "DisconnectParticipant"]);

/**
 * The bundled client, which calls the service's operations with `fetch`, one attempt per call. Requests aren't signed;
 * the token in `X-Amz-Bearer` is the only credential. Answers are returned as parsed JSON, so unknown fields are
 * preserved.
 */
export class ServiceClient extends ChatClient {
  readonly #platform: Platform;
  readonly #options: ServiceClientOptions;
  readonly #lasting: KeepaliveFetch;

  /** All clients and metrics on the page share one `lasting`. */
  constructor(platform: Platform, options: ServiceClientOptions, lasting = new KeepaliveFetch(platform)) {
    super();
    this.#platform = platform;
    this.#options = options;
    this.#lasting = lasting;
  }

  /** Calls an operation once. Rejects with a ServiceError, NetworkError, InvalidResponse, or Aborted error. */
  async send<Name extends OperationName>(
    name: Name,
    input: Input<Name>,
    { signal }: CallOptions = {},
  ): Promise<Operations[Name]["output"]> {
    const { path, headers, ...request } = buildRequest(name, input);
    const network = LASTING.has(name) ? this.#lasting : this.#platform;
    let response: Response;
    let text: string;
    try {
      response = await network.fetch(this.#options.endpoint + path, {
        ...request,
        headers: { ...headers, "x-amz-user-agent": this.#options.userAgent },
        // The token is the only credential; the cookies of the endpoint's domain aren't needed.
        credentials: "omit",
        ...(signal && { signal }),
      });
      if (!response.ok) throw await serviceFailure(name, response, this.#platform);
      text = await response.text();
    } catch (error) {
      throw fetchFailure(name, error, signal);
    }
    // An operation without output may answer with an empty body.
    const answer = parseObject(text.trim() === "" ? "{}" : text);
    if (!answer || !isAnswer(name, answer)) throw invalidAnswer(name, response.status, answer !== undefined);
    return answer;
  }

  async #answer<Name extends OperationName>(
    name: Name,
    input: Input<Name>,
    options?: CallOptions,
  ): Promise<ServiceAnswer<Operations[Name]["output"]>> {
    return { data: await this.send(name, input, options) };
  }

  createParticipantConnection(
    participantToken: string | null,
    type: ConnectionType[] | null,
    acknowledgeConnection: boolean | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<CreateParticipantConnectionResponse>> {
    return this.#answer(
      "CreateParticipantConnection",
      {
        ParticipantToken: participantToken,
        Type: type,
        ConnectParticipant: acknowledgeConnection,
      },
      options,
    );
  }

  disconnectParticipant(
    connectionToken: string | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<unknown>> {
    return this.#answer(
      "DisconnectParticipant",
      { ConnectionToken: connectionToken, ClientToken: options?.clientToken ?? this.#platform.uuid() },
      options,
    );
  }

  sendMessage(
    connectionToken: string | null,
    content: string,
    contentType: string,
    clientToken = this.#platform.uuid(),
    options?: CallOptions,
  ): Promise<ServiceAnswer<SendMessageResponse>> {
    return this.#answer(
      "SendMessage",
      {
        ConnectionToken: connectionToken,
        Content: content,
        ContentType: contentType,
        ClientToken: clientToken,
      },
      options,
    );
  }

  async sendEvent(
    connectionToken: string | null,
    contentType: string,
    content: string | object | null,
    clientToken = this.#platform.uuid(),
    options?: CallOptions,
  ): Promise<ServiceAnswer<SendEventResponse>> {
    return this.#answer(
      "SendEvent",
      {
        ConnectionToken: connectionToken,
        ContentType: contentType,
        Content: typeof content === "string" ? content : jsonOf(content),
        ClientToken: clientToken,
      },
      options,
    );
  }

  getTranscript(
    connectionToken: string | null,
    query: GetTranscriptQuery,
    options?: CallOptions,
  ): Promise<ServiceAnswer<GetTranscriptData>> {
    return this.#answer(
      "GetTranscript",
      {
        ConnectionToken: connectionToken,
        ...asMembers(query),
        StartPosition: asMembers(query.startPosition),
      },
      options,
    );
  }

  override sendAttachment(
    connectionToken: string | null,
    attachment: File,
    _metadata?: unknown,
    options?: CallOptions,
  ): Promise<ServiceAnswer<unknown>> {
    return new Transfer(this, this.#platform, connectionToken, options).upload(attachment);
  }

  override downloadAttachment(
    connectionToken: string | null,
    attachmentId: string,
    options?: CallOptions,
  ): Promise<Blob> {
    return new Transfer(this, this.#platform, connectionToken, options).download(attachmentId);
  }

  override async getAttachmentURL(
    connectionToken: string | null,
    attachmentId: string,
    options?: CallOptions,
  ): Promise<string> {
    const transfer = new Transfer(this, this.#platform, connectionToken, options);
    return (await transfer.locate(attachmentId)).Url ?? "";
  }

  override describeView(
    viewToken: string,
    connectionToken: string | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<DescribeViewResponse>> {
    return this.#answer("DescribeView", { ViewToken: viewToken, ConnectionToken: connectionToken }, options);
  }

  override getAuthenticationUrl(
    connectionToken: string | null,
    redirectUri: string,
    sessionId: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<GetAuthenticationUrlResponse>> {
    return this.#answer(
      "GetAuthenticationUrl",
      { ConnectionToken: connectionToken, RedirectUri: redirectUri, SessionId: sessionId },
      options,
    );
  }

  override cancelParticipantAuthentication(
    connectionToken: string | null,
    sessionId: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<unknown>> {
    return this.#answer(
      "CancelParticipantAuthentication",
      { ConnectionToken: connectionToken, SessionId: sessionId },
      options,
    );
  }
}

type Members<Fields> = { [Name in keyof Fields & string as Capitalize<Name>]: Fields[Name] };

/** Capitalizes the names of fields; apart from that, the service uses the same names. */
const asMembers = <Fields extends object>(fields: Fields): Members<Fields> =>
  // The type of Object.fromEntries doesn't relate values to names.
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [capitalize(name), value as unknown]),
  ) as Members<Fields>;

/** Whether a client is the bundled one. Upstream treats custom clients differently in a few places. */
export const isBundled = (client: ChatClient): boolean => client instanceof ServiceClient;

/** Converts an event's content to the string that is sent. */
function jsonOf(content: object | null): string | undefined {
  if (content === null) return undefined;
  try {
    return JSON.stringify(content);
  } catch {
    throw illegalArgument(
      "content",
      "can't be converted to JSON. Pass a string or an object without cycles.",
    );
  }
}
