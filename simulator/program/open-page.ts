import { spawn } from "node:child_process";

const COMMANDS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  // `start` takes its first quoted argument for a window title.
  win32: ["cmd", "/c", "start", ""],
};

/** Opens a page in the user's browser. Calls `onFailure` if the machine can't: a server has no browser. */
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
