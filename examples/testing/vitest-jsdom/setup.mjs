import { Blob, File } from "node:buffer";
import { WebSocket } from "ws";

// jsdom's WebSocket fails in Vitest, and Node's fetch can't send jsdom's files.
Object.assign(globalThis, { Blob, File, WebSocket });
