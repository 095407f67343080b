import type { WithOutput } from "./buildOutput";

/** Brings the builds' output into view. */
export function showLog({ output }: WithOutput): void {
  output.show();
}
