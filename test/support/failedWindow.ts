import type { VsCode } from "./ui";

const windows = new Set<VsCode>();
let current: Mocha.Test | undefined;

/** Describes a window if a test fails while it is open, so that the log alone explains a failure on another machine. */
export function watch(window: VsCode): void {
  windows.add(window);
}

/** Ends the watch, for a window that is about to be closed. */
export async function unwatch(window: VsCode): Promise<void> {
  windows.delete(window);
  if (current?.isFailed()) await tell(window, current.fullTitle());
}

/** Notes the test that runs from now on; its suite may close its windows after it. */
export function began(test: Mocha.Test | undefined): void {
  current = test;
}

/** Tells about the windows that are open, if the test has failed. */
export async function tellWhyItFailed(): Promise<void> {
  if (current?.isFailed()) for (const window of windows) await tell(window, current.fullTitle());
  current = undefined;
}

/** Prints what a window shows, and photographs it. */
export async function tell(window: VsCode, about: string): Promise<void> {
  try {
    await window.screenshot(`failed ${about}`.replaceAll(/\W+/g, "-").slice(0, 80), "dark");
    console.error(`\n== the window as this failed: ${about}\n${await window.describe()}\n==\n`);
  } catch (error) {
    console.error(`\n== the window cannot be asked why this failed: ${about}`, error);
  }
}
