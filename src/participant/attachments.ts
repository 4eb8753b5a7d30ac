/** Attachments: the service gives signed URLs, the file itself goes to and comes from the storage behind them. */
import type { CallOptions } from "../api/client";
import { ChatError, illegalArgument, isChatError, isRetryableStatus } from "../errors";
import type { FileRequest, Platform } from "../platform";
import { fetchFailure, LOOK_FOR_PROXY } from "./failures";
import type { Input, OperationName, Operations } from "./operations";
import { RETRY, withRetry, type RetryPolicy } from "./retry";

/** The service's default extensions. Of several with one type, the first names a Blob that has no name. */
const CONTENT_TYPE_BY_EXTENSION: Readonly<Record<string, string>> = {
  csv: "text/csv",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  heic: "image/heic",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  jfif: "image/jpeg",
  mov: "video/quicktime",
  mp4: "video/mp4",
  pdf: "application/pdf",
  png: "image/png",
  ppt: "application/vnd.ms-powerpoint",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  rtf: "application/rtf",
  txt: "text/plain",
  wav: "audio/wav",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

const EXTENSIONS = Object.entries(CONTENT_TYPE_BY_EXTENSION);

/** What a file may lack: a Blob has no name, a browser leaves the type of an unknown kind empty, a picker gives null. */
interface FileNames {
  readonly name?: string | null;
  readonly type?: string | null;
}

/** The service requires a content type: the file's own, else that of its extension. */
export function contentTypeOf({ name, type }: FileNames): string {
  const extension = /\.([^.]+)$/.exec(name ?? "")?.[1]?.toLowerCase();
  return type || (EXTENSIONS.find(([known]) => known === extension)?.[1] ?? "application/octet-stream");
}

/** The service requires a name, and judges files by its extension. */
function nameOf({ name, type }: FileNames): string {
  if (name) return name;
  const contentType = type?.replace(/;.*/, "").trim().toLowerCase();
  const extension = EXTENSIONS.find(([, known]) => known === contentType)?.[0];
  return extension ? `attachment.${extension}` : "attachment";
}

/** What a transfer needs of its client: an operation, one attempt a call. */
interface AttachmentService {
  send<Name extends OperationName>(
    name: Name,
    input: Input<Name>,
    options?: CallOptions,
  ): Promise<Operations[Name]["output"]>;
}

/** One upload or download. Its steps are retried one by one, and an error of a step carries the step's name as `stage`. */
export class Transfer {
  readonly #service: AttachmentService;
  readonly #platform: Platform;
  readonly #connectionToken: string | null;
  readonly #options: CallOptions;

  constructor(
    service: AttachmentService,
    platform: Platform,
    connectionToken: string | null,
    options: CallOptions = {},
  ) {
    this.#service = service;
    this.#platform = platform;
    this.#connectionToken = connectionToken;
    this.#options = options;
  }

  /** StartAttachmentUpload, the file itself by PUT, CompleteAttachmentUpload; a step that fails ends it. */
  async upload(file: File): Promise<{ data: Operations["CompleteAttachmentUpload"]["output"] }> {
    // React Native's pickers return plain objects, which its fetch sends by their `uri`.
    const isBlob = typeof file.slice === "function";
    if (!isBlob && !("uri" in file)) {
      throw illegalArgument(
        "attachment",
        "cannot be sent: pass a File, a Blob, or a picker's { uri, name, type, size } in React Native.",
      );
    }
    const started = await this.#ask("StartAttachmentUpload", {
      ContentType: contentTypeOf(file),
      AttachmentSizeInBytes: file.size,
      AttachmentName: nameOf(file),
      ConnectionToken: this.#connectionToken,
      ClientToken: this.#platform.uuid(),
    });
    const { Url: url, HeadersToInclude: headers = {} } = started.UploadMetadata ?? {};
    if (typeof url !== "string") {
      throw new ChatError(
        "InvalidResponse",
        `StartAttachmentUpload gave no URL to upload to. ${LOOK_FOR_PROXY}`,
        {
          stage: "StartAttachmentUpload",
        },
      );
    }
    // Without a type of its own, so that the browser adds no content type beside the headers that were signed.
    const body = isBlob ? file.slice(0, file.size, "") : file;
    const progress = this.#progress(file.size);
    await this.#fetch("UploadToStorage", url, { method: "PUT", headers, body }, () => undefined, progress);
    progress?.(file.size);
    const data = await this.#ask("CompleteAttachmentUpload", {
      AttachmentIds: [started.AttachmentId ?? ""],
      ConnectionToken: this.#connectionToken,
      ClientToken: this.#platform.uuid(),
    });
    return { data };
  }

  /** GetAttachment: the signed URL of the file, and its size where the service reports it. */
  locate(attachmentId: string): Promise<Operations["GetAttachment"]["output"]> {
    return this.#ask("GetAttachment", {
      AttachmentId: attachmentId,
      ConnectionToken: this.#connectionToken,
      UrlExpiryInSeconds: this.#options.urlExpiryInSeconds,
    });
  }

  /** GetAttachment, then the file itself by GET. */
  async download(attachmentId: string): Promise<Blob> {
    const { Url: url = "", AttachmentSizeInBytes: size } = await this.locate(attachmentId);
    const progress = this.#progress(typeof size === "number" ? size : null);
    return this.#fetch("DownloadFromStorage", url, { method: "GET" }, (response) =>
      progress ? readInPieces(response, progress) : response.blob(),
    );
  }

  /** A step at the service. Its attempts all send the same input, the idempotency token included. */
  #ask<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Operations[Name]["output"]> {
    return this.#step(name, RETRY.standard, (signal) => this.#service.send(name, input, { signal }));
  }

  /** A step at the storage; `read` belongs to the attempt. */
  #fetch<T>(
    stage: string,
    url: string,
    init: FileRequest,
    read: (response: Response) => T | Promise<T>,
    onSent?: (sentBytes: number) => void,
  ): Promise<T> {
    return this.#step(stage, RETRY.transfer, async (signal) => {
      const request: FileRequest = { ...init, credentials: "omit", signal };
      try {
        const response = await (onSent
          ? this.#platform.upload(url, request, onSent)
          : this.#platform.fetch(url, request));
        if (!response.ok) throw await storageFailure(response);
        return await read(response);
      } catch (error) {
        throw fetchFailure(stage, error, signal);
      }
    });
  }

  #step<T>(stage: string, policy: RetryPolicy, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, onRetry } = this.#options;
    const signals = signal && [signal];
    return withRetry(this.#platform, policy, attempt, { signals, onRetry }).catch((error: unknown) => {
      throw isChatError(error) ? Object.assign(error, { stage }) : error;
    });
  }

  /** Reports to the caller how far the transfer is; undefined if the caller doesn't ask. */
  #progress(totalBytes: number | null): ((loadedBytes: number) => void) | undefined {
    const { onProgress } = this.#options;
    return onProgress && ((loadedBytes) => onProgress({ loadedBytes, totalBytes }));
  }
}

