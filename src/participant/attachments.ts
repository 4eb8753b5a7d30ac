/** Attachments: the service gives signed URLs, the file itself goes to and comes from the storage behind them. */
import { ChatError } from "../errors";
import type { FileRequest, Platform } from "../platform";
import type { CallOptions } from "./chat-client";
import { fetchFailure, isRetryableStatus } from "./failures";
import type { OperationName, Operations } from "./operations";
import { RETRY, withRetry } from "./retry";

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

/** The operations that a transfer needs of its client, one attempt a call. */
interface AttachmentService {
  send<Name extends OperationName>(
    name: Name,
    input: Operations[Name]["input"],
    options?: CallOptions,
  ): Promise<Operations[Name]["output"]>;
}

type Stage =
  | "StartAttachmentUpload"
  | "UploadToStorage"
  | "CompleteAttachmentUpload"
  | "GetAttachment"
  | "DownloadFromStorage";

/** An error of a step, with the step's name on it. */
function atStage(stage: Stage, error: unknown): unknown {
  if (error instanceof ChatError && error.stage === undefined) Object.assign(error, { stage });
  return error;
}

function step<T>(
  platform: Platform,
  stage: Stage,
  policy: (typeof RETRY)[keyof typeof RETRY],
  options: CallOptions | undefined,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withRetry(platform, policy, attempt, {
    signals: options?.signal ? [options.signal] : [],
    ...(options?.onRetry && { onRetry: options.onRetry }),
  }).catch((error: unknown) => {
    throw atStage(stage, error);
  });
}

/** What the storage answers when it refuses is XML; its code is worth telling, its text may quote the signed URL. */
async function storageFailure(stage: Stage, response: Response): Promise<ChatError> {
  const body = await response.text().catch(() => "");
  const storageCode = /<Code>([^<]{1,100})<\/Code>/.exec(body)?.[1];
  return new ChatError("StorageError", `The storage refused the file with status ${response.status}.`, {
    type: storageCode ?? "StorageError",
    statusCode: response.status,
    retryable: isRetryableStatus(response.status),
    storageCode,
    stage,
  });
}

async function storageFetch(
  platform: Platform,
  stage: Stage,
  url: string,
  init: FileRequest,
  signal: AbortSignal,
  onSent?: (sentBytes: number) => void,
): Promise<Response> {
  try {
    const whole: FileRequest = { ...init, credentials: "omit", signal };
    const response = await (onSent ? platform.upload(url, whole, onSent) : platform.fetch(url, whole));
    if (!response.ok) throw await storageFailure(stage, response);
    return response;
  } catch (error) {
    throw fetchFailure(stage, error, signal);
  }
}

/** StartAttachmentUpload, the file itself by PUT, CompleteAttachmentUpload; a step that fails ends it. */
export async function uploadAttachment(
  service: AttachmentService,
  platform: Platform,
  connectionToken: string | undefined,
  file: File,
  options?: CallOptions,
): Promise<{ data: Operations["CompleteAttachmentUpload"]["output"] }> {
  const startToken = platform.uuid();
  const started = await step(platform, "StartAttachmentUpload", RETRY.standard, options, (signal) =>
    service.send(
      "StartAttachmentUpload",
      {
        ContentType: contentTypeOf(file),
        AttachmentSizeInBytes: file.size,
        AttachmentName: nameOf(file),
        ConnectionToken: connectionToken,
        ClientToken: startToken,
      },
      { signal },
    ),
  );
  const { Url: url, HeadersToInclude: headers = {} } = started.UploadMetadata ?? {};
  if (typeof url !== "string") {
    throw new ChatError("InvalidResponse", "StartAttachmentUpload gave no URL to upload to.", {
      stage: "StartAttachmentUpload",
    });
  }
  // Without a type of its own, so that the browser adds no content type beside the headers that were signed.
  // React Native hands on what is no Blob: its fetch knows how to send it.
  const body = typeof file.slice === "function" ? file.slice(0, file.size, "") : file;
  const progress = progressOf(options, file.size);
  await step(platform, "UploadToStorage", RETRY.transfer, options, (signal) =>
    storageFetch(platform, "UploadToStorage", url, { method: "PUT", headers, body }, signal, progress),
  );
  progress?.(file.size);
  const completeToken = platform.uuid();
  const data = await step(platform, "CompleteAttachmentUpload", RETRY.standard, options, (signal) =>
    service.send(
      "CompleteAttachmentUpload",
      {
        AttachmentIds: [started.AttachmentId ?? ""],
        ConnectionToken: connectionToken,
        ClientToken: completeToken,
      },
      { signal },
    ),
  );
  return { data };
}

/** Tells the caller how far a transfer has come; null where nobody wants to know. */
function progressOf(
  options: CallOptions | undefined,
  totalBytes: number | null,
): ((loadedBytes: number) => void) | undefined {
  const onProgress = options?.onProgress;
  return onProgress && ((loadedBytes) => onProgress({ loadedBytes, totalBytes }));
}

/** GetAttachment: the signed URL of the file, and its size where the service tells it. */
async function locate(
  service: AttachmentService,
  platform: Platform,
  connectionToken: string | undefined,
  attachmentId: string,
  options?: CallOptions,
): Promise<{ url: string; sizeInBytes: number | null }> {
  const { Url: url, AttachmentSizeInBytes: size } = await step(
    platform,
    "GetAttachment",
    RETRY.standard,
    options,
    (signal) =>
      service.send(
        "GetAttachment",
        {
          AttachmentId: attachmentId,
          ConnectionToken: connectionToken,
          UrlExpiryInSeconds: options?.urlExpiryInSeconds,
        },
        { signal },
      ),
  );
  return { url: url ?? "", sizeInBytes: typeof size === "number" ? size : null };
}

/** GetAttachment: the signed URL alone. */
export async function getAttachmentUrl(...args: Parameters<typeof locate>): Promise<string> {
  return (await locate(...args)).url;
}

/** GetAttachment, then the file itself by GET. */
export async function downloadAttachment(...args: Parameters<typeof locate>): Promise<Blob> {
  const [, platform, , , options] = args;
  const { url, sizeInBytes } = await locate(...args);
  const progress = progressOf(options, sizeInBytes);
  return step(platform, "DownloadFromStorage", RETRY.transfer, options, async (signal) => {
    const response = await storageFetch(platform, "DownloadFromStorage", url, { method: "GET" }, signal);
    try {
      return await (progress ? readInPieces(response, progress) : response.blob());
    } catch (error) {
      throw fetchFailure("DownloadFromStorage", error, signal);
    }
  });
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
