import { ChatSession } from "amazon-connect-chatjs";
import { chat } from "./chat.js";

void chat(ChatSession);
