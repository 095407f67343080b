import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { Image } from "../../src/core/image/image";
import { buildImage, ownPlatform } from "../support/buildImage";
import { build, uniqueName } from "../support/engine";
import { aptFiles, DebianRepository } from "../support/debianPackages";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";

describe("Debian packages in an image", function () {
  this.timeout(120_000);
  const greeting = { name: "greeting", version: "1.2", path: "/usr/share/greeting/text", text: "good day\n" };
  const other = { name: "other", version: "1", path: "/usr/share/other", text: "" };
  const repository = new DebianRepository([greeting, other]);
  let start: Image<true>;

  before(async () => {
    await repository.start();
    const programs = aptFiles();
    const folders = [
      "tmp",
      "var/log/apt",
      ...["info", "updates", "triggers", "alternatives"].map((name) => `var/lib/dpkg/${name}`),
    ];
    const files = {
      "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
      "etc/group": "root:x:0:\n",
      "etc/apt/sources.list": repository.source,
      "etc/apt/apt.conf": 'APT::Sandbox::User "root";\n',
      "var/lib/dpkg/status": "",
      ...Object.fromEntries(folders.map((folder) => [`${folder}/.keep`, ""])),
    };
    const root = temporaryFolder({
      Dockerfile: "FROM busybox:1.35 AS tools\nFROM scratch\nCOPY --from=tools /bin /bin\nCOPY root /\n",
      ...Object.fromEntries(
        Object.entries({ ...programs, ...files }).map(([path, content]) => [join("root", path), content]),
      ),
    });
    for (const path of Object.keys(programs)) chmodSync(join(root, "root", path), 0o755);
    const imageName = `${uniqueName("apt-base")}:1`;
    await build({ root, imageName });
    start = Image.fromBase(imageName).clone({ name: uniqueName("apt"), extendable: true, platform: ownPlatform });
  });
  after(() => {
    repository.stop();
    removeTemporaryFolders();
  });

  /** Builds on the machine's own network, where the repository is. */
  const output = async (image: Image): Promise<string> => (await buildImage(image, {}, { networkMode: "host" })).output;

  it("are installed by apt, and neither lists nor archives stay in a layer [F24] [F80]", async () => {
    const show =
      `cat ${greeting.path}; ls ${other.path}; grep ^Status /var/lib/dpkg/status; ` +
      `echo $(find /var/cache /var/lib -path "*/apt/*" 2>/dev/null | wc -l) left # ${uniqueName()}`;
    const lines = (await output(start.withAptPackages("greeting").withCommands([show]))).split("\n");
    for (const line of [
      "good day",
      `ls: ${other.path}: No such file or directory`,
      "Status: install ok installed",
      "0 left",
    ])
      assert.ok(lines.includes(line), lines.join("\n"));
  });

  it("that are nowhere to be had fail in apt's words [F114]", async () => {
    await assert.rejects(
      output(start.withAptPackages("greeting", "missing")),
      /apt-get.*exit code: 100|Unable to locate package missing/s,
    );
  });
});
