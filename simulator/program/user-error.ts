/** A problem that the user can fix. The message says how, and is printed without a stack trace. */
export class UserError extends Error {}

/** Returns a caught error's message, without the system call that Node adds. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^[A-Z]+: (.+?), \w+(?: '.*')?$/, "$1");
}

/** The code of one of Node's errors, such as EADDRINUSE. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : undefined;
}
