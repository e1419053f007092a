/** What may be wider than the screen. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Moves sideways where it is too wide, and says so then. */
export function Wide({ label, more, children }: { label: string; more?: string; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  const isCut = useSignal(false);
  useLayoutEffect(() => {
    const own = box.current!;
    const measure = () => (isCut.value = own.scrollWidth > own.clientWidth + 1);
    measure();
    const sized = new ResizeObserver(measure);
    for (const element of [own, ...own.children]) sized.observe(element);
    return () => sized.disconnect();
  }, []);
  return (
    <>
      {isCut.value && <p class="about">Moves sideways: there is more to the right.</p>}
      <div class={more ? `wide ${more}` : "wide"} tabIndex={0} role="region" aria-label={label} ref={box}>
        {children}
      </div>
    </>
  );
}
