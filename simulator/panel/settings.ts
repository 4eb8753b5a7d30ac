import { useState } from "preact/hooks";

const PREFIX = "chat-simulator.";

/** Reads a setting; null if it isn't stored or the browser doesn't allow storage. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function writeSetting(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Private windows may not allow storage. The setting then lasts until the page closes.
  }
}

/** A setting that the browser stores. */
export function useSetting<Value extends string>(
  name: string,
  choices: readonly Value[],
  initial: Value,
): [Value, (value: Value) => void] {
  const [value, setValue] = useState<Value>(() => {
    const remembered = readSetting(name);
    return choices.find((each) => each === remembered) ?? initial;
  });
  return [
    value,
    (next) => {
      writeSetting(name, next);
      setValue(next);
    },
  ];
}
