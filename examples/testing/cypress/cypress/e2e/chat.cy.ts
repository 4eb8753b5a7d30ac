it("shows a message that was sent while the page was disconnected", () => {
  cy.intercept("POST", "/start-chat").as("start");
  cy.visit("/");
  cy.contains("button", "Start a chat").click();
  cy.contains("You are connected");

  cy.wait("@start").then(({ response }) => {
    const contactId: string = response?.body.ContactId;
    cy.request("POST", "/_control/faults", { kind: "dropSockets", scope: { contactId } });
    cy.request("POST", `/_control/contacts/${contactId}/messages`, {
      content: "Are you there?",
      role: "AGENT",
      displayName: "Sam",
    });
  });
  cy.contains("li", "Are you there?");

  // The library missed the message while it was disconnected, and fetched it after reconnecting.
  cy.request("/_control/traffic").then(({ body }) => {
    const operations = body.entries.map(({ operation }: { operation?: string }) => operation);
    expect(operations).to.include("GetTranscript");
  });
});
