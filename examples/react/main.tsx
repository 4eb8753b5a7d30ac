// The React example: a page with the chat widget in its corner. Built by scripts/build-examples.mjs.
import { ChatSession } from "amazon-connect-chatjs";
import { StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { ChatWidget } from "./chat-widget";
import { startChatContact } from "./start-chat";

// The simulator stands in for the service; leave `endpoint` out with a real instance.
ChatSession.setGlobalConfig({ region: "us-west-2", endpoint: location.origin });

const place = document.getElementById("widget");
if (!place) throw new Error("The page has no element with the id widget.");
const widget = (
  <StrictMode>
    <ChatWidget startChatContact={startChatContact} />
  </StrictMode>
);
// What a server rendered is taken over (examples/ssr); an empty place is filled.
if (place.hasChildNodes()) hydrateRoot(place, widget);
else createRoot(place).render(widget);
