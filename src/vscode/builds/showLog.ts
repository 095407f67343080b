import type { WithOutput } from "./buildOutput";

/** Reveals the output of the builds. */
export function showLog({ output }: WithOutput): void {
  output.show();
}
