/** Attachment storage behind signed URLs. Enforces the signed headers and the expiry of uploads and downloads. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Delays } from "./delays";
import type { ParticipantRef } from "./fault-rules";
import type { StorageAction } from "./fault-types";
import type { Faults } from "./faults";
import { ExpiringMap } from "./expiring-map";
import { checkContentType } from "./media-type";
import {
  allowOrigin,
  answerPreflight,
  answerStorageError,
  headerOf,
  MAX_UPLOAD_BYTES,
  readBody,
} from "./http";
import { newId } from "./items";
import type { Participant } from "./contact";
import { newToken } from "./contacts";
import type { SimulatorEvent } from "./observer";

export interface Attachment {
  readonly attachmentId: string;
  readonly name: string;
  readonly contentType: string;
  readonly sizeInBytes: number;
  readonly contactId: string;
  /** Null if a script sent the file for a made-up participant. */
  readonly uploader: Participant | null;
  readonly headersToInclude: Readonly<Record<string, string>>;
  bytes: Buffer | null;
  completed: boolean;
}

/** An attachment to add. It gets a new ID unless it comes from a snapshot. */
export type NewAttachment = Omit<Attachment, "attachmentId" | "headersToInclude" | "bytes" | "completed"> & {
  readonly attachmentId?: string;
};

/** Whom an attachment's uploads and downloads belong to, for faults. */
const ownerOf = ({ contactId, uploader }: Attachment): ParticipantRef => ({
  contactId,
  participantId: uploader?.participantId ?? "",
});

interface SignedUrl {
  readonly action: StorageAction;
  readonly attachment: Attachment;
  readonly expiresAt: number;
}

export interface StorageOptions {
  readonly uploadUrlLifeMs: number;
  readonly downloadUrlLifeMs: number;
  readonly now: () => number;
  readonly report: (event: SimulatorEvent) => void;
}

const PREFIX = "/storage/";

export class Storage {
  readonly #options: StorageOptions;
  readonly #faults: Faults;
  readonly #attachments = new Map<string, Attachment>();
  readonly #urls: ExpiringMap<SignedUrl>;
  readonly #delays = new Delays();

  constructor(options: StorageOptions, faults: Faults) {
    this.#options = options;
    this.#faults = faults;
    this.#urls = new ExpiringMap(options.now);
  }

  find(attachmentId: string): Attachment | undefined {
    return this.#attachments.get(attachmentId);
  }

