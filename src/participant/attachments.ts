/** Attachments: the service returns signed URLs, and the files are sent to and fetched from attachment storage. */
import type { CallOptions } from "../api/client";
import { ChatError, illegalArgument, isChatError, isRetryableStatus } from "../errors";
import type { FileRequest, Platform } from "../platform";
import { fetchFailure, CHECK_FOR_PROXY } from "./failures";
import type { Input, OperationName, Operations } from "./operations";
import { RETRY, withRetry, type RetryPolicy } from "./retry";

/** The service's default extensions. If several have the same type, a Blob without a name gets the first of them. */
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

/** The fields that a file may lack: a Blob has no name, an unknown type is empty, and a picker may return null. */
interface FileInfo {
  readonly name?: string | null;
  readonly type?: string | null;
}

/** The content type, which the service requires: the file's own, else the one of its extension. */
export function contentTypeOf({ name, type }: FileInfo): string {
  const extension = /\.([^.]+)$/.exec(name ?? "")?.[1]?.toLowerCase();
  return type || (EXTENSIONS.find(([known]) => known === extension)?.[1] ?? "application/octet-stream");
}

/** The file name, which the service requires. The service checks its extension. */
function nameOf({ name, type }: FileInfo): string {
  if (name) return name;
  const contentType = type?.replace(/;.*/, "").trim().toLowerCase();
  const extension = EXTENSIONS.find(([, known]) => known === contentType)?.[0];
  return extension ? `attachment.${extension}` : "attachment";
}

/** The part of a client that a transfer uses: one attempt of an operation per call. */
interface AttachmentService {
  send<Name extends OperationName>(
    name: Name,
    input: Input<Name>,
    options?: CallOptions,
  ): Promise<Operations[Name]["output"]>;
}

/** One upload or download. Each step is retried separately, and its error has the step's name as `stage`. */
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

  /** Calls StartAttachmentUpload, sends the file with PUT, and calls CompleteAttachmentUpload. */
  async upload(file: File): Promise<{ data: Operations["CompleteAttachmentUpload"]["output"] }> {
    // React Native's pickers return plain objects; its fetch reads the file from their `uri`.
    const isBlob = typeof file.slice === "function";
    if (!isBlob && !("uri" in file)) {
      throw illegalArgument(
        "attachment",
        "must be a File, a Blob, or, in React Native, a picker's { uri, name, type, size }; got another object.",
      );
    }
    const startResponse = await this.#callService("StartAttachmentUpload", {
      ContentType: contentTypeOf(file),
      AttachmentSizeInBytes: file.size,
      AttachmentName: nameOf(file),
      ConnectionToken: this.#connectionToken,
      ClientToken: this.#platform.uuid(),
    });
    const { Url: url, HeadersToInclude: headers = {} } = startResponse.UploadMetadata ?? {};
    if (typeof url !== "string") {
      throw new ChatError(
        "InvalidResponse",
        `StartAttachmentUpload's answer has no UploadMetadata.Url. ${CHECK_FOR_PROXY}`,
        {
          stage: "StartAttachmentUpload",
        },
      );
    }
    // Removes the Blob's type, since the browser would add it as a header that isn't part of the signature.
    const body = isBlob ? file.slice(0, file.size, "") : file;
    const progress = this.#progress(file.size);
    await this.#fetch("UploadToStorage", url, { method: "PUT", headers, body }, () => undefined, progress);
    progress?.(file.size);
    const data = await this.#callService("CompleteAttachmentUpload", {
      AttachmentIds: [startResponse.AttachmentId ?? ""],
      ConnectionToken: this.#connectionToken,
      ClientToken: this.#platform.uuid(),
    });
    return { data };
  }

  /** Calls GetAttachment. Resolves with the file's signed URL, and with its size if the service reports it. */
  getSignedUrl(attachmentId: string): Promise<Operations["GetAttachment"]["output"]> {
    return this.#callService("GetAttachment", {
      AttachmentId: attachmentId,
      ConnectionToken: this.#connectionToken,
      UrlExpiryInSeconds: this.#options.urlExpiryInSeconds,
    });
  }

  /** Calls GetAttachment, and fetches the file with GET. */
  async download(attachmentId: string): Promise<Blob> {
    const { Url: url = "", AttachmentSizeInBytes: size } = await this.getSignedUrl(attachmentId);
    const progress = this.#progress(typeof size === "number" ? size : null);
    return this.#fetch("DownloadFromStorage", url, { method: "GET" }, (response) =>
      progress ? readInChunks(response, progress) : response.blob(),
    );
  }

  /** A step that calls the service. All its attempts send the same input, including the idempotency token. */
  #callService<Name extends OperationName>(
    name: Name,
    input: Input<Name>,
  ): Promise<Operations[Name]["output"]> {
    return this.#runStep(name, RETRY.standard, (signal) => this.#service.send(name, input, { signal }));
  }

  /** A step that calls attachment storage. If `read` fails, the attempt has failed. */
  #fetch<T>(
    stage: string,
    url: string,
    init: FileRequest,
    read: (response: Response) => T | Promise<T>,
    onSent?: (sentBytes: number) => void,
  ): Promise<T> {
    return this.#runStep(stage, RETRY.transfer, async (signal) => {
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

  #runStep<T>(stage: string, policy: RetryPolicy, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, onRetry } = this.#options;
    const signals = signal && [signal];
    return withRetry(this.#platform, policy, attempt, { signals, onRetry }).catch((error: unknown) => {
      throw isChatError(error) ? Object.assign(error, { stage }) : error;
    });
  }

  /** Returns a function that reports progress to the caller; undefined if the caller doesn't pass `onProgress`. */
  #progress(totalBytes: number | null): ((loadedBytes: number) => void) | undefined {
    const { onProgress } = this.#options;
    return onProgress && ((loadedBytes) => onProgress({ loadedBytes, totalBytes }));
  }
}

/**
 * Reads the error code from the XML answer of attachment storage. Its text isn't used: it may contain the signed URL.
 */
async function storageFailure(response: Response): Promise<ChatError> {
  const { status } = response;
  const body = await response.text().catch(() => "");
  const storageCode = /<Code>([^<]{1,100})<\/Code>/.exec(body)?.[1];
  const named = storageCode ? ` and code ${storageCode}` : "";
  const advice = status === 403 ? "The signed URL may have expired. Try again." : "Try again.";
  return new ChatError(
    "StorageError",
    `Attachment storage refused the request with status ${status}${named}. ${advice}`,
    {
      type: storageCode,
      statusCode: status,
      retryable: isRetryableStatus(status),
      storageCode,
    },
  );
}

async function readInChunks(response: Response, progress: (loadedBytes: number) => void): Promise<Blob> {
  // React Native's responses have no stream, so progress is reported only at the end.
  const reader = response.body?.getReader();
  const chunks: BlobPart[] = [];
  let loadedBytes = 0;
  for (let chunk = await reader?.read(); chunk?.value; chunk = await reader?.read()) {
    chunks.push(chunk.value);
    loadedBytes += chunk.value.byteLength;
    progress(loadedBytes);
  }
  if (reader) return new Blob(chunks, { type: response.headers.get("content-type") ?? "" });
  const blob = await response.blob();
  progress(blob.size);
  return blob;
}
