/** What was typed and not saved when its page was left, by path, with what the file held then: kept while the tab lives. */

export interface Draft {
  text: string;
  kept: string;
}

const name = (path: string) => `entente-draft ${path}`;
/** Of a tab that may keep nothing. */
const here = new Map<string, Draft>();

export const drafts = {
  get(path: string): Draft | undefined {
    try {
      const kept = sessionStorage.getItem(name(path));
      if (kept !== null) return JSON.parse(kept) as Draft;
    } catch {
      // What cannot be read is no draft.
    }
    return here.get(path);
  },
  set(path: string, draft: Draft): void {
    here.set(path, draft);
    try {
      sessionStorage.setItem(name(path), JSON.stringify(draft));
    } catch {
      // Too much for the tab to keep: it lives until the page is read anew.
    }
  },
  delete(path: string): void {
    here.delete(path);
    sessionStorage.removeItem(name(path));
  },
};
