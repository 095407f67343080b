import type { WithRefresh } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import { isNode } from "./tree/nodes";

/** Takes the mark of the active component away, in whichever folders a row's component has it. */
export async function clearActiveComponent(
  { memory, refresh }: WithMemory & WithRefresh,
  target?: unknown,
): Promise<void> {
  if (!isNode(target) || target.kind !== "component") return;
  const { type, name } = target.component;
  const folders = Object.entries(memory.activeNames(type)).filter(([, active]) => active === name);
  for (const [folder] of folders) await memory.keepActiveName(type, folder, undefined);
  refresh.fire();
}
