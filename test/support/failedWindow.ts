import type { VsCode } from "./ui";

const windows = new Set<VsCode>();
const endings = new Set<() => Promise<void>>();
let current: Mocha.Test | undefined;

/** Has a window told about should a test fail while it is open, so that a failure elsewhere can be understood from the log alone. */
export function watch(window: VsCode): void {
  windows.add(window);
}

/** Has something ended after the last test file of this process. */
export function atEnd(end: () => Promise<void>): void {
  endings.add(end);
}

/** Runs once, after the last test file. */
export async function mochaGlobalTeardown(): Promise<void> {
  await Promise.all([...endings].map((end) => end()));
  endings.clear();
}

/** Ends the watch, for a window that is about to be closed. */
export async function unwatch(window: VsCode): Promise<void> {
  windows.delete(window);
  if (current?.isFailed()) await tell(window, current.fullTitle());
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

/** Hooks of every suite, by `.mocharc.json`: they run outside the suites' own, which may close their windows after each test. */
export const mochaHooks: Mocha.RootHookObject = {
  beforeEach(this: Mocha.Context) {
    current = this.currentTest;
  },
  async afterEach() {
    if (current?.isFailed()) for (const window of windows) await tell(window, current.fullTitle());
    current = undefined;
  },
};
