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
import { fetchFailure, invalidResponse, serviceFailure } from "./failures";
import {
  buildRequest,
  hasRequiredFields,
  type Input,
  type OperationName,
  type Operations,
} from "./operations";

export interface ServiceClientOptions {
  /** The service's base URL, without a trailing slash. */
  readonly endpoint: string;
  readonly userAgent: string;
}

/** Operations that must reach the service even if the user leaves the page during the request. */
const KEEPALIVE_OPERATIONS: ReadonlySet<OperationName> = new Set([
  "SendMessage",
  "SendEvent",
  "DisconnectParticipant",
]);

/**
 * The bundled client. Calls the service's operations with `fetch`, making one attempt per call. Requests aren't signed,
 * because the token in `X-Amz-Bearer` is the only credential. Responses are returned as parsed JSON, so unknown fields
 * are kept.
 */
export class ServiceClient extends ChatClient {
  readonly #platform: Platform;
  readonly #options: ServiceClientOptions;
  readonly #keepaliveFetch: KeepaliveFetch;

  /** `keepaliveFetch` is shared by all clients on the page and by the metrics. */
  constructor(
    platform: Platform,
    options: ServiceClientOptions,
    keepaliveFetch = new KeepaliveFetch(platform),
  ) {
    super();
    this.#platform = platform;
    this.#options = options;
    this.#keepaliveFetch = keepaliveFetch;
  }

  /** Makes a single attempt. Rejects with a ServiceError, NetworkError, InvalidResponse, or Aborted error. */
  async send<Name extends OperationName>(
    name: Name,
    input: Input<Name>,
    { signal }: CallOptions = {},
  ): Promise<Operations[Name]["output"]> {
    const { path, headers, ...request } = buildRequest(name, input);
    const network = KEEPALIVE_OPERATIONS.has(name) ? this.#keepaliveFetch : this.#platform;
    let response: Response;
    let text: string;
    try {
      response = await network.fetch(this.#options.endpoint + path, {
        ...request,
        headers: { ...headers, "x-amz-user-agent": this.#options.userAgent },
        // The endpoint's cookies aren't needed, because the token is the only credential.
        credentials: "omit",
        ...(signal && { signal }),
      });
      if (!response.ok) throw await serviceFailure(name, response, this.#platform);
      text = await response.text();
    } catch (error) {
      throw fetchFailure(name, error, signal);
    }
    // The response of an operation without output may be empty.
    const output = parseObject(text.trim() === "" ? "{}" : text);
    if (!output || !hasRequiredFields(name, output))
      throw invalidResponse(name, response.status, output !== undefined);
    return output;
  }

  async #call<Name extends OperationName>(
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
    return this.#call(
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
    return this.#call(
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
    return this.#call(
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
    return this.#call(
      "SendEvent",
      {
        ConnectionToken: connectionToken,
        ContentType: contentType,
        Content: typeof content === "string" ? content : toJson(content),
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
    return this.#call(
      "GetTranscript",
      {
        ConnectionToken: connectionToken,
        ...capitalizeKeys(query),
        StartPosition: capitalizeKeys(query.startPosition),
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
    return (await transfer.getSignedUrl(attachmentId)).Url ?? "";
  }

  override describeView(
    viewToken: string,
    connectionToken: string | null,
    options?: CallOptions,
  ): Promise<ServiceAnswer<DescribeViewResponse>> {
    return this.#call("DescribeView", { ViewToken: viewToken, ConnectionToken: connectionToken }, options);
  }

  override getAuthenticationUrl(
    connectionToken: string | null,
    redirectUri: string,
    sessionId: string,
    options?: CallOptions,
  ): Promise<ServiceAnswer<GetAuthenticationUrlResponse>> {
    return this.#call(
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
    return this.#call(
      "CancelParticipantAuthentication",
      { ConnectionToken: connectionToken, SessionId: sessionId },
      options,
    );
  }
}

type WithCapitalizedKeys<Fields> = { [Name in keyof Fields & string as Capitalize<Name>]: Fields[Name] };

/** Converts the fields of a query to the service's names, which differ only in capitalization. */
const capitalizeKeys = <Fields extends object>(fields: Fields): WithCapitalizedKeys<Fields> =>
  // Object.fromEntries doesn't preserve which value belongs to which key, hence the cast.
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [capitalize(name), value as unknown]),
  ) as WithCapitalizedKeys<Fields>;

/**
 * Returns whether a client is the bundled client. As in upstream, custom clients are treated differently in a few
 * places.
 */
export const isBundled = (client: ChatClient): boolean => client instanceof ServiceClient;

/** Serializes an event's content. */
function toJson(content: object | null): string | undefined {
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
