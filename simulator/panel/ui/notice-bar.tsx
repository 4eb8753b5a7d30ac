import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Notice } from "../state/model";
import { Icon } from "./icon";

const GOOD_MS = 4000;

/** The latest notice. Errors stay until they are dismissed. */
export const NoticeBar = ({
  notice,
  onDismiss,
}: {
  notice: Notice | null;
  onDismiss: () => void;
}): JSX.Element => {
  const isGood = notice?.tone === "good";
  useEffect(() => {
    if (!isGood) return undefined;
    const timer = setTimeout(onDismiss, GOOD_MS);
    return () => clearTimeout(timer);
  }, [notice?.number, isGood]);
  return (
    <div class="notices" role={isGood ? "status" : "alert"}>
      {notice && (
        <div class="notice" data-tone={notice.tone}>
          <p>{notice.text}</p>
          <button type="button" class="icon-button small" aria-label="Dismiss" onClick={onDismiss}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
};
