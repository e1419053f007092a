/** A text with line numbers, marks where problems are, and keys that may follow. */

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Problem } from "../contract";
import { type Completion, complete } from "./completion";

const LINE = 20;
const TOP = 8;

interface Props {
  text: string;
  onText(text: string): void;
  problems: Problem[];
  schema: unknown;
  /** A problem to go to. */
  goTo: Problem | null;
}

export function TextArea({ text, onText, problems, schema, goTo }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const offered = useSignal<Completion | null>(null);
  const chosen = useSignal(0);
  const lines = text.split("\n").length;
  const marked = useMemo(
    () => new Map(problems.filter(({ line }) => line > 0).map((problem) => [problem.line, problem])),
    [problems],
  );
  useEffect(() => {
    const own = area.current;
    if (!goTo || !own) return;
    const start = characters(text, goTo.start);
    own.focus();
    own.setSelectionRange(start, Math.max(start, characters(text, goTo.end)));
    own.scrollTop = Math.max(0, (goTo.line - 6) * LINE);
  }, [goTo]);
  useEffect(() => list.current?.children[chosen.value]?.scrollIntoView({ block: "nearest" }), [chosen.value, offered.value]);
  /** Offers keys that begin as the word does; of a word that has not begun only if asked. */
  const look = (asked = false) => {
    const own = area.current!;
    const found = schema && own.selectionStart === own.selectionEnd ? complete(schema, own.value, own.selectionStart) : null;
    chosen.value = 0;
    offered.value = found && (asked || found.from < own.selectionStart) ? found : null;
  };
  const take = (key: string) => {
    const own = area.current!;
    own.focus();
    own.setSelectionRange(offered.value!.from, own.selectionStart);
    // Deprecated, but nothing else leaves what was typed before to be undone.
    if (!document.execCommand("insertText", false, key)) own.setRangeText(key, own.selectionStart, own.selectionEnd, "end");
    onText(own.value);
    offered.value = null;
  };
  const onKey = (event: KeyboardEvent) => {
    const keys = offered.value?.suggestions;
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      look(true);
    }
    if (!keys) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) chosen.value = (chosen.value + step + keys.length) % keys.length;
    else if (event.key === "Enter" || event.key === "Tab") take(keys[chosen.value]!.key);
    else if (event.key === "Escape") offered.value = null;
    else return;
    event.preventDefault();
  };
  return (
    <div class="editor">
      <div class="gutter" ref={gutter} aria-hidden="true">
        {Array.from({ length: lines }, (_, place) => {
          const problem = marked.get(place + 1);
          return (
            <div key={place} class={problem ? `mark ${problem.level}` : ""} title={problem?.message}>
              {place + 1}
            </div>
          );
        })}
      </div>
      <textarea
        ref={area}
        aria-label="Scenario"
        aria-autocomplete="list"
        aria-controls="entente-keys"
        aria-activedescendant={offered.value ? `entente-key-${chosen.value}` : undefined}
        spellcheck={false}
        wrap="off"
        value={text}
        onInput={(event) => {
          onText(event.currentTarget.value);
          look();
        }}
        onScroll={(event) => {
          // A long line moves sideways while it is written.
          if (gutter.current!.scrollTop !== event.currentTarget.scrollTop) offered.value = null;
          else if (offered.value) offered.value = { ...offered.value };
          gutter.current!.scrollTop = event.currentTarget.scrollTop;
        }}
        onBlur={() => (offered.value = null)}
        onKeyDown={onKey}
      />
      <ul
        id="entente-keys"
        ref={list}
        role="listbox"
        aria-label="Keys that may stand here"
        hidden={!offered.value}
        style={offered.value && area.current ? place(area.current, offered.value.from) : {}}
      >
        {offered.value?.suggestions.map(({ key, about }, number) => (
          <li
            key={key}
            id={`entente-key-${number}`}
            role="option"
            aria-selected={number === chosen.value}
            onMouseDown={(event) => {
              event.preventDefault();
              take(key);
            }}
          >
            <code>{key}</code> <span class="about">{about}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Where a list of keys stands: under the word that it would complete. */
function place(area: HTMLTextAreaElement, at: number): { left: string; top: string } {
  const before = area.value.slice(0, at).split("\n");
  const left = area.offsetLeft + 8 + before.at(-1)!.length * 7.8 - area.scrollLeft;
  const most = area.offsetLeft + area.clientWidth - Math.min(512, area.clientWidth - 12);
  const top = TOP + before.length * LINE - area.scrollTop;
  return { left: `${Math.max(0, Math.min(left, most))}px`, top: `${top}px` };
}

/** The place in a text of an offset in bytes. */
function characters(text: string, bytes: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).slice(0, bytes)).length;
}
