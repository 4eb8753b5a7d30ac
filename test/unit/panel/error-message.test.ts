import { describe, expect, test } from "@jest/globals";
import { errorMessageOf } from "../../../simulator/panel/api/error-message";

const bodyWith = (message: unknown): string => JSON.stringify({ error: { code: "Internal", message } });

describe("the message that the panel shows for the API's error", () => {
  test("is the error's message, with all of its lines", () => {
    expect(errorMessageOf(bodyWith("There is no contact x.\nIt may have ended."))).toBe(
      "There is no contact x.\nIt may have ended.",
    );
  });

  test("has no stack, even if the API sends one", () => {
    const stack = new RangeError("Maximum call stack size exceeded").stack;
    expect(errorMessageOf(bodyWith(stack))).toBe("RangeError: Maximum call stack size exceeded");
  });

  test("is null for a response that isn't the API's, such as a proxy's page", () => {
    for (const text of ["<html></html>", "null", "{}", '{"error":null}', bodyWith(1)])
      expect(errorMessageOf(text)).toBeNull();
  });
});
