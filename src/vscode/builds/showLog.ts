import type { WithOutput } from "./buildOutput";
import { isBuildNode } from "./buildNode";
import type { WithLogs } from "./buildLogs";

/** Opens the log of the selected build; without a selection, reveals the output of this window's builds. */
export async function showLog({ logs, output }: WithLogs & WithOutput, target?: unknown): Promise<void> {
  if (isBuildNode(target)) await logs.show(target.build);
  else output.show();
}
