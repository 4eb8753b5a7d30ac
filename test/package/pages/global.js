import "amazon-connect-chatjs";
import { chat } from "./chat.js";

void chat(connect.ChatSession);
