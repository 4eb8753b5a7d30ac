/** `sendMessage` as `SendMessage`: the service's names begin with a capital, ours don't. */
export const capitalized = <Name extends string>(name: Name): Capitalize<Name> =>
  // What a string's own methods return has no literal type.
  (name.charAt(0).toUpperCase() + name.slice(1)) as Capitalize<Name>;
