/** How factions are told apart: a colour, and letters for those who do not see it. */

import type { PageData, Play } from "../contract";

export interface Look {
  id: string;
  name: string;
  colour: string;
  /** One to three letters that no other faction of the run has. */
  letters: string;
  /** The colour of letters on it: black or white, whichever reads better. */
  ink: string;
  /** The name of the umbrella. */
  umbrella: string;
}

const NOBODY = "#dcdcdc";

/** Looks of the factions of a run, by place. */
export function looks(data: PageData, play: Play): Look[] {
  const taken = new Set<string>();
  return play.factions.map((id, place) => {
    const actor = data.actors.find((actor) => actor.id === id);
    const name = actor?.name ?? play.names[place] ?? id;
    const colour = actor?.colour ?? splinter(data, id, place);
    const umbrella = data.actors.find((other) => other.id === actor?.umbrella)?.name ?? "";
    const letters = code(name, taken);
    return { id, name, colour, letters, ink: ink(colour), umbrella };
  });
}

/** Who holds a zone, if anybody. */
export function holderLook(looks: Look[], holder: number | undefined): Look {
  const nobody = { id: "", name: "nobody", colour: NOBODY, letters: "", ink: "#000", umbrella: "" };
  return (holder === undefined ? undefined : looks[holder]) ?? nobody;
}

function code(name: string, taken: Set<string>): string {
  const plain = name.replace(/[^\p{L}\p{N}]/gu, "");
  const initials = name
    .split(/[\s-]+/)
    .map((word) => word[0] ?? "")
    .join("");
  const tries = [plain.slice(0, 1), initials.slice(0, 2), plain.slice(0, 2), plain[0] + (plain.at(-1) ?? ""), plain.slice(0, 3)];
  const letters = tries.map((text) => text.toUpperCase()).find((text) => text !== "" && !taken.has(text));
  const found = letters ?? `${plain.slice(0, 1).toUpperCase()}${taken.size}`;
  taken.add(found);
  return found;
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

/** The letter of a rung. */
export function rungLetter(stances: string[], rung: number): string {
  return (stances[rung] ?? "").slice(0, 1).toUpperCase();
}
