import { describe, expect, test } from "@jest/globals";
import { OPERATIONS } from "../../../simulator/control/operations";
import { addressOf, attachmentAddress } from "../../../simulator/panel/api/addresses";
import { ROUTES, type OperationName } from "../../../simulator/panel/api/operations";

describe("the panel's calls", () => {
  test.each(Object.entries(ROUTES))("use the API's method and path: %s", (name, [method, path]) => {
    const operation = OPERATIONS[name as OperationName];
    expect([operation.method, operation.path]).toEqual([method, path]);
  });

  test("use addresses that are relative to the panel's, with escaped values", () => {
    expect(addressOf("changeItem", { contactId: "a/b", itemId: "ü" })).toBe(
      "../_control/contacts/a%2Fb/items/%C3%BC",
    );
    expect(attachmentAddress("a", "b")).toBe("../_control/contacts/a/attachments/b");
  });
});
