/** Capitalizes a name, such as `sendMessage`. The service's names begin with a capital letter. */
export const capitalize = <Name extends string>(name: Name): Capitalize<Name> =>
  // The assertion is needed because string methods don't return literal types.
  (name.charAt(0).toUpperCase() + name.slice(1)) as Capitalize<Name>;
