import { ChatSession } from "amazon-connect-chatjs";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { ChatWidget } from "../react/chat-widget";
import { startChatContact } from "../react/start-chat";

/** Renders the page on the server, so that the page shows the widget's button before any script runs. */
export function renderPage(): string {
  // You can configure the library on a server, but don't create sessions on the server.
  ChatSession.setGlobalConfig({ region: "us-west-2" });
  const widget = renderToString(
    <StrictMode>
      <ChatWidget startChatContact={startChatContact} />
    </StrictMode>,
  );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="script-src 'self'" />
    <meta name="color-scheme" content="light dark" />
    <title>A chat widget rendered on the server</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="../shared.css" />
    <link rel="stylesheet" href="../react/widget.css" />
    <script defer src="../built/react.js"></script>
  </head>
  <body>
    <main>
      <a class="back" href="../">All examples</a>
      <h1>Rendered in Node</h1>
      <p class="lead">The server rendered the button into the page’s HTML, and React hydrated the button in the browser.</p>
    </main>
    <aside id="widget" aria-label="Chat">${widget}</aside>
  </body>
</html>
`;
}
