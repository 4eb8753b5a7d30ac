// After isChatError() or instanceof, a check of a ChatError's code narrows its details.
import { ChatError, isChatError, type AnsweredBy, type ChatErrorCode } from "amazon-connect-chatjs";

export function detailsOf(error: unknown): string | number {
  if (!isChatError(error)) throw error;
  const commonFields: [code: ChatErrorCode, type: string, retryable: boolean] = [
    error.code,
    error.type,
    error.retryable,
  ];
  console.log(commonFields, error.metadata, error.toJSON());
  switch (error.code) {
    case "IllegalArgument": {
      const field: string = error.field;
      const name: "IllegalArgument" = error.name;
      return field + name;
    }
    case "IllegalState": {
      const name: "IllegalState" = error.name;
      return name;
    }
    case "NetworkError": {
      const name: "NetworkError" = error.name;
      return error.messageId ?? name;
    }
    case "Timeout": {
      const name: "Timeout" = error.name;
      return error.stage ?? name;
    }
    case "Aborted": {
      const name: "Aborted" = error.name;
      return name;
    }
    case "ServiceError": {
      const statusCode: number = error.statusCode;
      const answeredBy: AnsweredBy = error.answeredBy;
      const name: "ServiceError" = error.name;
      return `${name} ${answeredBy} ${statusCode.toFixed()} ${error.retryAfterMs ?? 0}`;
    }
    case "InvalidResponse": {
      const name: "InvalidResponse" = error.name;
      return error.statusCode ?? name;
    }
    case "StorageError": {
      const statusCode: number = error.statusCode;
      const stage: "UploadToStorage" | "DownloadFromStorage" = error.stage;
      const name: "StorageError" = error.name;
      return `${name} ${stage} ${statusCode.toFixed()} ${error.storageCode ?? ""}`;
    }
    case "ClientError": {
      const name: "ClientError" = error.name;
      return error.statusCode ?? name;
    }
    default: {
      const never: never = error;
      return never;
    }
  }
}

export function afterInstanceof(error: unknown): number {
  if (error instanceof connect.ChatSession.ChatError && error.code === "ServiceError")
    return error.statusCode;
  return error instanceof ChatError && error.name === "StorageError" ? error.statusCode : 0;
}

/** A check of the error type keeps the union's other types. */
export function textOf(outcome: ChatError | string): string {
  if (outcome instanceof ChatError) return outcome.message;
  const text: string = outcome;
  return text;
}
export const other = (outcome: ChatError | string): string => (isChatError(outcome) ? outcome.code : outcome);

/** An application can construct errors, for example in a custom client, with any subset of the details. */
export const made: ChatError[] = [
  new ChatError("ServiceError", "no"),
  new ChatError("IllegalArgument", "no", { field: "message" }),
  new connect.ChatSession.ChatError("ClientError", "no", { statusCode: 403, cause: new Error("no") }),
];
export const makeError = (code: ChatErrorCode): ChatError => new ChatError(code, "no", { retryable: true });
export const copied = (error: ChatError): ChatError => new ChatError(error.code, error.message, error);
export const field: string = new ChatError("IllegalArgument", "no", { field: "message" }).field;

/** A subclass can access the details of all codes. */
export class BackendError extends ChatError {
  readonly operation: string;
  constructor(operation: string) {
    super("ClientError", `${operation} failed`);
    this.operation = operation;
  }
  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), operation: this.operation, status: this.statusCode };
  }
}
export const subclass: Error = new BackendError("SendMessage");
