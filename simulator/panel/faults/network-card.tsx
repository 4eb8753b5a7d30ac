import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { usePanel } from "../panel-context";
import { TextField } from "../ui/fields";
import { droppedText } from "./dropped-text";
import { networkDown } from "./network-down";
import { DEFAULT_SECONDS, toMs, type Who } from "./to-fault";

/** Takes the network down with one click. */
export const NetworkCard = ({ who }: { who: Who }): JSX.Element => {
  const panel = usePanel();
  const [seconds, setSeconds] = useState(String(DEFAULT_SECONDS));
  const takeDown = async (): Promise<string> => {
    const forMs = toMs(seconds);
    const dropped = await panel.addFaults(networkDown(who, forMs));
    return [`The network is down for ${forMs / 1000} seconds.`, dropped && droppedText(dropped)]
      .filter((text) => text !== undefined)
      .join(" ");
  };
  return (
    <form
      class="network-card"
      aria-label="Take the network down"
      onSubmit={(event) => {
        event.preventDefault();
        void panel.run(takeDown, (text) => text);
      }}
    >
      <div>
        <h3>Take the network down</h3>
        <p class="note">
          Drops sockets, refuses new ones, and cuts calls and files. Then all of it works again.
        </p>
      </div>
      <div class="network-fields">
        <TextField label="Seconds" type="number" value={seconds} onValue={setSeconds} />
        <button type="submit" class="button primary">
          Take it down
        </button>
      </div>
    </form>
  );
};
