/** Whether two objects have the same fields with identical values. */
export function isShallowEqual(a: object, b: object): boolean {
  const fields = new Map<string, unknown>(Object.entries(a));
  const others = Object.entries(b);
  return (
    fields.size === others.length &&
    others.every(([name, value]) => fields.has(name) && Object.is(fields.get(name), value))
  );
}
