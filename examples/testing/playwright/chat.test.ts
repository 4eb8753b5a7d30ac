import path from "node:path";
import { expect, test } from "@playwright/test";
import { startSimulator } from "amazon-connect-chatjs/simulator";

test("the page shows a message that was sent while it was disconnected", async ({ page }) => {
  const simulator = await startSimulator({
    serveFiles: { "/": path.join(__dirname, "page"), "/chat.js": require.resolve("amazon-connect-chatjs") },
  });
  try {
    await page.goto(simulator.url);
    const started = page.waitForResponse("**/start-chat");
    await page.getByRole("button", { name: "Start a chat" }).click();
    const { ContactId } = await (await started).json();
    await page.getByText("You are connected").waitFor();

    simulator.dropSockets();
    simulator.contact(ContactId).say("Are you there?", { role: "AGENT", displayName: "Sam" });
    await page.getByText("Are you there?").waitFor();
    // The library missed the message while it was disconnected, and fetched it after reconnecting.
    expect(simulator.requests.map(({ operation }) => operation)).toContain("GetTranscript");
  } finally {
    await simulator.close();
  }
});
