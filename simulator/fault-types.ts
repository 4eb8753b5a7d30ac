/** The effects of faults on calls, uploads, downloads and sockets. */

/** The fields common to all refusals. */
interface AnyRefusal {
  status: number;
  /** Sent as Retry-After. */
  retryAfterSeconds?: number;
}

/** A refusal by the service, which names the error type. */
export interface ServiceRefusal extends AnyRefusal {
  from?: "service";
  /** The error type. Default: the service's for the status. */
  errorType?: string;
  /**
   * Where the error type is sent: in the header `x-amzn-errortype` (default), or only in the body's `__type`, as for a
   * page that isn't allowed to read the header.
   */
  namedIn?: "header" | "body";
  message?: string;
  /** Replaces the JSON body, and is sent as HTML. */
  body?: string;
}

/** A refusal by an API gateway in front of the service: JSON without an error type. */
export interface GatewayRefusal extends AnyRefusal {
  from: "gateway";
  /** Default "Forbidden". */
  message?: string;
}

/** A refusal by a proxy between the page and the service: an HTML page. */
export interface ProxyRefusal extends AnyRefusal {
  from: "proxy";
  /** The HTML page. */
  body?: string;
}

/** A refusal with an empty body, which doesn't say who refused. */
export interface EmptyRefusal extends AnyRefusal {
  from: "nobody";
}

/** How a call is refused. `from` says who refuses. The default is the service. */
export type FailWith = ServiceRefusal | GatewayRefusal | ProxyRefusal | EmptyRefusal;

/** Replaces the service's response. */
export interface GarbleWith {
  /** The body to send, or a function of the service's body: an HTML page, half of the JSON, an empty string. */
  body: string | ((body: string) => string);
  /** Default 200. */
  status?: number;
  /** Default `application/json`. */
  contentType?: string;
}

/** When a call's connection breaks: before the service acts, after that, or in the middle of the response. */
export type CutAt = "before" | "after" | "midAnswer";

/** When a call is delayed: before the service acts, or after that but before the response. */
export type DelayAt = "before" | "after";

/** A fault of one call. */
export type CallFault =
  | { kind: "fail"; refusal: FailWith }
  | ({ kind: "garble" } & GarbleWith)
  | { kind: "cut"; when: CutAt }
  | { kind: "delay"; delayMs: number; when: DelayAt };

export type StorageAction = "put" | "get";

export type StorageFault =
  { kind: "fail"; status: number; code: string } | { kind: "cut" } | { kind: "delay"; delayMs: number };

/** Whether a stalled socket's frames are lost, or are held back until the socket resumes. */
export type StalledFrames = "lose" | "hold";
