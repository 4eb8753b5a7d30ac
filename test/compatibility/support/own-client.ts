import { ChatClient, type ServiceAnswer } from "../../../src/api/client";

/** A transport of an application's own, which keeps the names of its methods that were called. */
export class OwnClient extends ChatClient {
  readonly calls: string[] = [];

  createParticipantConnection(): Promise<ServiceAnswer<object>> {
    const Websocket = { Url: "wss://own.test/socket", ConnectionExpiry: "2026-01-01T00:01:00.000Z" };
    return this.#called("createParticipantConnection", { Websocket });
  }
  disconnectParticipant(): Promise<ServiceAnswer<object>> {
    return this.#called("disconnectParticipant", {});
  }
  sendMessage(): Promise<ServiceAnswer<object>> {
    return this.#called("sendMessage", { Id: "own" });
  }
  sendEvent(): Promise<ServiceAnswer<object>> {
    return this.#called("sendEvent", { Id: "own" });
  }
  getTranscript(): ReturnType<ChatClient["getTranscript"]> {
    return this.#called("getTranscript", { InitialContactId: "c", Transcript: [] });
  }
  override sendAttachment(): Promise<ServiceAnswer<object>> {
    return this.#called("sendAttachment", {});
  }
  override downloadAttachment(): Promise<Blob> {
    return this.#called("downloadAttachment", {}).then(() => new Blob(["own"]));
  }
  override getAttachmentURL(): Promise<string> {
    return this.#called("getAttachmentURL", {}).then(() => "https://own.test/file");
  }
  override describeView(): Promise<ServiceAnswer<object>> {
    return this.#called("describeView", { View: {} });
  }
  override getAuthenticationUrl(): Promise<ServiceAnswer<object>> {
    return this.#called("getAuthenticationUrl", { AuthenticationUrl: "https://own.test" });
  }
  override cancelParticipantAuthentication(): Promise<ServiceAnswer<object>> {
    return this.#called("cancelParticipantAuthentication", {});
  }

  #called<Data extends object>(name: string, data: Data): Promise<ServiceAnswer<Data>> {
    this.calls.push(name);
    return Promise.resolve({ data });
  }
}
