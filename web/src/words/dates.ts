/** Dates as people say them. */

const MONTHS = "January February March April May June July August September October November December".split(" ");

function parts(date: string): [number, string, number] {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return [day, MONTHS[month - 1] ?? "", year];
}

/** "12 March 2023". */
export function longDate(date: string): string {
  const [day, month, year] = parts(date);
  return `${day} ${month} ${year}`;
}

/** "12 Mar 2023". */
export function shortDate(date: string): string {
  const [day, month, year] = parts(date);
  return `${day} ${month.slice(0, 3)} ${year}`;
}

/** Seconds since 1970, for axes. */
export function seconds(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 1000;
}
