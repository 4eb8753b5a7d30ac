import { expect, test } from "@jest/globals";
import { inTheField } from "./support/field-page";

const field = inTheField();

test("C18: a FORWARD scan without a start is sent, and the error of its refusal names startPosition", async () => {
  const its = await field.open();
  await its.connect();
  const outcome = await its.call("getTranscript", { scanDirection: "FORWARD" });
  expect(its.operations("GetTranscript")).toEqual(["GetTranscript"]);
  expect(outcome).toMatchObject({
    rejected: {
      type: "ValidationException",
      statusCode: 400,
      message: expect.stringMatching(/invalid parameter.*"FORWARD" needs a startPosition/) as unknown,
    },
  });
});
