/** Turns `sendMessage` into `SendMessage`: the service's names begin with a capital, ours don't. */
export const capitalize = <Name extends string>(name: Name): Capitalize<Name> =>
  // String methods don't return literal types.
  (name.charAt(0).toUpperCase() + name.slice(1)) as Capitalize<Name>;
