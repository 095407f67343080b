import { began, tellWhyItFailed } from "./failedWindow";

/** A busy machine is slow, not wrong: what each test and hook is given at least. */
const leastTimeoutMs = 480_000;

const endings: (() => Promise<void>)[] = [];

/** Has something ended after the last test file of this process, the last first. */
export function atEnd(end: () => Promise<void>): void {
  endings.unshift(end);
}

/** Hooks of every suite, by `.mocharc.json`; they run outside the suites' own. */
export const mochaHooks: Mocha.RootHookObject = {
  beforeAll(this: Mocha.Context) {
    bePatient(this.test?.parent as unknown as PatientSuite);
  },
  beforeEach(this: Mocha.Context) {
    began(this.currentTest);
  },
  afterEach: tellWhyItFailed,
};

/** Runs once, after the last test file. */
export async function mochaGlobalTeardown(): Promise<void> {
  for (const end of endings.splice(0)) await end();
}

/** A suite with what the types of mocha keep private. */
interface PatientSuite {
  readonly suites: readonly PatientSuite[];
  readonly tests: readonly Mocha.Runnable[];
  readonly _beforeAll: readonly Mocha.Runnable[];
  readonly _beforeEach: readonly Mocha.Runnable[];
  readonly _afterEach: readonly Mocha.Runnable[];
  readonly _afterAll: readonly Mocha.Runnable[];
}

function bePatient({ suites, tests, _beforeAll, _beforeEach, _afterEach, _afterAll }: PatientSuite): void {
  for (const each of [...tests, ..._beforeAll, ..._beforeEach, ..._afterEach, ..._afterAll]) {
    // A debugger asks for none at all.
    if (each.timeout() > 0 && each.timeout() < leastTimeoutMs) each.timeout(leastTimeoutMs);
  }
  suites.forEach(bePatient);
}
