import type { WithRefresh } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import { isNode } from "./tree/nodes";

/** Makes the selected component inactive in all folders where it is active. */
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
