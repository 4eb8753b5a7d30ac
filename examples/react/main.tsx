// The React example: a page with the chat widget in its corner. Built by scripts/build-examples.mjs.
import { ChatSession } from "amazon-connect-chatjs";
import { StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { ChatWidget } from "./chat-widget";
import { startChatContact } from "./start-chat";

// The simulator stands in for the service. With a real instance, leave out `endpoint`.
ChatSession.setGlobalConfig({ region: "us-west-2", endpoint: location.origin });

const container = document.getElementById("widget");
if (!container) throw new Error('The page has no element with the ID "widget".');
const widget = (
  <StrictMode>
    <ChatWidget startChatContact={startChatContact} />
  </StrictMode>
);
// Hydrates the server-rendered page (examples/ssr), and renders into the empty one.
if (container.hasChildNodes()) hydrateRoot(container, widget);
else createRoot(container).render(widget);
