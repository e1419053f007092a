/** Experiments that were begun in this tab: the server tells of those at work, but not what they are. */

export interface Begun {
  path: string;
  kind: "run" | "compare";
}

const name = (id: string) => `entente-begun ${id}`;

export const begun = {
  get(id: string): Begun | undefined {
    try {
      return (JSON.parse(sessionStorage.getItem(name(id)) ?? "null") as Begun | null) ?? undefined;
    } catch {
      return undefined;
    }
  },
  set(id: string, what: Begun): void {
    try {
      sessionStorage.setItem(name(id), JSON.stringify(what));
    } catch {
      // Without it a page says less.
    }
  },
};
