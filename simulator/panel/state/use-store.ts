import { useEffect, useState } from "preact/hooks";
import type { Store } from "./store";

/** Renders the component again whenever the store's value is replaced. */
export function useStore<State>(store: Store<State>): State {
  const [state, setState] = useState(store.state);
  useEffect(() => {
    const read = (): void => setState(() => store.state);
    read();
    return store.subscribe(read);
  }, [store]);
  return state;
}
