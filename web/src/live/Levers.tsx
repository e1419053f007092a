/** What can be changed: what-ifs of the scenario, and its inputs. */

import { useSignal } from "@preact/signals";
import type { Lever } from "../contract";
import { type Live, ofBehaviour } from "../state/live";
import { several } from "../words/numbers";
import { LeverRow } from "./Lever";

/** How many levers show before one asks for more. */
const HANDFUL = 6;

export function Levers({ live }: { live: Live }) {
  const sought = useSignal("");
  const words = sought.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const text = (lever: Lever) => `${lever.group} ${lever.name} ${lever.path}`.toLowerCase();
  const found = live.data.levers.filter((lever) => words.every((word) => text(lever).includes(word)));
  return (
    <div class="levers">
      <WhatIfs live={live} />
      <Moved live={live} />
      {live.data.levers.length > 0 && (
        <>
          <h3>Inputs</h3>
          <p class="about">
            {live.data.options?.includes("best")
              ? "Unless you move it, an input is at its best guess, which is marked."
              : "Unless you move it, each run draws an input from its range; the mark is the best guess. One that you move is held there."}
          </p>
          {live.data.levers.length > HANDFUL && (
            <input
              type="search"
              aria-label={`Search ${several(live.data.levers.length, "input")}`}
              placeholder={`Search ${several(live.data.levers.length, "input")}`}
              value={sought.value}
              onInput={(event) => (sought.value = event.currentTarget.value)}
            />
          )}
          {words.length > 0 ? <Found live={live} levers={found} /> : <Groups live={live} />}
        </>
      )}
    </div>
  );
}

function WhatIfs({ live }: { live: Live }) {
  const { variants } = live.data;
  if (variants.length === 0) return null;
  const chosen = variants.find(({ id }) => id === live.variant.value);
  const group = (theory: boolean) =>
    variants
      .filter((variant) => variant.theory === theory)
      .map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ));
  const rivals = group(true);
  return (
    <div class="whatifs">
      <h3>
        <label for="entente-variant">What if …</label>
      </h3>
      <select
        id="entente-variant"
        value={live.variant.value ?? ""}
        onChange={(event) => (live.variant.value = event.currentTarget.value || null)}
      >
        <option value="">As the scenario has it</option>
        {group(false)}
        {rivals.length > 0 && <optgroup label="Rival theories">{rivals}</optgroup>}
      </select>
      {chosen && (
        <ul class="changes">
          {chosen.changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Levers of the address that the page does not know still count, and can be put back. */
function Moved({ live }: { live: Live }) {
  const known = new Set(live.data.levers.map(({ path }) => path));
  const others = [...live.moved.value].filter(([path]) => !known.has(path));
  return (
    <>
      {others.map(([path, value]) => (
        <p class="chip" key={path}>
          <code>
            {path} = {value}
          </code>{" "}
          <button type="button" class="plain" onClick={() => live.set(path, null)}>
            put back
          </button>
        </p>
      ))}
    </>
  );
}

function Found({ live, levers }: { live: Live; levers: Lever[] }) {
  return (
    <>
      <p class="about" role="status">
        {levers.length === 0 ? "No input has these words." : `${several(levers.length, "input")} found`}
      </p>
      {levers.map((lever) => (
        <LeverRow key={lever.path} live={live} lever={lever} />
      ))}
    </>
  );
}

/** Inputs by group: a handful first, those of behaviour last. */
function Groups({ live }: { live: Live }) {
  const ordered = [...live.data.levers.filter((lever) => !ofBehaviour(lever)), ...live.data.levers.filter(ofBehaviour)];
  const first = handful(ordered);
  const rest = new Map<string, Lever[]>();
  for (const lever of ordered) if (!first.includes(lever)) rest.set(lever.group, [...(rest.get(lever.group) ?? []), lever]);
  return (
    <>
      {first.map((lever) => (
        <LeverRow key={lever.path} live={live} lever={lever} />
      ))}
      {[...rest].map(([group, levers]) => (
        <Group key={group} live={live} name={group} levers={levers} />
      ))}
    </>
  );
}

/** A few inputs of the scenario, of as many kinds as there are. */
function handful(levers: Lever[]): Lever[] {
  const own = levers.filter((lever) => !ofBehaviour(lever));
  const kind = ({ path }: Lever) =>
    path
      .split(".")
      .filter((_, place) => place !== 1)
      .join(".");
  const kinds = own.filter((lever) => own.find((other) => kind(other) === kind(lever)) === lever);
  const chosen = [...kinds, ...own.filter((lever) => !kinds.includes(lever))].slice(0, HANDFUL);
  return own.filter((lever) => chosen.includes(lever));
}

function Group({ live, name, levers }: { live: Live; name: string; levers: Lever[] }) {
  const moved = levers.filter(({ path }) => live.moved.value.has(path)).length;
  const open = useSignal(moved > 0);
  return (
    <details open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>
        {name || "Others"} <span class="about">{moved > 0 ? `${moved} of ${levers.length} moved` : levers.length}</span>
      </summary>
      {open.value && levers.map((lever) => <LeverRow key={lever.path} live={live} lever={lever} />)}
    </details>
  );
}
