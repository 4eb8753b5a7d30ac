import { useState } from "preact/hooks";

const PREFIX = "chat-emulator.";

/** What the browser remembers under a name. Null if there is nothing, or it may not remember. */
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
    // Private windows may refuse. The setting then lasts as long as the page.
  }
}

/** A choice that the browser remembers. */
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
