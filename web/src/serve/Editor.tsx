/** A scenario as text, with its problems in place. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../contract";
import { Refused, isAbort, sentence } from "../engine/engine";
import { several } from "../words/numbers";
import { Heading, Refusal } from "./Heading";
import { TextArea } from "./TextArea";
import { api } from "./api";
import { useAsked } from "./asked";
import { drafts } from "./drafts";
import { begun } from "./begun";
import { to } from "./route";
import { mayHaveVariants, replicates } from "./scenario";

/** The server's answer where the file is no longer what was opened. */
const CHANGED = 409;
/** How long typing must rest before the text is checked, milliseconds. */
const PAUSE = 500;

export function Editor({ path }: { path: string }) {
  const found = useAsked(() => api.scenario(path), [path]).value;
  const schema = useAsked(api.schema, []).value;
  if (found.error) return <Refusal text="This scenario cannot be opened" why={found.error} />;
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
  // A text area knows one way to end a line; the file keeps its own.
  const ends = first.includes("\r\n");
  const inFile = (text: string) => (ends ? text.replace(/\n/g, "\r\n") : text);
  const inArea = (text: string) => text.replace(/\r\n/g, "\n");
  const draft = useRef(drafts.get(path)).current;
  const text = useSignal(draft?.text ?? inArea(first));
  const kept = useSignal(draft?.kept ?? first);
  const problems = useSignal(known);
  const message = useSignal(draft ? "As you left it: changed, not saved." : "");
  const refused = useSignal(false);
  const saved = text.value === inArea(kept.value);
  const at = useSignal<Problem | null>(null);
  const begun = useRef(false);
  useEffect(() => {
    if (saved) drafts.delete(path);
    else drafts.set(path, { text: text.value, kept: kept.value });
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    if (!saved) addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [text.value, kept.value]);
  useEffect(() => {
    // What the server found in the file stands where the file has its ends of lines.
    const isChecked = !begun.current && !ends && !draft;
    begun.current = true;
    if (isChecked) return;
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
    const wanted = inFile(text.value);
    try {
      const { problems: found } = await api.save(path, wanted, kept.value);
      if (!ends) problems.value = found;
      kept.value = wanted;
      message.value = "Saved.";
      refused.value = false;
    } catch (error) {
      message.value = sentence(error);
      refused.value = error instanceof Refused && error.status === CHANGED;
    }
  };
  const again = async () => {
    try {
      const found = await api.scenario(path);
      text.value = inArea(found.text);
      kept.value = found.text;
      if (!ends) problems.value = found.problems;
      message.value = "";
      refused.value = false;
    } catch (error) {
      message.value = sentence(error);
    }
  };
  const errors = problems.value.filter(({ level }) => level === "error");
  return (
    <>
      <Heading text={path} />
      <div class="row tools">
        <button type="button" disabled={saved} onClick={save}>
          Save
        </button>
        <Run path={path} text={text.value} ready={errors.length === 0 && saved} />
        {refused.value && (
          <button type="button" onClick={again}>
            Read the file again, and forget what is typed
          </button>
        )}
        <span role="status" class="about">
          {message.value || (saved ? "" : "Changed, not saved: save it to run it.")}
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

/** So many where the scenario does not say. */
const USUAL = 1000;

function Run({ path, text, ready }: { path: string; text: string; ready: boolean }) {
  const typed = useSignal<string | null>(null);
  const error = useSignal("");
  const wanted = typed.value ?? String(replicates(text) ?? USUAL);
  const number = Number(wanted);
  const sound = Number.isSafeInteger(number) && number > 0;
  const begin = async (kind: "run" | "compare") => {
    try {
      const { experiment } = await api.begin(path, number, kind);
      begun.set(experiment, { path, kind });
      location.hash = to.experiment(experiment);
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
          value={wanted}
          aria-invalid={!sound}
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
      </label>
      <button type="button" disabled={!ready || !sound} onClick={() => begin("run")}>
        Run
      </button>
      {mayHaveVariants(text) && (
        <button type="button" disabled={!ready || !sound} onClick={() => begin("compare")}>
          Compare its variants
        </button>
      )}
      {!sound && <span class="problem">Replicates are a whole number, 1 or more.</span>}
      {error.value && <span class="problem">{error.value}</span>}
    </>
  );
}
