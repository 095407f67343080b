import type { Services } from "../services";

/** Brings the builds' output into view. */
export function showLog({ output }: Services): void {
  output.show();
}
