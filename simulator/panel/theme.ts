import { readSetting, writeSetting } from "./settings";

/** `system` follows the operating system. */
export type Theme = "system" | "light" | "dark";

const NEXT: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };

export function readTheme(): Theme {
  const remembered = readSetting("theme");
  return remembered === "light" || remembered === "dark" ? remembered : "system";
}

export const nextTheme = (theme: Theme): Theme => NEXT[theme];

export function applyTheme(theme: Theme): void {
  writeSetting("theme", theme);
  document.documentElement.dataset["theme"] = theme;
}
