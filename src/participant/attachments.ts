/**
 * Uploads and downloads attachments. The service issues signed URLs, and the files themselves go to and come from
 * attachment storage.
 */
import type { CallOptions } from "../api/client";
import { ChatError, illegalArgument, isChatError, isRetryableStatus } from "../errors";
import type { FileRequest, Platform } from "../platform";
import { fetchFailure, CHECK_FOR_PROXY } from "./failures";
import type { Input, OperationName, Operations } from "./operations";
import { RETRY, withRetry, type RetryPolicy } from "./retry";

/**
 * The extensions that the service accepts by default. The order matters, because a Blob without a name gets the first
 * extension for its content type.
 */
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

/**
 * A file's name and type. A Blob has no name, an unknown type is an empty string, and a picker may return null for
 * either field.
 */
interface FileInfo {
  readonly name?: string | null;
  readonly type?: string | null;
}

/**
 * Returns a file's content type, which the service requires. If the file has no type, derives it from the file name's
 * extension.
 */
export function contentTypeOf({ name, type }: FileInfo): string {
  const extension = /\.([^.]+)$/.exec(name ?? "")?.[1]?.toLowerCase();
  return (
    type || (EXTENSIONS.find(([candidate]) => candidate === extension)?.[1] ?? "application/octet-stream")
  );
}

/** Returns a file's name, which the service requires because it checks the extension. */
function nameOf({ name, type }: FileInfo): string {
  if (name) return name;
  const contentType = type?.replace(/;.*/, "").trim().toLowerCase();
  const extension = EXTENSIONS.find(([, candidate]) => candidate === contentType)?.[0];
  return extension ? `attachment.${extension}` : "attachment";
}

/** The part of the service client that a transfer uses. Each call of `send()` makes a single attempt. */
interface AttachmentService {
  send<Name extends OperationName>(
    name: Name,
    input: Input<Name>,
    options?: CallOptions,
  ): Promise<Operations[Name]["output"]>;
}

/** One upload or download. Each step is retried separately. If a step fails, its name is the error's `stage`. */
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

  /** Uploads a file: calls StartAttachmentUpload, sends the file with PUT, and calls CompleteAttachmentUpload. */
  async upload(file: File): Promise<{ data: Operations["CompleteAttachmentUpload"]["output"] }> {
    // React Native's pickers return plain objects, and its fetch reads the file from the object's `uri`.
    const isBlob = typeof file.slice === "function";
    if (!isBlob && !("uri" in file)) {
      throw illegalArgument(
        "attachment",
        "must be a File, a Blob, or, in React Native, a picker's { uri, name, type, size }; got a different kind of object.",
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
        `The StartAttachmentUpload response has no UploadMetadata.Url. ${CHECK_FOR_PROXY}`,
        {
          stage: "StartAttachmentUpload",
        },
      );
    }
    // Strips the Blob's type, because the browser would send it as a header that isn't covered by the signature.
    const body = isBlob ? file.slice(0, file.size, "") : file;
    const progress = this.#progressReporter(file.size);
    await this.#fetch("UploadToStorage", url, { method: "PUT", headers, body }, () => undefined, progress);
    progress?.(file.size);
    const data = await this.#callService("CompleteAttachmentUpload", {
      AttachmentIds: [startResponse.AttachmentId ?? ""],
      ConnectionToken: this.#connectionToken,
      ClientToken: this.#platform.uuid(),
    });
    return { data };
  }

  /** Calls GetAttachment. Resolves with the file's signed URL and, if the service reports it, the file's size. */
  getSignedUrl(attachmentId: string): Promise<Operations["GetAttachment"]["output"]> {
    return this.#callService("GetAttachment", {
      AttachmentId: attachmentId,
      ConnectionToken: this.#connectionToken,
      UrlExpiryInSeconds: this.#options.urlExpiryInSeconds,
    });
  }

  /** Downloads a file: calls GetAttachment, then fetches the signed URL. */
  async download(attachmentId: string): Promise<Blob> {
    const { Url: url = "", AttachmentSizeInBytes: size } = await this.getSignedUrl(attachmentId);
    const progress = this.#progressReporter(typeof size === "number" ? size : null);
    return this.#fetch("DownloadFromStorage", url, { method: "GET" }, (response) =>
      progress ? readInChunks(response, progress) : response.blob(),
    );
  }

  /**
   * Runs a step that calls the service. Every attempt sends the same input, so the idempotency token doesn't change.
   */
  #callService<Name extends OperationName>(
    name: Name,
    input: Input<Name>,
  ): Promise<Operations[Name]["output"]> {
    return this.#runStep(name, RETRY.standard, (signal) => this.#service.send(name, input, { signal }));
  }

  /** Runs a step that calls attachment storage. An attempt fails if its request fails or `read` throws. */
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

  /** Returns a function that reports progress to the caller, or undefined if the caller didn't pass `onProgress`. */
  #progressReporter(totalBytes: number | null): ((loadedBytes: number) => void) | undefined {
    const { onProgress } = this.#options;
    return onProgress && ((loadedBytes) => onProgress({ loadedBytes, totalBytes }));
  }
}

/**
 * Builds the error for a failed storage request, using the code in its XML body. The rest of the body is omitted
 * because it may contain the signed URL.
 */
async function storageFailure(response: Response): Promise<ChatError> {
  const { status } = response;
  const body = await response.text().catch(() => "");
  const storageCode = /<Code>([^<]{1,100})<\/Code>/.exec(body)?.[1];
  const codeText = storageCode ? ` and code ${storageCode}` : "";
  const advice = status === 403 ? "The signed URL may have expired. Try again." : "Try again.";
  return new ChatError(
    "StorageError",
    `Attachment storage refused the request with status ${status}${codeText}. ${advice}`,
    {
      type: storageCode,
      statusCode: status,
      retryable: isRetryableStatus(status),
      storageCode,
    },
  );
}

async function readInChunks(response: Response, progress: (loadedBytes: number) => void): Promise<Blob> {
  // React Native's responses can't be streamed, so progress is reported only once, at the end.
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
