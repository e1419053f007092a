/** Something that was asked of the server: not there yet, there, or refused. */

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { sentence } from "../engine/engine";

export interface Asked<T> {
  value: T | null;
  error: string;
}

/** Asks once, and again whenever one of `inputs` changes. */
export function useAsked<T>(ask: () => Promise<T>, inputs: readonly unknown[]): Signal<Asked<T>> {
  const found = useSignal<Asked<T>>({ value: null, error: "" });
  useEffect(() => {
    let wanted = true;
    ask().then(
      (value) => wanted && (found.value = { value, error: "" }),
      (error: unknown) => wanted && (found.value = { value: null, error: sentence(error) }),
    );
    return () => {
      wanted = false;
    };
  }, inputs);
  return found;
}
