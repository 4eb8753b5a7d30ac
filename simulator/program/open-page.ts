import { spawn } from "node:child_process";

const COMMANDS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  // `start` treats its first quoted argument as a window title.
  win32: ["cmd", "/c", "start", ""],
};

/** Opens a page in the user's browser. Calls `onFailure` if that isn't possible, for example on a server. */
export function openPage(url: string, onFailure: () => void): void {
  const [command, ...args] = COMMANDS[process.platform] ?? ["xdg-open"];
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.once("error", onFailure);
  child.once("exit", (code) => {
    if (code !== null && code !== 0) onFailure();
  });
  // The browser may outlive the program.
  child.unref();
}
