import { expect, test } from "@jest/globals";
import type { ChatErrorDetails } from "../../../src/api/errors";
import { ChatError, isRetryableStatus } from "../../../src/errors";

/** Every detail that an error can have. A new detail must be added here. */
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

test("a ChatError has every detail passed to its constructor, and its JSON includes them", () => {
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

test.each([408, 429, 500, 503])("status %d is retryable", (status) => {
  expect(isRetryableStatus(status)).toBe(true);
});

test.each([undefined, 200, 400, 403, 404, 409])("status %p isn't retryable", (status) => {
  expect(isRetryableStatus(status)).toBe(false);
});

test("a ChatError has no field for an omitted detail", () => {
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
