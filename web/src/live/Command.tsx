/** The command that gives the same, and the link to what is shown. */

import { useSignal } from "@preact/signals";
import type { Live } from "../state/live";

/** A word of a shell's command, quoted if it must be. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}

export function command(live: Live, replicates: number): string {
  const { seed, first, options = [] } = live.data;
  const words = ["entente", "run", "scenario.toml"];
  if (live.variant.value) words.push("--variant", quoted(live.variant.value));
  for (const [path, value] of live.moved.value) words.push("--set", quoted(`${path}=${value}`));
  words.push(...options.map(quoted), "--seed", seed, "--replicates", String(replicates));
  if (first > 0) words.push("--first", String(first));
  return words.join(" ");
}

export function Command({ live, link }: { live: Live; link: () => string }) {
  const done = live.refinement.runs.value.length || live.data.replicates;
  const text = command(live, done);
  return (
    <div class="command">
      <details>
        <summary>The command that gives the same</summary>
        <p class="about">To the bit. The file scenario.toml lies in the folder of these results.</p>
        <pre>
          <code>{text}</code>
        </pre>
        <Copy what="command" text={() => text} />
      </details>
      <Copy what="link to this view" text={link} />
    </div>
  );
}

/** Copies a text; where a browser does not allow it from a file, by way of a selection. */
export function Copy({ what, text }: { what: string; text: () => string }) {
  const done = useSignal("");
  const copy = async () => {
    done.value = (await written(text())) ? "copied" : text();
    setTimeout(() => (done.value = ""), 4000);
  };
  return (
    <span class="copy">
      <button type="button" onClick={copy}>
        Copy {what}
      </button>{" "}
      <span role="status" class="about">
        {done.value}
      </span>
    </span>
  );
}

async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
