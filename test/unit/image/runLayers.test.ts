import assert from "node:assert/strict";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { Image } from "../../../src/core/image/image";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { textOf } from "./projectSupport";
import { head } from "./specCases";

const start = Image.fromBase("busybox:1.35").clone({ name: "app", extendable: true });

describe("what an image runs", () => {
  const layers: readonly (readonly [spec: string, image: Image, lines: RegExp])[] = [
    ["user: app", start.withUser("app"), /^USER root\nRUN id -u app [^\n]*adduser -D app;[^\n]*\n\nUSER app\n/m],
    ["user: 1000", start.withUser("1000"), /^FROM busybox:1\.35\n\nUSER 1000\n/],
    ["user: root", start.withUser("root"), /^FROM busybox:1\.35\n\nUSER root\n/],
    ["entrypoint: [a, b c]", start.withEntrypoint(["a", "b c"]), /^ENTRYPOINT \["a","b c"\]$/m],
    ["entrypoint: a $B", start.withEntrypoint("a $B"), /^ENTRYPOINT \["\/bin\/sh","-c","a \$B"\]$/m],
    ["cmd: [a]", start.withCmd(["a"]), /^CMD \["a"\]$/m],
    ["expose: 8080", start.withExpose(8080), /^EXPOSE 8080$/m],
    [
      "expose: [80, 53/udp, 9000-9010]",
      start.withExpose(["80", "53/udp", "9000-9010"]),
      /^EXPOSE 80 53\/udp 9000-9010$/m,
    ],
    ["labels: {a.b: 1.10}", start.withLabels({ "a.b": "1.10" }), /^LABEL a\.b=1\.10$/m],
    ["labels: {a: 'x $Y'}", start.withLabels({ a: "x $Y" }), /^LABEL a="x \\\$Y"$/m],
    ["buildArgs: {A: 1, B: x y}", start.withBuildArgs({ A: "1", B: "x y" }), /^ARG A=1\nARG B="x y"$/m],
  ];
  for (const [spec, image, lines] of layers) {
    it(`is written by a method and by a spec alike: ${spec}`, () => {
      const read = readImageSpec(`${head}- ${spec}\n`, "app.image.yaml");
      assert.deepEqual(read.problems, []);
      assert.deepEqual(read.image?.layers, image.layers);
      assert.match(textOf(image), lines);
    });
  }

  it("is what is said last", () => {
    const text = textOf(start.withUser("a").withCmd("x").withEntrypoint("y").withCmd("z").withUser("2:3"));
    assert.deepEqual(text.match(/^(?:USER|CMD|ENTRYPOINT).*$/gm), [
      'ENTRYPOINT ["/bin/sh","-c","y"]',
      'CMD ["/bin/sh","-c","z"]',
      "USER 2:3",
    ]);
  });

  it("goes before the user of the base and the default's own", () => {
    assert.match(textOf(start.withCommands("true").withUser("app"), {}, "worker"), /\nUSER app\n/);
    const debian = Image.fromDebianBase({ installFlyte: false, name: "app" });
    assert.match(textOf(debian.withUser("1000")), /\nUSER 1000\n/);
    assert.doesNotMatch(textOf(debian.withUser("flyte")), /adduser/);
  });

  const refused: readonly (readonly [spec: string, message: RegExp])[] = [
    ["user: 'a\\nRUN id'", /line break|not a valid user/],
    ["user: -x", /not a valid user/],
    ["user: 'a b'", /not a valid user/],
    ["expose: 0", /not a valid port/],
    ["expose: 70000", /not a valid port/],
    ["expose: 9-8", /not a valid port/],
    ["expose: 80/icmp", /not a valid port/],
    ["labels: {'a b': c}", /not a valid name of a label/],
    ["buildArgs: {A-B: c}", /not a valid name of a build argument/],
    ["buildArgs: {URL: 'https://me:hunter2@h'}", /contains a password or token/],
    ["labels: {URL: 'https://me:hunter2@h'}", /contains a password or token/],
    ["cmd: [curl, 'https://me:hunter2@h']", /contains a password or token/],
    ["entrypoint: ''", /empty|Expected/],
  ];
  for (const [spec, message] of refused) {
    it(`is refused: ${spec}`, () => {
      const { problems, image } = readImageSpec(`${head}- ${spec}\n`, "app.image.yaml");
      assert.equal(image, undefined);
      assert.match(problems.map((each) => each.message).join(), message);
      assert.doesNotMatch(problems.map((each) => each.message).join(), /hunter2/);
    });
  }

  it("by a Dockerfile has build arguments, which change the tag", () => {
    const { image, problems } = readImageSpec(
      "from: {dockerfile: {file: Dockerfile, registry: r.io, name: a, buildArgs: {A: 1.10}}}\n",
      "a.image.yaml",
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(image?.buildArgs, [["A", "1.10"]]);
    assert.throws(
      () => Image.fromDockerfile("Dockerfile", { registry: "r.io", name: "a", buildArgs: { "1": "a" } }),
      (error) => ImageBuilderError.is(error, "imageInvalid"),
    );
  });
});
