/** Small charts of a paired difference: how it settles, and both distributions. */

import type { Answer, Difference } from "../contract";
import { grouped, range, written } from "../words/numbers";
import { histogram, quantile } from "../words/sample";

const WIDTH = 440;

/** A difference of shares over the number of pairs, with its interval. */
export function Convergence({ answer, history, target }: { answer: Answer; history: Difference[]; target: number }) {
  const known = history.filter((found) => found.low !== null && found.high !== null);
  if (known.length < 2) return null;
  const height = 132;
  const [left, right, top, bottom] = [36, WIDTH - 8, 10, height - 22];
  const late = known.slice(-Math.max(2, Math.ceil(known.length * 0.8)));
  const reach = Math.max(0.02, ...late.flatMap(({ low, high }) => [Math.abs(low!), Math.abs(high!)])) * 1.1;
  const x = (n: number) => left + ((right - left) * n) / Math.max(target, known.at(-1)!.n);
  const y = (value: number) => top + ((bottom - top) * (reach - Math.max(-reach, Math.min(reach, value)))) / (2 * reach);
  const band = [
    ...known.map(({ n, high }) => `${x(n)},${y(high!)}`),
    ...known.map(({ n, low }) => `${x(n)},${y(low!)}`).reverse(),
  ];
  const tick = reach > 0.4 ? 0.4 : reach > 0.2 ? 0.2 : reach > 0.1 ? 0.1 : reach > 0.05 ? 0.05 : 0.02;
  return (
    <figure class="small">
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={`The difference settles as runs are made: ${answer.text}`}>
        {[-tick, 0, tick].map((value) => (
          <g key={value}>
            <line x1={left} x2={right} y1={y(value)} y2={y(value)} class={value === 0 ? "zero" : "grid"} />
            <text x={left - 5} y={y(value) + 3.5} text-anchor="end">
              {value > 0 ? "+" : ""}
              {grouped(value * 100, 0)}
            </text>
          </g>
        ))}
        <polygon points={band.join(" ")} class="band" />
        <polyline points={known.map(({ n, difference }) => `${x(n)},${y(difference ?? 0)}`).join(" ")} class="line" />
        <text x={left} y={height - 6}>
          pairs of runs
        </text>
        <text x={right} y={height - 6} text-anchor="end">
          {Math.max(target, known.at(-1)!.n)}
        </text>
      </svg>
      <figcaption>Points of difference as pairs of runs are added, with the 95% interval.</figcaption>
    </figure>
  );
}

/** Amounts as they are above the line, with the change below it. */
export function Overlay({ answer, before, after }: { answer: Answer; before: number[]; after: number[] }) {
  if (before.length < 8) return null;
  const height = 150;
  const [left, right, middle] = [8, WIDTH - 8, 68];
  const all = [...before, ...after].sort((a, b) => a - b);
  const [low, high] = [all[0]!, quantile(all, 0.99)];
  const parts = 30;
  const counts = [histogram(before, low, high, parts), histogram(after, low, high, parts)];
  const most = Math.max(...counts.flat());
  const width = (right - left) / parts;
  const x = (value: number) => left + ((right - left) * (Math.min(high, value) - low)) / Math.max(1e-12, high - low);
  const size = (count: number) => (count / most) * 54;
  const medians = [quantile(before, 0.5), quantile(after, 0.5)];
  const label = `As it is, ${range(answer.unit, quantile(before, 0.1), quantile(before, 0.9))} in 8 of 10 runs; with the change, ${range(answer.unit, quantile(after, 0.1), quantile(after, 0.9))}`;
  return (
    <figure class="small">
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={label}>
        {counts[0]!.map((count, place) => (
          <rect
            key={place}
            x={left + place * width}
            width={width - 1}
            y={middle - size(count)}
            height={size(count)}
            class="before"
          />
        ))}
        {counts[1]!.map((count, place) => (
          <rect key={place} x={left + place * width} width={width - 1} y={middle + 1} height={size(count)} class="after" />
        ))}
        <line x1={x(medians[0]!)} x2={x(medians[0]!)} y1={middle - 58} y2={middle} class="median" />
        <line x1={x(medians[1]!)} x2={x(medians[1]!)} y1={middle + 1} y2={middle + 59} class="median" />
        <text x={right} y={12} text-anchor="end">
          as it is
        </text>
        <text x={right} y={middle + 58} text-anchor="end">
          with the change
        </text>
        <text x={left} y={height - 5}>
          {written(answer.unit, low, false)}
        </text>
        <text x={right} y={height - 5} text-anchor="end">
          {written(answer.unit, high)}
        </text>
      </svg>
      <figcaption>How the runs spread; the lines mark the medians.</figcaption>
    </figure>
  );
}
