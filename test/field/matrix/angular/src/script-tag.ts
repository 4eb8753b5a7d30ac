/// <reference types="amazon-connect-chatjs" />
import { start } from "./chat-page";

start(connect.ChatSession);
