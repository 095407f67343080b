import type { Services } from "../services";
import { isNode } from "../views/nodes";

/** Takes the mark of the active component away, in whichever folders a row's component has it. */
export async function clearActiveComponent({ memory, refresh }: Services, target?: unknown): Promise<void> {
  if (!isNode(target) || target.kind !== "component") return;
  const { type, name } = target.component;
  const folders = Object.entries(memory.activeNames(type)).filter(([, active]) => active === name);
  for (const [folder] of folders) await memory.keepActiveName(type, folder, undefined);
  refresh.fire();
}
