import { ChatSession } from "amazon-connect-chatjs";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { ChatWidget } from "../react/chat-widget";
import { startChatContact } from "../react/start-chat";

/** Renders the page on the server, so that the widget's button is there before any script runs. */
export function renderPage(): string {
  // You can configure the library on a server too, but don't create sessions there.
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
      <p class="lead">The button came with the page’s HTML, and React hydrated it in the browser.</p>
    </main>
    <aside id="widget" aria-label="Chat">${widget}</aside>
  </body>
</html>
`;
}
