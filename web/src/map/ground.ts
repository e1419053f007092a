/** Where things lie on the map. */

import { geoEqualEarth, geoMercator } from "d3-geo";
import type { Zone } from "../contract";

export type Point = [x: number, y: number];

export interface Place {
  /** Middle of a zone or town. */
  x: number;
  y: number;
  /** Outline of a zone, as an SVG path; empty if it has none. */
  outline: string;
  /** The same as points: what lies within an odd number of these rings is the zone's. */
  rings: Point[][];
  /** Whether it is a circle: a town, or a zone without an outline. */
  circle: boolean;
}

export interface Ground {
  width: number;
  height: number;
  places: Place[];
  /** Radius of a town. */
  radius: number;
}

const MARGIN = 14;

/** Zones laid out in a width; no higher than it is wide. */
export function layOut(zones: Zone[], width: number): Ground {
  if (zones.length === 0) return { width, height: 0, places: [], radius: 0 };
  const points = zones.flatMap(({ areas, position }) => (areas.length > 0 ? areas.flat(2) : [position]));
  const longitudes = points.map(([longitude]) => longitude);
  const latitudes = points.map(([, latitude]) => latitude);
  const turn = middleLongitude(longitudes);
  const tall = Math.max(...latitudes) - Math.min(...latitudes);
  const projection = (tall > 60 ? geoEqualEarth() : geoMercator()).rotate([-turn, 0]);
  const all = { type: "MultiPoint" as const, coordinates: points };
  projection.fitWidth(width - 2 * MARGIN, all);
  const xy = (point: [number, number]): [number, number] => projection(point) ?? [0, 0];
  let bounds = box(points.map(xy));
  if (bounds.high - bounds.low > width * 0.85) {
    projection.fitExtent(
      [
        [MARGIN, MARGIN],
        [width - MARGIN, width * 0.85 - MARGIN],
      ],
      all,
    );
    bounds = box(points.map(xy));
  }
  const [left, top] = [(width - (bounds.right - bounds.left)) / 2 - bounds.left, MARGIN - bounds.low];
  const put = (point: [number, number]): Point => {
    const [x, y] = xy(point);
    return [x + left, y + top];
  };
  return {
    width,
    height: bounds.high - bounds.low + 2 * MARGIN,
    radius: Math.max(6.5, Math.min(9, width / Math.sqrt(zones.length) / 10)),
    places: zones.map(({ position, areas, town_of }) => {
      const [x, y] = put(position);
      const rings = areas.flatMap((area) => area.map((ring) => ring.map(put)));
      const outline = rings.map(path).join("");
      return { x, y, outline, rings, circle: town_of !== null || outline === "" };
    }),
  };
}

function path(ring: Point[]): string {
  return `M${ring.map((point) => point.map((part) => part.toFixed(1)).join(",")).join("L")}Z`;
}

/** The middle of the land, across the 180th meridian where that is shorter. */
function middleLongitude(longitudes: number[]): number {
  const [low, high] = [Math.min(...longitudes), Math.max(...longitudes)];
  if (high - low <= 180) return (low + high) / 2;
  const turned = longitudes.map((longitude) => (longitude < 0 ? longitude + 360 : longitude));
  return (Math.min(...turned) + Math.max(...turned)) / 2;
}

function box(points: [number, number][]): { left: number; right: number; low: number; high: number } {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return { left: Math.min(...xs), right: Math.max(...xs), low: Math.min(...ys), high: Math.max(...ys) };
}
