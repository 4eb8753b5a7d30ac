// The React example, a page with the chat widget in its corner. scripts/build-examples.mjs builds it.
import { ChatSession } from "amazon-connect-chatjs";
import { StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { ChatWidget } from "./chat-widget";
import { startChatContact } from "./start-chat";

// The simulator stands in for the service. For a real instance, omit `endpoint`.
ChatSession.setGlobalConfig({ region: "us-west-2", endpoint: location.origin });

const container = document.getElementById("widget");
if (!container) throw new Error('The page has no element with the ID "widget".');
const widget = (
  <StrictMode>
    <ChatWidget startChatContact={startChatContact} />
  </StrictMode>
);
// Hydrates the widget of the server-rendered page (examples/ssr). Renders the widget into any other page.
if (container.hasChildNodes()) hydrateRoot(container, widget);
else createRoot(container).render(widget);
