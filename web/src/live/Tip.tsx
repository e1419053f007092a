/** What a number rests on, shown beside it on hover and focus. */

import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

const shown = signal<{ text: string; by: Element } | null>(null);

/** A number whose question, runs and interval show on hover or focus. */
export function Figure({ text, tip, strong }: { text: string; tip: string; strong?: boolean }) {
  return (
    <button type="button" class={strong ? "figure strong" : "figure"} data-tip={tip}>
      {text}
    </button>
  );
}

/** Where the words show; once a page. */
export function TipLayer() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const find = (event: Event) => (event.target instanceof Element ? event.target.closest("[data-tip]") : null);
    const enter = (event: Event) => {
      const by = find(event);
      shown.value = by ? { by, text: by.getAttribute("data-tip") ?? "" } : null;
    };
    const leave = (event: Event) => {
      if (event.type !== "keydown" || (event as KeyboardEvent).key === "Escape") shown.value = null;
    };
    const stay = () => {
      if (shown.value) shown.value = { ...shown.value };
    };
    const on: [string, (event: Event) => void][] = [
      ["mouseover", enter],
      ["focusin", enter],
      ["focusout", leave],
      ["keydown", leave],
      ["scroll", stay],
    ];
    for (const [name, act] of on) addEventListener(name, act, { passive: true });
    return () => {
      for (const [name, act] of on) removeEventListener(name, act);
    };
  }, []);
  const tip = shown.value;
  useLayoutEffect(() => {
    if (!tip || !box.current) return;
    const { left, top, bottom, width } = tip.by.getBoundingClientRect();
    const own = box.current.getBoundingClientRect();
    const x = Math.max(8, Math.min(innerWidth - own.width - 8, left + width / 2 - own.width / 2));
    const below = bottom + own.height + 8 > innerHeight && top - own.height - 8 > 0;
    box.current.style.left = `${x}px`;
    box.current.style.top = `${below ? top - own.height - 8 : bottom + 8}px`;
    tip.by.setAttribute("aria-describedby", "entente-tip");
    return () => tip.by.removeAttribute("aria-describedby");
  }, [tip]);
  return (
    <div class="tip" id="entente-tip" role="tooltip" ref={box} hidden={!tip}>
      {tip?.text}
    </div>
  );
}
