import { expect, test } from "@jest/globals";
import type { ChatErrorDetails } from "../../../src/api/errors";
import { ChatError, isRetryableStatus } from "../../../src/errors";

/** Every detail that an application's own transport may give; a new one has to be named here. */
const DETAILS: Required<Omit<ChatErrorDetails, "cause">> = {
  answeredBy: "service",
  type: "ThrottlingException",
  statusCode: 429,
  retryable: true,
  field: "message",
  retryAfterMs: 5,
  stage: "UploadToStorage",
  storageCode: "SlowDown",
  messageId: "message-1",
};

test("an error has each detail that it was made with, and JSON shows it", () => {
  const error = new ChatError("ServiceError", "busy", { ...DETAILS, cause: "hidden" });
  expect(error).toMatchObject(DETAILS);
  expect(error.cause).toBe("hidden");
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    ...DETAILS,
    name: "ServiceError",
    code: "ServiceError",
    message: "busy",
    metadata: null,
  });
});

test.each([408, 429, 500, 503])("status %d is worth another attempt", (status) => {
  expect(isRetryableStatus(status)).toBe(true);
});

test.each([undefined, 200, 400, 403, 404, 409])("status %p is final", (status) => {
  expect(isRetryableStatus(status)).toBe(false);
});

test("a detail that was not given is no field", () => {
  expect(Object.keys(new ChatError("Timeout", "late", { messageId: "1" })).sort()).toEqual([
    "code",
    "message",
    "messageId",
    "metadata",
    "name",
    "retryable",
    "statusCode",
    "type",
  ]);
});
