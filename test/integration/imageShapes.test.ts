import assert from "node:assert/strict";
import { Image } from "../../src/core/image/image";
import { buildImage, ownPlatform } from "../support/buildImage";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { projectShapes } from "../support/uv/shapes/all";
import { shapePackages, type ProjectShape, type ShapeIndexes } from "../support/uv/shapes/shape";
import { uvStandIn } from "../support/uv/standIn";
import { volume } from "../support/volume";
import { WheelIndex } from "../support/wheelIndex";

/** Prints the packages of an environment as `name==version`, without those that only install others. */
const lister = [
  "from importlib.metadata import distributions",
  'tools = {"pip", "setuptools", "wheel", "uv"}',
  "found = {f\"{d.metadata['Name'].lower()}=={d.version}\" for d in distributions()}",
  'print(sys.argv[1], *sorted(each for each in found if each.split("==")[0] not in tools))',
].join("\n");

describe("a project of each shape", function () {
  this.timeout(120_000);
  const index = new WheelIndex(shapePackages);
  const second = new WheelIndex([{ name: "second", version: "1.0", value: "second 1.0" }]);
  const guarded = new WheelIndex([{ name: "private", version: "1.0", value: "private 1.0" }], "me:hunter2-index");
  const places: ShapeIndexes = {
    get main() {
      return index.url;
    },
    get second() {
      return second.url;
    },
    get guarded() {
      return guarded.host;
    },
  };
  let uvImage: string;

  before(async () => {
    await Promise.all([index.start(), second.start(), guarded.start()]);
    uvImage = await uvStandIn();
  });
  after(() => {
    for (const each of [index, second, guarded]) each.stop();
    removeTemporaryFolders();
  });

  /** Imports what the image must have, and lists its packages beside those that pip installs by hand. */
  function looks({ modules, absent = [], hand }: ProjectShape): string[] {
    const values = modules.map((name) => `getattr(__import__("${name}", fromlist=["x"]), "value", "?")`).join(", ");
    const list = (python: string, title: string): string =>
      `${python} -c 'import sys; exec(sys.stdin.read())' ${title} < /tmp/lister.py`;
    const words = hand?.(places);
    return [
      `python -c 'print("has", ${values}, sep="|")'`,
      ...absent.map((name) => `! python -c 'import ${name}' 2>/dev/null`),
      ...(words === undefined
        ? []
        : [
            "python3 -m venv --without-pip /tmp/hand && cd /tmp/src && " +
              `pip --python /tmp/hand/bin/python install --root-user-action ignore ${words} >/dev/null && ` +
              `${list("/opt/venv/bin/python", "image")} && ${list("/tmp/hand/bin/python", "hand")}`,
          ]),
    ];
  }

  const installers = ["uv", "pip"] as const;
  // Every fourth by one installer; in thorough runs all of them by both.
  const tried = projectShapes.filter((_shape, at) => at % volume(4, 1) === 0);
  for (const [at, shape] of tried.entries()) {
    for (const installer of (at % 2 === 0 ? installers : installers.toReversed()).slice(0, volume(1, 2))) {
      it(`has what pip installs by hand, and imports it: ${shape.title}, by ${installer}`, async () => {
        const root = temporaryFolder({ ...shape.files(places), "lister.py": lister, ".keep": "" });
        const start = Image.fromBase("python-base:3.11").clone({
          name: uniqueName("shape"),
          extendable: true,
          platform: ownPlatform,
        });
        const image = shape
          .image(start, places)
          .withSourceFolder(".", { dst: "/tmp/src", copyContentsOnly: true })
          .withSourceFile("lister.py", { dst: "/tmp" })
          .withCommands(looks(shape).map((each) => `${each} # ${uniqueName()}`));
        const secretsFolder = temporaryFolder({ TOKEN: "hunter2-index" });
        const { output } = await buildImage(
          image,
          { root, uvImage, installer, secretsFolder },
          { networkMode: "host" },
        );
        assert.ok(output.split("\n").includes(["has", ...shape.values].join("|")), output);
        const listOf = (name: string): string | undefined => new RegExp(`^${name} (.*)$`, "m").exec(output)?.[1];
        if (shape.hand) assert.ok(listOf("image"), output);
        assert.equal(listOf("image"), listOf("hand"));
      });
    }
  }

  it("is one of at least 40", () => {
    const titles = new Set(projectShapes.map(({ title }) => title));
    assert.ok(titles.size >= 40, `only ${titles.size}`);
  });
});
