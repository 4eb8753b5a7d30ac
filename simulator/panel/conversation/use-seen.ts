import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Calls `onSeen` when the element is on the screen of a visible page, while `isWatched` is true. */
export function useSeen<Watched extends Element>(
  isWatched: boolean,
  onSeen: () => void,
): RefObject<Watched | null> {
  const element = useRef<Watched>(null);
  const latest = useRef(onSeen);
  latest.current = onSeen;
  useEffect(() => {
    const watched = element.current;
    if (!watched || !isWatched) return undefined;
    let isOnScreen = false;
    const check = (): void => {
      if (isOnScreen && document.visibilityState === "visible") latest.current();
    };
    const observer = new IntersectionObserver(
      (entries) => {
        isOnScreen = entries.some(({ isIntersecting }) => isIntersecting);
        check();
      },
      { threshold: 0.5 },
    );
    observer.observe(watched);
    document.addEventListener("visibilitychange", check);
    return () => {
      observer.disconnect();
      document.removeEventListener("visibilitychange", check);
    };
  }, [isWatched]);
  return element;
}
