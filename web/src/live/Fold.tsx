/** A part of the page that is folded. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

/** What is folded is not drawn until it is open. */
export function Fold({
  title,
  open: first,
  children,
}: {
  title: string;
  open?: boolean;
  children: () => ComponentChildren;
}) {
  const open = useSignal(first ?? false);
  return (
    <details open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>{title}</summary>
      {open.value && children()}
    </details>
  );
}
