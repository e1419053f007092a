/** How factions are told apart: a colour, and letters for those who do not see it. */

import type { PageData, Play } from "../contract";

export interface Look {
  id: string;
  name: string;
  colour: string;
  /** A few letters, with the number that its name has, that no other faction of the run has. */
  letters: string;
  /** The colour of letters on it: black or white, whichever reads better. */
  ink: string;
  /** The name of the umbrella. */
  umbrella: string;
}

const NOBODY = "#dcdcdc";

/** Looks of the factions of a run, by place. */
export function looks(data: PageData, play: Play): Look[] {
  const names = play.factions.map((id, place) => data.actors.find((actor) => actor.id === id)?.name ?? play.names[place] ?? id);
  const letters = badges(names);
  return play.factions.map((id, place) => {
    const actor = data.actors.find((actor) => actor.id === id);
    const colour = actor?.colour ?? splinter(data, id, place);
    const umbrella = data.actors.find((other) => other.id === actor?.umbrella)?.name ?? "";
    return { id, name: names[place]!, colour, letters: letters[place]!, ink: ink(colour), umbrella };
  });
}

/** Who holds a zone, if anybody. */
export function holderLook(looks: Look[], holder: number | undefined): Look {
  const nobody = { id: "", name: "nobody", colour: NOBODY, letters: "", ink: "#000", umbrella: "" };
  return (holder === undefined ? undefined : looks[holder]) ?? nobody;
}

/**
 * A badge for each name: letters of its own, and the number that it has, such as F31 of "Faction 31". None are alike, and none
 * are what a reader would take for another's: a number or letters that stand for another name are left to that one.
 */
export function badges(names: string[]): string[] {
  const claims = names.map(claimed);
  const claimants = new Map<string, number>();
  for (const own of claims) for (const claim of own) claimants.set(claim, (claimants.get(claim) ?? 0) + 1);
  const given = new Set<string>();
  return names.map((name, place) => {
    const tries = attempts(name);
    const own = claims[place]!;
    const others = (text: string) => (claimants.get(text) ?? 0) - Number(own.has(text)) > 0;
    const found =
      tries.find((text) => !given.has(text) && !others(text)) ??
      tries.find((text) => !given.has(text)) ??
      twin(tries[0] ?? "?", given);
    given.add(found);
    return found;
  });
}

/** A name's words and numbers. */
function parts(name: string): string[] {
  return name.replace(/['’]/g, "").match(/\p{N}+|[\p{L}\p{M}]+/gu) ?? [];
}

function isNumber(part: string): boolean {
  return /^\p{N}/u.test(part);
}

/** The first letters of a text, whole ones also of scripts whose letters take two places. */
function start(text: string, letters: number): string {
  return [...text].slice(0, letters).join("").toUpperCase();
}

/** What a reader would take for a name: its number with a letter, its initials, or all of it if it is short. */
function claimed(name: string): Set<string> {
  const all = parts(name);
  if (all.some(isNumber)) return new Set([numbered(all, 1)]);
  const whole = all.join("").toUpperCase();
  const initials = all.map((part) => start(part, 1)).join("");
  return new Set([...(whole.length <= 3 ? [whole] : []), ...(all.length > 1 && all.length <= 3 ? [initials] : [])]);
}

/** So many letters of the first word, and the numbers, in their order: "F31", "2B" of "2nd Brigade". */
function numbered(all: string[], letters: number): string {
  const words = all.filter((part, place) => !isNumber(part) && !isOrdinal(part, all[place - 1]));
  const worded = start(words.join(""), letters);
  const first = all.indexOf(words[0] ?? "");
  return all.flatMap((part, place) => (isNumber(part) ? [part] : place === first ? [worded] : [])).join("");
}

/** Whether a part is the end of a number: the "nd" of "2nd". */
function isOrdinal(part: string, before: string | undefined): boolean {
  return before !== undefined && isNumber(before) && /^(st|nd|rd|th)$/i.test(part);
}

/** Badges that a name may have, the best first. */
function attempts(name: string): string[] {
  const all = parts(name);
  const plain = [...all.join("")];
  const longer = plain.map((_, place) => place + 1);
  if (all.some(isNumber)) return longer.map((letters) => numbered(all, letters));
  const initials = all.map((part) => start(part, 1));
  const first = plain[0] ?? "";
  const pairs = plain.slice(1).map((letter) => first + letter);
  const of = (letters: number) => start(plain.join(""), letters);
  const two = [initials.slice(0, 2).join(""), of(2), first + (plain.at(-1) ?? "")];
  return [first, ...two, initials.slice(0, 3).join(""), of(3), ...pairs, ...longer.map(of)]
    .map((text) => text.toUpperCase())
    .filter((text) => text !== "");
}

/** Where names are alike, a small letter tells them apart. */
function twin(letters: string, given: Set<string>): string {
  for (let number = 0; ; number++) {
    const mark = String.fromCharCode(97 + (number % 26)).repeat(1 + Math.floor(number / 26));
    if (!given.has(letters + mark)) return letters + mark;
  }
}

/** The colour of a faction that split off: a lighter one of whom it came from, if the id tells. */
function splinter(data: PageData, id: string, place: number): string {
  const origin = data.actors.filter((actor) => id.startsWith(actor.id)).sort((a, b) => b.id.length - a.id.length)[0];
  const base = origin?.colour ?? ["#7a8b99", "#a08060", "#6b8e6b", "#9a7aa0"][place % 4]!;
  return mixed(base, 0.4);
}

function channels(colour: string): [number, number, number] {
  const number = parseInt(colour.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

function mixed(colour: string, white: number): string {
  const parts = channels(colour).map((part) => Math.round(part + (255 - part) * white));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((part) => (part / 255) ** 2.4) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ink(colour: string): string {
  return luminance(colour) > 0.179 ? "#000" : "#fff";
}

/** Colours of the rungs from war to alliance, and of letters on them. */
export const RUNGS: [colour: string, ink: string][] = [
  ["#b2182b", "#fff"],
  ["#f4a582", "#000"],
  ["#dfdfdf", "#000"],
  ["#92c5de", "#000"],
  ["#2166ac", "#fff"],
];

/** The letter of a rung: a small one, for the badges of factions have large ones. */
export function rungLetter(stances: string[], rung: number): string {
  return (stances[rung] ?? "").slice(0, 1).toLowerCase();
}
