import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { DEMO_ADDRESS, OPEN_API_ADDRESS } from "./api/addresses";
import type { Status } from "./api/types";
import { StateMenu } from "./state-menu";
import type { Link } from "./state/model";
import { applyTheme, nextTheme, readTheme, type Theme } from "./theme";
import { CopyButton } from "./ui/copy-button";
import { Icon, type IconName } from "./ui/icon";

const LINK_TEXTS: Readonly<Record<Link, string>> = {
  connecting: "Connecting…",
  live: "Live",
  lost: "The simulator isn't reachable",
};

const THEME_ICONS: Readonly<Record<Theme, IconName>> = { system: "system", light: "sun", dark: "moon" };

export const Header = ({
  link,
  status,
  onHelp,
}: {
  link: Link;
  status: Status | null;
  onHelp: () => void;
}): JSX.Element => {
  const [theme, setTheme] = useState(readTheme);
  const changeTheme = (): void => {
    const next = nextTheme(theme);
    applyTheme(next);
    setTheme(next);
  };
  return (
    <header class="header">
      <h1>Chat simulator</h1>
      <p class="link" data-link={link} role="status">
        {LINK_TEXTS[link]}
      </p>
      {status && (
        <p class="endpoint">
          <span>Endpoint</span>
          <code>{status.endpoint}</code>
          <CopyButton text={status.endpoint} label="Copy the endpoint" />
        </p>
      )}
      <div class="header-actions">
        <a href={DEMO_ADDRESS} target="_blank" rel="noreferrer">
          Demo
        </a>
        <a href={OPEN_API_ADDRESS} target="_blank" rel="noreferrer">
          API
        </a>
        <StateMenu />
        <button
          type="button"
          class="icon-button"
          aria-label={`Theme: ${theme}. Change it`}
          title={`Theme: ${theme}`}
          onClick={changeTheme}
        >
          <Icon name={THEME_ICONS[theme]} />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={onHelp}
        >
          <Icon name="help" />
        </button>
      </div>
    </header>
  );
};
