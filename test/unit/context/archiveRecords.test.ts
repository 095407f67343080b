import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { lstatSync, lutimesSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { extract, type Header } from "tar-stream";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import type { ContextEntry } from "../../../src/core/context/files/contextEntry";
import { tarHeader } from "../../../src/core/context/files/tarHeader";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { archiveOf, membersOf } from "./support";

async function headerOf(fields: Pick<ContextEntry, "path" | "sizeBytes">): Promise<Header> {
  const reader = extract();
  const entry = once(reader, "entry") as Promise<[Header]>;
  reader.on("error", () => {}).write(tarHeader({ ...fields, kind: "file", mode: 0o644 }, 0));
  const [header] = await entry;
  reader.destroy();
  return header;
}

describe("an archive", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("keeps times on request, before 1970 and to the microsecond [Z70]", async () => {
    const root = temporaryFolder({ whole: "", fraction: "", before: "", beforeWhole: "", halfBefore: "" });
    const times = {
      whole: 1_600_000_000,
      fraction: 1_600_000_000.123456,
      before: -86_400.25,
      beforeWhole: -1,
      halfBefore: -0.5,
    };
    for (const [name, seconds] of Object.entries(times)) {
      // Node takes a negative number for "now", but not a negative date.
      const time = seconds < 0 ? new Date(seconds * 1000) : seconds;
      utimesSync(join(root, name), time, time);
    }
    const input = await archiveOf(new BuildContext({ root }), { gzip: false, mtime: "keep" });
    const pax = Object.fromEntries(
      (await membersOf(input)).map((member) => [member.name, (member.pax as Record<string, string> | null)?.mtime]),
    );
    assert.deepEqual(pax, {
      whole: undefined,
      fraction: "1600000000.123456",
      before: "-86400.25",
      beforeWhole: "-1",
      halfBefore: "-0.5",
    });
    const unpacked = temporaryFolder();
    execFileSync("tar", ["--warning=no-timestamp", "-xf", "-", "-C", unpacked], { input });
    for (const [name, seconds] of Object.entries(times))
      assert.ok(Math.abs(lstatSync(join(unpacked, name)).mtimeMs - seconds * 1000) < 0.01, name);
  });

  it("keeps the time of a link, not of what it leads to", async () => {
    const root = temporaryFolder();
    symlinkSync("nowhere", join(root, "link"));
    lutimesSync(join(root, "link"), 1000, 1000);
    const [link] = await membersOf(await archiveOf(new BuildContext({ root }), { gzip: false, mtime: "keep" }));
    assert.equal(link?.mtime?.getTime(), 1_000_000);
  });

  it("never moves a time into the next second", async () => {
    const root = temporaryFolder({ late: "" });
    execFileSync("touch", ["--date", "@1700000000.9999996", join(root, "late")]);
    const [late] = await membersOf(await archiveOf(new BuildContext({ root }), { gzip: false, mtime: "keep" }));
    assert.equal((late?.pax as Record<string, string>)["mtime"], "1700000000.999999");
  });

  it("says a size of 8 GiB or more, of which ustar has no digits", async () => {
    for (const sizeBytes of [8 ** 11 - 1, 8 ** 11, 123_456_789_012_345])
      assert.equal((await headerOf({ path: "huge", sizeBytes })).size, sizeBytes);
  });

  it("counts a record's own digits into its length", async () => {
    for (const length of [85, 90, 91, 92, 93, 95, 100, 101, 250, 985, 990, 991, 992, 993, 1000]) {
      const path = `ä${"x".repeat(length - 2)}`;
      assert.equal((await headerOf({ path, sizeBytes: 0 })).name, path);
    }
  });
});
