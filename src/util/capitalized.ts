/** `sendMessage` as `SendMessage`: the service's names begin with a capital, ours don't. */
export const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
