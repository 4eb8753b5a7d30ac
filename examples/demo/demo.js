// Starts a chat, and connects the customer and the agent. After the chat has ended, the user can start another chat.

import { agentConnectionToken, joinAgent, startChat } from "./backend.js";
import { ChatPane } from "./chat-pane.js";
import { ChatSide } from "./chat-side.js";
import { element, formatError } from "./format.js";
import { cutSockets, onRequest, ownerOf, setTokenOwner } from "./network.js";
import { Timeline } from "./timeline.js";

const CUSTOMER = "Alex";
const AGENT = "Sam";
const CUT_MS = 5000;
/** The URL of the simulator that serves this page. A proxy may add a path. */
const SIMULATOR = new URL(".", location.href).href;

const parameters = new URLSearchParams(location.search);
const startChatUrl = parameters.get("startChatUrl");
const region = parameters.get("region") || "us-west-2";
const isReal = startChatUrl !== null;

const find = (selector) => document.querySelector(selector);
const newChat = find("#new-chat");
const dropLink = find("#drop-link");
const endChat = element(
  "button",
  { class: "button quiet", type: "button", "data-testid": "end-chat", disabled: "" },
  "End chat",
);
const panes = find("#panes");

const timeline = new Timeline(
  isReal
    ? [["customer", "Customer"]]
    : [
        ["customer", "Customer"],
        ["agent", "Agent"],
      ],
);

function makeSide(side, name, title) {
  const pane = new ChatPane(panes, { side, name, title });
  return { pane, chat: new ChatSide({ side, name, pane, timeline }) };
}

const customer = makeSide("customer", CUSTOMER, "Customer");
customer.pane.addAction(endChat);
const agent = isReal ? undefined : makeSide("agent", AGENT, "Agent");
const sides = [customer, agent].filter(Boolean);

if (isReal) {
  panes.append(find("#agent-elsewhere").content.cloneNode(true));
  find("#elsewhere-url").textContent = startChatUrl;
  find("#elsewhere-region").textContent = region;
  find("#subtitle").textContent =
    "A customer’s chat with a real Amazon Connect instance, running the real library.";
}

onRequest((request) => timeline.request(ownerOf(request), request));

/** Shows an error for the page, for example if a chat couldn't be started. Without `error`, hides the notice. */
function showPageError(error) {
  const notice = find("#page-error");
  notice.textContent = error ? formatError(error) : "";
  notice.hidden = !error;
}

/** Enables or disables the controls that work only during a chat. */
function setRunning(isRunning) {
  endChat.disabled = !isRunning;
  dropLink.disabled = !isRunning;
}

function configure() {
  if (typeof connect === "undefined" || !connect.ChatSession) {
    throw new Error(
      "The library couldn't be loaded from amazon-connect-chat.js. Run `npm run build`, then `npm start`.",
    );
  }
  connect.ChatSession.setGlobalConfig({
    region,
    // The simulator stands in for the Participant Service. A real instance needs the default endpoint.
    ...(isReal ? {} : { endpoint: SIMULATOR }),
    features: { messageReceipts: { shouldSendMessageReceipts: true, throttleTime: 500 } },
  });
}

async function connectCustomer() {
  const chatDetails = await startChat(isReal ? startChatUrl : "start-chat", CUSTOMER);
  const session = connect.ChatSession.create({
    chatDetails,
    type: "CUSTOMER",
    options: { region },
    disableCSM: true,
  });
  await customer.chat.start(session);
  setRunning(true);
  return chatDetails.ContactId;
}

async function connectAgent(contactId) {
  const chatDetails = await joinAgent(contactId, AGENT);
  const getConnectionToken = async () => {
    const connectionToken = await agentConnectionToken(chatDetails);
    setTokenOwner(connectionToken.chatTokenTransport?.participantToken, "agent");
    return connectionToken;
  };
  const session = connect.ChatSession.create({
    chatDetails: { ...chatDetails, getConnectionToken },
    type: "AGENT",
    options: { region },
    disableCSM: true,
  });
  await agent.chat.start(session);
}

async function begin() {
  newChat.hidden = true;
  setRunning(false);
  showPageError();
  for (const { pane } of sides) pane.clear();
  timeline.clear();
  try {
    configure();
    const contactId = await connectCustomer();
    if (agent) await connectAgent(contactId);
  } catch (error) {
    for (const { pane } of sides) if (!pane.isConnected) pane.setState("broken");
    showPageError(error);
    newChat.hidden = false;
  }
}

customer.chat.onEnded = () => {
  const hadFocus = document.activeElement === endChat || document.activeElement === document.body;
  setRunning(false);
  newChat.hidden = false;
  if (hadFocus) newChat.focus();
};

endChat.addEventListener("click", async () => {
  endChat.disabled = true;
  try {
    await customer.chat.end();
  } catch (error) {
    endChat.disabled = false;
    customer.chat.showFailure("The chat couldn't be ended.", error);
  }
});

// Both sides can send messages over HTTPS while the sockets are closed. The messages arrive after the reconnection.
dropLink.addEventListener("click", () => {
  cutSockets(CUT_MS);
  dropLink.disabled = true;
  setTimeout(() => (dropLink.disabled = endChat.disabled), CUT_MS);
});

newChat.addEventListener("click", async () => {
  newChat.hidden = true;
  await Promise.all(sides.map(({ chat }) => chat.leave()));
  await begin();
  customer.pane.focus();
});

// While the inspector is open, it replaces the timeline.
if (typeof ChatInspector !== "undefined") {
  const { inspector } = ChatInspector;
  const toggle = find("#toggle-inspector");
  const container = find("#inspector-place");
  const setOpen = (isOpen) => {
    container.hidden = !isOpen;
    find(".link").classList.toggle("inspected", isOpen);
    toggle.setAttribute("aria-pressed", String(isOpen));
    if (!isOpen) return inspector.hide();
    inspector.show(container);
    container.scrollIntoView({ block: "nearest" });
  };
  toggle.hidden = false;
  toggle.addEventListener("click", () => setOpen(!inspector.isOpen));
  // The inspector also has a close button.
  new MutationObserver(() => inspector.isOpen || setOpen(false)).observe(container, { childList: true });
}

window.addEventListener("unhandledrejection", ({ reason }) => showPageError(reason));

await begin();
