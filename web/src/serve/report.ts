/** The report of results, in a tab of its own. */

import type { Signal } from "@preact/signals";
import { sentence } from "../engine/engine";
import { api } from "./api";

/** Opens the tab at once, since browsers let no later one be. */
export async function openReport(id: string, problem: Signal<string>): Promise<void> {
  const tab = window.open("about:blank", "_blank");
  try {
    const { address } = await api.showReport(id);
    if (tab) tab.location.href = new URL(address, location.href).href;
    else location.href = address;
  } catch (error) {
    tab?.close();
    problem.value = sentence(error);
  }
}
