/** Returns a view of the object that lacks the member at this path. The object itself isn't changed. */
export function without<Target extends object>(target: Target, [key, ...rest]: readonly string[]): Target {
  if (key === undefined) return proxyWithout(target, "");
  if (rest.length === 0) return isPlain(target) ? withoutKey(target, key) : proxyWithout(target, key);
  const inner: unknown = Reflect.get(target, key);
  if (typeof inner !== "object" || inner === null)
    throw new Error(`The object has no ${key} to remove from.`);
  return Object.defineProperty(withoutKey(target, ""), key, {
    value: without(inner, rest),
    configurable: true,
    enumerable: true,
  });
}

const isPlain = (target: object): boolean => Object.getPrototypeOf(target) === Object.prototype;

/** Returns a copy of the object without the key. Getters are copied as getters. */
export function withoutKey<Target extends object>(target: Target, key: string): Target {
  const descriptors: Record<string, PropertyDescriptor> = Object.getOwnPropertyDescriptors(target);
  const rest = Object.fromEntries(Object.entries(descriptors).filter(([name]) => name !== key));
  for (const descriptor of Object.values(rest)) descriptor.configurable = true;
  return Object.defineProperties({}, rest) as Target;
}

/** Like `withoutKey`, but for class instances, whose methods need the instance's private state. */
function proxyWithout<Target extends object>(target: Target, key: string): Target {
  return new Proxy(target, {
    get(from, name) {
      if (name === key) return undefined;
      const value: unknown = Reflect.get(from, name, from);
      return typeof value === "function" ? (value.bind(from) as unknown) : value;
    },
    has: (from, name) => name !== key && Reflect.has(from, name),
    set: (from, name, value) => Reflect.set(from, name, value, from),
  });
}
