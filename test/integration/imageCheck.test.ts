import assert from "node:assert/strict";
import { Image } from "../../src/core/image/image";
import { planImage } from "../../src/core/image/plan/planImage";
import { checkImage, type ImageCheck } from "../../src/core/jobs/checkImage";
import { buildImage, ownPlatform } from "../support/buildImage";
import { askDaemon, coreOn, localBuilder, uniqueName } from "../support/engine";
import { removeTemporaryFolders } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { WheelIndex, type TestPackage } from "../support/wheelIndex";

const file = (path: string, text: string): Record<string, string> => ({ [path]: text });

const packages: readonly TestPackage[] = [
  { name: "good", version: "1.0", value: "good" },
  { name: "single", version: "2.0", value: "", files: file("single.py", "value = 1\n") },
  {
    name: "sharedstorage",
    version: "3.0",
    value: "",
    files: { "shared/storage/__init__.py": "import good\n", "tests/__init__.py": "raise SystemExit(3)\n" },
  },
  {
    name: "bad",
    version: "1.1",
    value: "",
    files: file("bad/__init__.py", 'raise ImportError("libcuda.so.1 \\x1b[31m")\n'),
  },
  { name: "crashing", version: "1.2", value: "", files: file("crashing.py", "import os\nos.kill(os.getpid(), 4)\n") },
  { name: "loud", version: "1.3", value: "", files: file("loud.py", 'print("x" * 100_000)\nprint("check-1 {}")\n') },
  { name: "typesonly", version: "0.1", value: "", files: file("types-stubs/a.pyi", "") },
];

describe("the check of an image's packages", function () {
  this.timeout(240_000);
  const index = new WheelIndex(packages);
  const start = Image.fromBase("python-base:3.11").clone({
    name: uniqueName("checked"),
    extendable: true,
    platform: ownPlatform,
  });
  before(() => index.start());
  after(() => {
    index.stop();
    removeTemporaryFolders();
  });

  async function check(image: Image<true>): Promise<ImageCheck> {
    const planned = await planImage(image, { installer: "pip" });
    return checkImage({ ...planned, builder: localBuilder }, coreOn(), recordingOperation());
  }

  const imageIds = async (): Promise<string[]> =>
    ((await askDaemon("/images/json?all=1")) as { readonly Id: string }[]).map(({ Id }) => Id).sort();

  it("imports each of them in the image, and tells versions and what fails", async () => {
    const image = start.withPipPackages(
      ...["good==1.0", "single", "sharedstorage", "bad", "crashing", "loud", "typesonly"],
      'absent; sys_platform == "win32"',
      { indexUrl: index.url },
    );
    await buildImage(image, { installer: "pip" }, { networkMode: "host" });
    const images = await imageIds();
    const { python, packages: found, layers = [] } = await check(image);
    assert.match(python ?? "", /^3\.11\.\d+$/);
    assert.deepEqual(found, [
      { name: "good", version: "1.0", outcome: "imported", message: undefined },
      { name: "single", version: "2.0", outcome: "imported", message: undefined },
      { name: "sharedstorage", version: "3.0", outcome: "imported", message: undefined },
      { name: "bad", version: "1.1", outcome: "failed", message: "ImportError: libcuda.so.1 \x1b[31m" },
      { name: "crashing", version: "1.2", outcome: "failed", message: "ended by signal 4" },
      { name: "loud", version: "1.3", outcome: "imported", message: undefined },
      { name: "typesonly", version: "0.1", outcome: "noModules", message: undefined },
      { name: "absent", version: undefined, outcome: "leftOut", message: undefined },
    ]);
    assert.ok(layers.some(({ createdBy, sizeBytes }) => /pip .*install/.test(createdBy) && sizeBytes > 0));
    assert.deepEqual(await imageIds(), images, "no image is left behind");
  });

  it("tells a package that the image doesn't have any more", async () => {
    const image = start
      .withPipPackages("good", { indexUrl: index.url })
      .withCommands(["rm -r /opt/venv/lib/python3*/site-packages/good-1.0.dist-info"]);
    await buildImage(image, { installer: "pip" }, { networkMode: "host" });
    const { packages: found } = await check(image);
    assert.deepEqual(
      found.map(({ name, outcome }) => ({ name, outcome })),
      [{ name: "good", outcome: "missing" }],
    );
  });

  it("tells the packages of which the image's Python says nothing", async () => {
    const image = start
      .withPipPackages("good", { indexUrl: index.url })
      .withCommands(["rm -r /opt/venv/bin && mkdir /opt/venv/bin && rm -f /usr/bin/python*"]);
    await buildImage(image, { installer: "pip" }, { networkMode: "host" });
    const { python, packages: found } = await check(image);
    assert.deepEqual([python, found], [undefined, [{ name: "good", outcome: "unknown" }]]);
  });

  it("of an image without Python tells its layers only", async () => {
    const image = Image.fromBase("busybox:1.35")
      .clone({ name: uniqueName("plain"), extendable: true, platform: ownPlatform })
      .withCommands(["echo 1 > /one"]);
    await buildImage(image);
    const { python, packages: found, layers = [] } = await check(image);
    assert.deepEqual([python, found], [undefined, []]);
    assert.ok(layers.some(({ createdBy }) => /echo 1 > \/one/.test(createdBy)));
  });

  it("of an image that isn't built yet says so", async () => {
    const image = start.withEnvVars({ A: uniqueName() });
    await assert.rejects(check(image), /is neither in the daemon nor in its registry\. Build it first/);
  });
});