  /** Oldest first. */
  get attachments(): Attachment[] {
    return [...this.#attachments.values()];
  }

  /** Returns an empty storage of the same service, to fill and then adopt. */
  fresh(): Storage {
    return new Storage(this.#options, this.#faults);
  }

  /** Replaces all attachments with those of `next`. */
  adopt(next: Storage): void {
    this.clear();
    for (const [id, attachment] of next.#attachments) this.#attachments.set(id, attachment);
  }

  /** Forgets all attachments and their URLs. */
  clear(): void {
    this.#attachments.clear();
    this.#urls.clear();
  }

  /** Adds an attachment without its bytes. Throws a Refusal if its content type can't be sent as a header. */
  announce({ attachmentId = newId(), name, contentType, ...file }: NewAttachment): Attachment {
    checkContentType(contentType);
    const attachment: Attachment = {
      ...{ attachmentId, name, contentType, ...file },
      headersToInclude: {
        "Content-Type": contentType,
        "Content-Disposition": `attachment; filename="${encodeURIComponent(wellFormed(name))}"`,
        "x-amz-acl": "private",
      },
      bytes: null,
      completed: false,
    };
    this.#attachments.set(attachmentId, attachment);
    return attachment;
  }

  /** Signs one action on one attachment. The path is relative to the simulator's URL. */
  sign(
    action: StorageAction,
    attachment: Attachment,
    lifeSeconds?: number,
  ): { path: string; expiry: string } {
    const signature = newToken();
    const defaultLifeMs = action === "put" ? this.#options.uploadUrlLifeMs : this.#options.downloadUrlLifeMs;
    const lifeMs = lifeSeconds === undefined ? defaultLifeMs : lifeSeconds * 1000;
    const expiresAt = this.#options.now() + lifeMs;
    this.#urls.set(signature, { action, attachment, expiresAt });
    return {
      path: `${PREFIX}${attachment.attachmentId}?X-Amz-Signature=${signature}`,
      expiry: new Date(expiresAt).toISOString(),
    };
  }

  close(): void {
    this.#delays.close();
  }

  handles(path: string): boolean {
    return path.startsWith(PREFIX);
  }

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (request.method === "OPTIONS") {
      answerPreflight(response, {
        methods: "GET,PUT",
        headers: "content-type,content-disposition,x-amz-acl",
      });
      return;
    }
    const action = request.method === "PUT" ? "put" : request.method === "GET" ? "get" : null;
    if (action === null) {
      answerStorageError(response, 405, "MethodNotAllowed");
      return;
    }
    // Read the body before checking anything, because browsers report an early response as a broken connection.
    let bytes: Buffer;
    try {
      bytes = await readBody(request, MAX_UPLOAD_BYTES);
    } catch {
      answerStorageError(response, 400, "EntityTooLarge");
      return;
    }
    const startedAt = this.#options.now();
    const signed = this.#urls.get(url.searchParams.get("X-Amz-Signature") ?? "")?.attachment ?? null;
    const owner = signed && ownerOf(signed);
    const owners = owner ? [owner] : [];
    const hit = this.#faults.takeStorage(action, owners);
    const latency = this.#faults.takeLatency(action, owners);
    const faultId = hit?.id ?? latency.id;
    const report = (status: number): void =>
      this.#options.report({
        ...({ kind: "storage", action, owner, at: startedAt, status, name: signed?.name ?? null } as const),
        durationMs: this.#options.now() - startedAt,
        ...(faultId !== undefined && { faultId }),
      });
    if (latency.ms > 0) await this.#delays.wait(latency.ms);
    const fault = hit?.fault;
    if (fault?.kind === "cut") {
      response.destroy();
      report(0);
      return;
    }
    if (fault?.kind === "delay") await this.#delays.wait(fault.delayMs);
    const refusal = fault?.kind === "fail" ? fault : this.#check(action, request, url, bytes);
    if (refusal) answerStorageError(response, refusal.status, refusal.code);
    else if (action === "put") {
      if (signed) signed.bytes = bytes;
      allowOrigin(response);
      response.writeHead(200).end();
    } else {
      allowOrigin(response);
      sendFile(response, signed);
    }
    report(refusal?.status ?? 200);
  }

  #check(
    action: StorageAction,
    request: IncomingMessage,
    url: URL,
    bytes: Buffer,
  ): { status: number; code: string } | null {
    const signed = this.#urls.get(url.searchParams.get("X-Amz-Signature") ?? "");
    if (
      !signed ||
      signed.action !== action ||
      url.pathname !== `${PREFIX}${signed.attachment.attachmentId}`
    ) {
      return { status: 403, code: "SignatureDoesNotMatch" };
    }
    const { attachment, expiresAt } = signed;
    if (expiresAt <= this.#options.now()) return { status: 403, code: "AccessDenied" };
    for (const name of Object.keys(request.headers)) {
      // As with any signed URL, headers that the signature doesn't cover are refused.
      if (name.startsWith("x-amz-") && (action === "get" || !signsHeader(attachment, name)))
        return { status: 403, code: "AccessDenied" };
    }
    if (action === "get") return attachment.bytes ? null : { status: 404, code: "NoSuchKey" };
    for (const [name, value] of Object.entries(attachment.headersToInclude)) {
      if (headerOf(request, name.toLowerCase()) !== value)
        return { status: 403, code: "SignatureDoesNotMatch" };
    }
    if (bytes.length === attachment.sizeInBytes) return null;
    return {
      status: 400,
      code: bytes.length < attachment.sizeInBytes ? "EntityTooSmall" : "EntityTooLarge",
    };
  }
}

/**
 * Sends a stored file, with the CORS headers that the response already has. The file comes from a client, so it must
 * never run as a page of the simulator's own origin.
 */
export function sendFile(response: ServerResponse, attachment: Attachment | null): void {
  response.writeHead(200, {
    "content-type": attachment?.contentType ?? "application/octet-stream",
    "content-disposition": attachment?.headersToInclude["Content-Disposition"] ?? "attachment",
    "x-content-type-options": "nosniff",
  });
  response.end(attachment?.bytes);
}

/** Replaces lone surrogates, which can't be encoded in a URL or a header. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

const signsHeader = ({ headersToInclude }: Attachment, name: string): boolean =>
  Object.keys(headersToInclude).some((each) => each.toLowerCase() === name);
