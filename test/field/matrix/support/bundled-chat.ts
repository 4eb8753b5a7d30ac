import { createContext, runInContext } from "node:vm";
import { WebSocket } from "ws";
import type { Simulator } from "../../../../simulator/index";
import type { ChatSession } from "../../../../src/index";

/**
 * Runs a bundle that passes the library to a global `start`. The only other globals are those that both React Native
 * and browsers have. Resolves with the reply to a message.
 */
export function chatIn(simulator: Simulator, bundle: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const globals = {
      ...{ AbortController, clearTimeout, console, fetch, Headers, Response, setTimeout, WebSocket },
      start: (library: typeof ChatSession) => void chat(simulator, library).then(resolve, reject),
    };
    const context = createContext(globals);
    Object.assign(globals, { global: context, window: context, self: context });
    runInContext(bundle, context);
  });
}

async function chat(simulator: Simulator, library: typeof ChatSession): Promise<string | undefined> {
  library.setGlobalConfig({ endpoint: simulator.url });
  const chatDetails = simulator.startChat();
  const session = library.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
  const reply = new Promise<string | undefined>((resolve) => {
    session.onMessage(({ data }) => {
      if (data.ParticipantRole === "AGENT") resolve(data.Content);
    });
  });
  const established = new Promise((resolve) => session.onConnectionEstablished(resolve));
  await session.connect();
  await established;
  const contact = simulator.contact(chatDetails.ContactId);
  contact.onMessage(({ Content }) => contact.say(`You said: ${Content ?? ""}`, { role: "AGENT" }));
  await session.sendMessage({ message: "Hello", contentType: "text/plain" });
  return reply.finally(() => session.dispose());
}