/** A storage refuses with XML: its code is worth reporting, its text may quote the signed URL. */
async function storageFailure(response: Response): Promise<ChatError> {
  const { status } = response;
  const body = await response.text().catch(() => "");
  const storageCode = /<Code>([^<]{1,100})<\/Code>/.exec(body)?.[1];
  const named = storageCode ? ` and code ${storageCode}` : "";
  const advice =
    status === 403 ? "The signed URL may have expired: make the call again." : "Make the call again.";
  return new ChatError(
    "StorageError",
    `The storage refused the file with status ${status}${named}. ${advice}`,
    {
      type: storageCode,
      statusCode: status,
      retryable: isRetryableStatus(status),
      storageCode,
    },
  );
}

async function readInPieces(response: Response, progress: (loadedBytes: number) => void): Promise<Blob> {
  // React Native's answers have no stream: what can be told there is the end.
  const reader = response.body?.getReader();
  const pieces: BlobPart[] = [];
  let loadedBytes = 0;
  for (let piece = await reader?.read(); piece?.value; piece = await reader?.read()) {
    pieces.push(piece.value);
    loadedBytes += piece.value.byteLength;
    progress(loadedBytes);
  }
  if (reader) return new Blob(pieces, { type: response.headers.get("content-type") ?? "" });
  const blob = await response.blob();
  progress(blob.size);
  return blob;
}
