import { expect, test } from "@jest/globals";
import { inTheField } from "./support/field-page";

const field = inTheField();

test("C18: the error of getTranscript() with FORWARD but without a start position comes from the service and names startPosition", async () => {
  const chat = await field.open();
  await chat.connect();
  const outcome = await chat.call("getTranscript", { scanDirection: "FORWARD" });
  expect(chat.operations("GetTranscript")).toEqual(["GetTranscript"]);
  expect(outcome).toMatchObject({
    rejected: {
      type: "ValidationException",
      statusCode: 400,
      message: expect.stringMatching(/invalid parameter.*"FORWARD" needs a startPosition/) as unknown,
    },
  });
});
