/** Which answer is looked at: a question, and one of its moments. */

import { useMemo } from "preact/hooks";
import type { Answer } from "../contract";
import type { Live } from "../state/live";

interface Asked {
  text: string;
  group: string;
  headline: boolean;
  /** Places of its answers. */
  answers: number[];
}

export function questions(answers: Answer[]): Asked[] {
  const found = new Map<string, Asked>();
  answers.forEach(({ question, text, group, headline }, place) => {
    const asked = found.get(question);
    if (asked) asked.answers.push(place);
    else found.set(question, { text, group, headline, answers: [place] });
  });
  return [...found.values()];
}

/** The moment of an answer without the word before it: one question may ask "within" it, another "after" it. */
function momentOf({ label }: Answer): string {
  return label.replace(/^(within|after|by|on) /, "");
}

export function QuestionChoice({ live }: { live: Live }) {
  const { answers } = live.data;
  const all = useMemo(() => questions(answers), [answers]);
  const chosen = all.findIndex((asked) => asked.answers.includes(live.answer.value));
  const groups = useMemo(() => {
    const headlines = all.filter(({ headline }) => headline);
    const found = new Map<string, Asked[]>(headlines.length > 0 ? [["First of all", headlines]] : []);
    for (const asked of all) {
      if (!asked.headline) found.set(asked.group || "Others", [...(found.get(asked.group || "Others") ?? []), asked]);
    }
    return [...found];
  }, [all]);
  const pick = (place: number) => {
    const moment = momentOf(answers[live.answer.value]!);
    const own = all[place]!.answers;
    live.answer.value = own.find((answer) => momentOf(answers[answer]!) === moment) ?? own.at(-1)!;
  };
  const moments = all[chosen]?.answers ?? [];
  return (
    <div class="question">
      <label for="entente-question">Question</label>
      <select id="entente-question" value={String(chosen)} onChange={(event) => pick(Number(event.currentTarget.value))}>
        {groups.map(([group, own]) => (
          <optgroup key={group} label={group}>
            {own.map((asked) => (
              <option key={asked.text} value={String(all.indexOf(asked))}>
                {asked.text}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {moments.length > 1 && (
        <div class="segments" role="group" aria-label="Moment">
          {moments.map((answer) => (
            <button
              type="button"
              key={answer}
              aria-pressed={answer === live.answer.value}
              onClick={() => (live.answer.value = answer)}
            >
              {answers[answer]!.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
