import { DEFAULT_PORT } from "./flags";

export const HELP = `connect-chat-simulator: simulates Amazon Connect's Participant Service on this machine, with a control
panel and a demo.

Usage: connect-chat-simulator [options]

Address
      --host <host>           the address to listen on. Default: 127.0.0.1, which only this machine can reach;
                              0.0.0.0 listens on all addresses, for phones and containers.
  -p, --port <number>         the port; 0 picks any free port. Default: $PORT, or ${DEFAULT_PORT} if it isn't set.
      --https                 serves HTTPS with a self-signed certificate
      --cert <file>           serves HTTPS with this certificate (PEM) …
      --key <file>            … and its private key (PEM)
      --allow-origin <origin> lets pages of this origin use the control API, such as http://localhost:3000.
                              Repeat it for more.

Behavior
      --bot <echo|file>       answers each chat: "echo" repeats what the customer says; a file is a module whose
                              default export is called with each chat's contact
      --latency <ms>          delays each call, upload and download
      --transcript-lag <ms>   how far GetTranscript lags behind the sockets
      --seed <number>         the seed of faults that occur by chance. Default: 1.
      --max-attachment <size> the largest attachment, in bytes or as 50mb. Default: 20mb.
      --state <file>          loads the chats from this file, and saves them there

Output
      --open                  opens the control panel in the browser
  -q, --quiet                 prints only errors
      --verbose               prints a line for each request
      --version               prints the version
  -h, --help                  prints this help

Serves
  /                           the demo: a customer and an agent side by side
  /_panel/                    the control panel: play the agent, inject faults, watch the traffic
  /_control/                  the control API, described by /_control/openapi.json
  /start-chat                 answers a POST like StartChatContact
  /participant/…              the Participant Service. In your page:
                              connect.ChatSession.setGlobalConfig({ endpoint: "http://localhost:${DEFAULT_PORT}" })
`;
