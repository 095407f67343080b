import assert from "node:assert/strict";
import { Random } from "../../scripts/oracle/random.mjs";
import { registryUser } from "../../scripts/engines/registry.mjs";
import type { ErrorCode } from "../../src/core/base/errors";
import { registryDigest } from "../support/engine";
import { removeTemporaryFolders } from "../support/folder";
import { setRandomFault } from "../support/soak/randomFault";
import { SoakBed, type DaemonFigures, type Lane } from "../support/soak/soakBed";
import type { SoakFigures, SoakJob, SoakOutcome } from "../support/soak/soakMain";
import { SoakProcess } from "../support/soak/soakProcess";
import { until } from "../support/until";
import { volume } from "../support/volume";

type Measured = Omit<SoakFigures, "escaped"> & { readonly [Name in keyof DaemonFigures as `daemon: ${Name}`]: number };

/** What a person may be told when the daemon, the registry or the way to them fails. */
const plainCodes: readonly ErrorCode[] = [
  "buildFailed",
  "daemonLost",
  "daemonUnreachable",
  "daemonDenied",
  "daemonTooOld",
  "exportFailed",
  "pushFailed",
  "pushNoDigest",
  "registryDenied",
  "registryFailed",
  "registryRefused",
  "registryUnauthorized",
  "registryUnreachable",
  "requestFailed",
];

/** What must be as before; the heap and the memory breathe, and have a limit each. */
const exact: readonly (keyof Measured)[] = [
  "handles",
  "sockets",
  "threads",
  "children",
  "temporaryFiles",
  "daemon: containers",
  "daemon: cacheInUse",
  "daemon: processes",
  "daemon: temporaryFiles",
];
const growthMiB = { heapMiB: 10, residentMiB: 150 } as const;

describe("many builds and pushes", function () {
  this.timeout(volume(10, 60) * 60_000);
  const seed = Number(process.env["SEED"] ?? Date.now() % 1e6);
  const random = new Random(seed);
  const ways = { "with faults": volume(16, 200), "at once": volume(10, 30), "in a row": volume(5, 100) };
  const table: Record<string, Measured> = {};
  let bed: SoakBed;
  let core: SoakProcess;
  let first: Measured;

  before(async () => {
    bed = await SoakBed.start(volume(4, 8));
    core = await SoakProcess.start();
    await warmUp();
    first = table["before"] = await measure();
  });
  after(async () => {
    console.log(`      seed ${seed}`);
    console.table(table);
    await core?.stop();
    await bed?.stop();
    removeTemporaryFolders();
  });

  /**
   * Every way is used, so that what stays for the next build is there before anything is counted; one by one, for each
   * begins a thread.
   */
  async function warmUp(): Promise<void> {
    for (const lane of [...bed.lanes, undefined]) {
      lane?.daemon.setFaults();
      lane?.registry.setRules();
      for (const builder of ["buildkit", "classic"] as const) await assertBuilt(bed.job(random, lane, builder));
      lane?.daemon.cut();
    }
  }

  async function measure(): Promise<Measured> {
    const { escaped, ...own } = await core.measure();
    assert.deepEqual(escaped, [], "nothing is thrown past a job");
    const daemon = await bed.measure();
    return {
      ...own,
      ...(Object.fromEntries(Object.entries(daemon).map(([name, value]) => [`daemon: ${name}`, value])) as {
        readonly [Name in keyof DaemonFigures as `daemon: ${Name}`]: number;
      }),
    };
  }

  /** Connections that are kept and timers end on their own; nothing else may need more than a moment. */
  async function assertAsBefore(what: string): Promise<void> {
    let now = first;
    const grown = (): string[] => [
      ...exact.filter((name) => now[name] > first[name]),
      ...(Object.keys(growthMiB) as (keyof typeof growthMiB)[]).filter(
        (name) => now[name] > first[name] + growthMiB[name],
      ),
    ];
    await until(
      async () => {
        now = await measure();
        return grown().length === 0;
      },
      what,
      60_000,
    ).catch(() => {});
    table[what] = now;
    assert.deepEqual(grown(), [], `seed ${seed}, ${what}: ${JSON.stringify({ first, now })}`);
  }

  async function assertBuilt(job: SoakJob): Promise<void> {
    const outcome = await core.run(job);
    assert.equal(outcome.kind, "built", JSON.stringify(outcome));
    await assertPushed(job, outcome);
  }

  /** What is told is what the registry itself has. */
  async function assertPushed({ request }: SoakJob, outcome: SoakOutcome): Promise<void> {
    if (outcome.kind !== "built" || !request.registry) return;
    assert.equal(
      await registryDigest(request.imageName.replace(/^[^/]+/, bed.registry.address), registryUser),
      outcome.digest,
    );
  }

  const { "with faults": faults } = ways;
  it(`${faults} of them with random faults end by a result, a failure or a cancel, and leave nothing`, async () => {
    const ended: Record<string, number> = {};
    const work = async (lane: Lane, index: number): Promise<void> => {
      // Lanes take turns as it happens, so each has chances of its own.
      const random = new Random(seed + index);
      for (let i = index; i < ways["with faults"]; i += bed.lanes.length) {
        const job = bed.job(random, lane);
        const { what, cancelAfterMs } = setRandomFault(random, lane);
        const outcome = await core.run({ ...job, cancelAfterMs });
        const where = `seed ${seed}: ${what}: ${JSON.stringify(outcome)}`;
        lane.registry.setRules();
        await assertPushed(job, outcome);
        if (outcome.kind === "failed")
          assert.ok(outcome.code && (plainCodes as readonly string[]).includes(outcome.code), where);
        const end = outcome.kind === "failed" ? String(outcome.code) : outcome.kind;
        ended[end] = (ended[end] ?? 0) + 1;
        if (process.env["SHOW_MESSAGES"]) console.log(`      ${where}`);
      }
    };
    await Promise.all(bed.lanes.map(work));
    console.log(`      ended by: ${JSON.stringify(ended)}`);
    assert.ok(Object.keys(ended).length > 1, "the faults have made a difference");
    await warmUp();
    await assertAsBefore("after faults");
  });

  it(`${ways["at once"]} of them at once are all built, and leave nothing`, async () => {
    await Promise.all(Array.from({ length: ways["at once"] }, () => assertBuilt(bed.job(random))));
    await assertAsBefore(`after ${ways["at once"]} at once`);
  });

  it(`${ways["in a row"]} of them in a row are all built, and leave nothing`, async () => {
    for (let i = 0; i < ways["in a row"]; i++) await assertBuilt(bed.job(random));
    await assertAsBefore(`after ${ways["in a row"]} in a row`);
  });
});
