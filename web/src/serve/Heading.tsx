/** What a page is called, on it and in its tab. */

import { useEffect } from "preact/hooks";

export function Heading({ text }: { text: string }) {
  useEffect(() => {
    document.title = `${text} · Entente`;
  }, [text]);
  return (
    <h1>
      <bdi>{text}</bdi>
    </h1>
  );
}

/** A page that cannot be shown, and why. */
export function Refusal({ text, why }: { text: string; why: string }) {
  return (
    <>
      <Heading text={text} />
      <p class="problem">{why}</p>
    </>
  );
}
