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
import { capitalized } from "../util/capitalized";
import { parseObject } from "../util/json";
import { Transfer } from "./attachments";
import { LastingFetch } from "../lasting-fetch";
import { fetchFailure, invalidAnswer, serviceFailure } from "./failures";
import { buildRequest, isAnswer, type Input, type OperationName, type Operations } from "./operations";

export interface ServiceClientOptions {
  /** Scheme, host and, where there is one, path of the service, without a slash at the end. */
  readonly endpoint: string;
  readonly userAgent: string;
}

/** Operations that have to arrive even if the page is left meanwhile. */
const LASTING: ReadonlySet<OperationName> = new Set(["SendMessage", "SendEvent", "DisconnectParticipant"]);

/**
 * The bundled client: the service's operations over `fetch`, one attempt a call. The service takes no signature:
 * the token in `X-Amz-Bearer` is all. Answers are read as the plain JSON they are, so that no field is lost.
 */
export class ServiceClient extends ChatClient {
  readonly #platform: Platform;
  readonly #options: ServiceClientOptions;
  readonly #lasting: LastingFetch;

  /** `lasting` is shared by all that sends on the page. */
  constructor(platform: Platform, options: ServiceClientOptions, lasting = new LastingFetch(platform)) {
    super();
    this.#platform = platform;
    this.#options = options;
    this.#lasting = lasting;
  }

  /** One operation, once. Rejects with a ChatError of code ServiceError, NetworkError, InvalidResponse or Aborted. */
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
        // The token is the only credential; cookies of the endpoint's domain have no business here.
        credentials: "omit",
        ...(signal && { signal }),
      });
      if (!response.ok) throw await serviceFailure(name, response, this.#platform);
      text = await response.text();
    } catch (error) {
      throw fetchFailure(name, error, signal);
    }
    // An operation without output may answer with nothing at all.
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

/** The service's members have the names of the fields, but for the capital that they begin with. */
const asMembers = <Fields extends object>(fields: Fields): Members<Fields> =>
  // Object.fromEntries forgets which value stands under which name.
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [capitalized(name), value as unknown]),
  ) as Members<Fields>;

/** Whether a client is the bundled one: for a custom client, upstream's contract is another in a few places. */
export const isBundled = (client: ChatClient): boolean => client instanceof ServiceClient;

/** An event's content as the wire has it. */
function jsonOf(content: object | null): string | undefined {
  if (content === null) return undefined;
  try {
    return JSON.stringify(content);
  } catch {
    throw illegalArgument("content", "cannot be sent as JSON; pass a string, or an object without a cycle.");
  }
}
