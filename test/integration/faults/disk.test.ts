import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { askDaemon } from "../../support/engine";
import { assertFails, FaultBed } from "../../support/faultBed";
import { temporaryFolder } from "../../support/folder";

const mebibyte = 2 ** 20;

describe("a disk that is full", function () {
  this.timeout(60_000);
  let bed: FaultBed;
  before(async () => void (bed = await FaultBed.start({ dataSizeMiB: 64 })));
  after(() => bed.remove());

  for (const builder of ["buildkit", "classic"] as const) {
    describe(`of the daemon (${builder})`, () => {
      const options = { builder };
      // A daemon with no byte left cannot even note what it prunes, and forgets that it was there.
      const reserve = (): string => join(bed.daemon.folder, "data/reserve");
      beforeEach(() => writeFileSync(reserve(), Buffer.alloc(8 * mebibyte)));
      afterEach(async () => {
        rmSync(reserve());
        await askDaemon("/build/prune?all=1", "POST", bed.daemon.socket);
        await bed.assertAsBefore({ options });
        assert.deepEqual(
          await askDaemon("/containers/json?all=1", "GET", bed.daemon.socket),
          [],
          "nothing keeps the space",
        );
      });

      it("fails a build that copies too much, and says how to get space", async () => {
        const root = temporaryFolder({
          Dockerfile: "FROM busybox:1.35\nCOPY big /\n",
          big: randomBytes(80 * mebibyte),
        });
        await assertFails(
          bed.build({ root, options }),
          "buildFailed",
          /no space left on device.*Free up space on the daemon's disk/s,
        );
      });

      it("fails a build that writes too much, in the words of what wrote", async () => {
        const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nRUN dd if=/dev/zero of=/big bs=1M count=80\n" });
        await assertFails(
          bed.build({ root, options }),
          "buildFailed",
          /at ".*RUN dd.*" in Dockerfile, line 2: .*Free up space on the daemon's disk/s,
        );
      });
    });
  }

  describe("of this machine", () => {
    let small: string;
    before(() => {
      small = temporaryFolder();
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", small]);
    });
    after(() => execFileSync("umount", [small]));

    for (const type of ["local", "tar", "docker"] as const) {
      it(`fails a build whose result goes there (${type}), and leaves nothing of it`, async () => {
        const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nCOPY a /\n", a: randomBytes(8 * mebibyte) });
        await assertFails(
          bed.build({ root, options: { builder: "buildkit", output: { type, dest: join(small, "result") } } }),
          "exportFailed",
          /ENOSPC|no space left/,
        );
        assert.deepEqual(readdirSync(small), []);
        await bed.assertAsBefore();
      });
    }
  });
});
