import "amazon-connect-chatjs/inspector";
import { ChatSession } from "amazon-connect-chatjs";
import { chat } from "./chat.js";

void chat(ChatSession);
