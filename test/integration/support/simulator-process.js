"use strict";

// Runs the built simulator in its own process, which stays alive if close() leaves anything open.
const { startSimulator } = require("../../../dist/simulator.js");

async function main() {
  const simulator = await startSimulator();
  const { ParticipantId } = simulator.startChat();
  simulator.faults.delayNext("GetTranscript", { delayMs: 3_600_000 });
  process.once("message", async () => {
    await simulator.close();
    process.disconnect();
  });
  process.send({
    url: simulator.url,
    socketUrl: simulator.signSocket([ParticipantId]).url,
    token: simulator.connectionTokenOf(ParticipantId).chatTokenTransport.participantToken,
  });
}

void main();
