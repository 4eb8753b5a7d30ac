import { ChatClient, type ServiceAnswer } from "../../../src/api/client";

/** A custom chat client that records the names of its called methods. */
export class RecordingClient extends ChatClient {
  readonly calls: string[] = [];

  createParticipantConnection(): Promise<ServiceAnswer<object>> {
    const Websocket = { Url: "wss://own.test/socket", ConnectionExpiry: "2026-01-01T00:01:00.000Z" };
    return this.#record("createParticipantConnection", { Websocket });
  }
  disconnectParticipant(): Promise<ServiceAnswer<object>> {
    return this.#record("disconnectParticipant", {});
  }
  sendMessage(): Promise<ServiceAnswer<object>> {
    return this.#record("sendMessage", { Id: "own" });
  }
  sendEvent(): Promise<ServiceAnswer<object>> {
    return this.#record("sendEvent", { Id: "own" });
  }
  getTranscript(): ReturnType<ChatClient["getTranscript"]> {
    return this.#record("getTranscript", { InitialContactId: "c", Transcript: [] });
  }
  override sendAttachment(): Promise<ServiceAnswer<object>> {
    return this.#record("sendAttachment", {});
  }
  override downloadAttachment(): Promise<Blob> {
    return this.#record("downloadAttachment", {}).then(() => new Blob(["own"]));
  }
  override getAttachmentURL(): Promise<string> {
    return this.#record("getAttachmentURL", {}).then(() => "https://own.test/file");
  }
  override describeView(): Promise<ServiceAnswer<object>> {
    return this.#record("describeView", { View: {} });
  }
  override getAuthenticationUrl(): Promise<ServiceAnswer<object>> {
    return this.#record("getAuthenticationUrl", { AuthenticationUrl: "https://own.test" });
  }
  override cancelParticipantAuthentication(): Promise<ServiceAnswer<object>> {
    return this.#record("cancelParticipantAuthentication", {});
  }

  #record<Data extends object>(name: string, data: Data): Promise<ServiceAnswer<Data>> {
    this.calls.push(name);
    return Promise.resolve({ data });
  }
}
