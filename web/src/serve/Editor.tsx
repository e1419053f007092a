/** A scenario as text, with its problems in place. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../contract";
import { isAbort, sentence } from "../engine/engine";
import { several } from "../words/numbers";
import { TextArea } from "./TextArea";
import { api } from "./api";
import { useAsked } from "./asked";
import { to } from "./route";

/** How long typing must rest before the text is checked, milliseconds. */
const PAUSE = 500;

export function Editor({ path }: { path: string }) {
  const found = useAsked(() => api.scenario(path), [path]).value;
  const schema = useAsked(api.schema, []).value;
  if (found.error) return <p class="problem">{found.error}</p>;
  if (!found.value) return <p class="about">Opening the scenario …</p>;
  return <Opened path={path} text={found.value.text} problems={found.value.problems} schema={schema.value} />;
}

function Opened({
  path,
  text: first,
  problems: known,
  schema,
}: {
  path: string;
  text: string;
  problems: Problem[];
  schema: unknown;
}) {
  const text = useSignal(first);
  const kept = useSignal(first);
  const problems = useSignal(known);
  const message = useSignal("");
  const at = useSignal<Problem | null>(null);
  const begun = useRef(false);
  useEffect(() => {
    if (!begun.current) {
      begun.current = true;
      return;
    }
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api.check(path, text.value, abort.signal).then(
        (checked) => (problems.value = checked.problems),
        (error: unknown) => !isAbort(error) && (message.value = sentence(error)),
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text.value]);
  const save = async () => {
    const saved = text.value;
    try {
      problems.value = (await api.save(path, saved, kept.value)).problems;
      kept.value = saved;
      message.value = "Saved.";
    } catch (error) {
      message.value = sentence(error);
    }
  };
  const errors = problems.value.filter(({ level }) => level === "error");
  return (
    <>
      <h1>{path}</h1>
      <div class="row tools">
        <button type="button" disabled={text.value === kept.value} onClick={save}>
          Save
        </button>
        <Run path={path} ready={errors.length === 0 && text.value === kept.value} />
        <span role="status" class="about">
          {message.value || (text.value === kept.value ? "" : "Changed, not saved.")}
        </span>
      </div>
      <TextArea
        text={text.value}
        onText={(next) => {
          text.value = next;
          message.value = "";
        }}
        problems={problems.value}
        schema={schema}
        goTo={at.value}
      />
      <h2>{problems.value.length === 0 ? "No problems" : several(problems.value.length, "problem")}</h2>
      <ol class="problems">
        {problems.value.map((problem, place) => (
          <li key={place}>
            {problem.line > 0 ? (
              <button type="button" class="plain" onClick={() => (at.value = { ...problem })}>
                Line {problem.line}
              </button>
            ) : (
              "As a whole"
            )}
            : <span class={problem.level === "error" ? "problem" : ""}>{problem.message}</span>
            {problem.expected && <div class="about sentence">{problem.expected}</div>}
            {problem.help && <div class="about">{problem.help}</div>}
          </li>
        ))}
      </ol>
    </>
  );
}

function Run({ path, ready }: { path: string; ready: boolean }) {
  const replicates = useSignal(1000);
  const error = useSignal("");
  const begin = async (kind: "run" | "compare") => {
    try {
      location.hash = to.experiment((await api.begin(path, replicates.value, kind)).experiment);
    } catch (problem) {
      error.value = sentence(problem);
    }
  };
  return (
    <>
      <label>
        Replicates{" "}
        <input
          type="number"
          class="number"
          min={1}
          value={replicates.value}
          onInput={(event) => (replicates.value = Math.max(1, Math.round(event.currentTarget.valueAsNumber || 1)))}
        />
      </label>
      <button type="button" disabled={!ready} onClick={() => begin("run")}>
        Run
      </button>
      <button type="button" disabled={!ready} onClick={() => begin("compare")}>
        Compare its variants
      </button>
      {error.value && <span class="problem">{error.value}</span>}
    </>
  );
}
