import assert from "node:assert/strict";
import { Random } from "../../scripts/oracle/random.mjs";
import { Image } from "../../src/core/image/image";
import { plannedBuild } from "../support/plannedBuild";
import { buildImage, inspectImage, ownPlatform, printedIn } from "../support/buildImage";
import { askDaemon, plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { imageProject } from "../support/imageProject";
import { start } from "./imageStart";

describe("an image by its definition", () => {
  after(removeTemporaryFolders);

  it("is built, pushed under its URI, and has the digest that the registry tells [F49] [F112]", async () => {
    const root = imageProject();
    const image = start
      .clone({ registry: plainRegistry() })
      .withWorkdir("/app")
      .withSourceFolder("proj")
      .withSourceFile("a.txt")
      .withEnvVars({ A: "b c" });
    const { imageName, digest, repoDigest } = await buildImage(image, { root });
    assert.equal(imageName, await image.uri({ root }));
    assert.equal(digest, await registryDigest(imageName));
    assert.equal(repoDigest, `${imageName.slice(0, imageName.lastIndexOf(":"))}@${digest}`);
  });

  it("has environment, its own URI and its last working directory [F30] [F31] [F86] [F89] [F90]", async () => {
    const built = await buildImage(
      start
        .withWorkdir("/first")
        .withEnvVars({ PATH: "/opt/bin:$PATH", HERE: "$PATH" })
        .withWorkdir("/a b/$x \"y\"'z'\\"),
    );
    const { Config } = await inspectImage(built);
    assert.equal(Config.WorkingDir, "/a b/$x \"y\"'z'\\");
    assert.ok(Config.Env.includes("PATH=/opt/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"), Config.Env.join("\n"));
    assert.ok(Config.Env.includes("HERE=$PATH"));
    assert.ok(Config.Env.includes(`_F_IMG_ID=${built.imageName}`));
    assert.equal(Config.User, "");
  });

  it("has each value as it was given, whatever is in it [F87]", async () => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    console.log(`      seed ${seed}`);
    const random = new Random(seed);
    const pieces = [
      " ",
      "  ",
      "'",
      '"',
      "$",
      "${",
      "}",
      "$HOME",
      "${HOME}",
      "${HOME:-x}",
      "\\",
      "\\\\",
      "\\n",
      "\n",
      "\n\n",
      "\t",
      "#",
      "# ",
      "=",
      "<<EOF",
      "&&",
      ";",
      "`id`",
      "é",
      "😀",
      "a",
      "A=b",
      "\r",
      "\u2028",
      "[",
      '["a"]',
      "--",
      "%",
    ];
    const value = (): string =>
      Array.from({ length: random.below(7) }, () => pieces[random.below(pieces.length)]).join("");
    const variables = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`V${i}`, value()]));
    const { Config } = await inspectImage(await buildImage(start.withEnvVars(variables)));
    const found = Object.fromEntries(
      Config.Env.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
    for (const [name, expected] of Object.entries(variables))
      assert.equal(found[name], expected, `${name} of seed ${seed}`);
  });

  it("runs each command as it was written [F32] [F86]", async () => {
    const commands = [
      "echo \"it's $((1 + 1))\" 'a  b' > /1",
      "printf 'one\\ntwo\\n' > /2",
      "cat > /3 <<'EOF'\n$HOME \\ \"quoted\"\n\n# kept\nEOF",
      "[ -f /1 ] && echo yes > /4",
      "# a comment\necho after > /5",
      "echo continued \\\n  line > /6",
      "echo '[\"x\"]' > /7",
      "echo \\\\ back > /8",
      "echo ünï 😀 > /9",
    ];
    const lines = await printedIn(start.withCommands(commands), "cat /1 /2 /3 /4 /5 /6 /7 /8 /9");
    assert.deepEqual(lines, [
      "it's 2 a  b",
      "one",
      "two",
      '$HOME \\ "quoted"',
      "",
      "# kept",
      "yes",
      "after",
      "continued line",
      '["x"]',
      "\\ back",
      "ünï 😀",
    ]);
  });

  it("stands on another that was built by its definition [F14] [F20]", async () => {
    const first = await buildImage(start.withEnvVars({ ONE: "1" }).withWorkdir("/one"));
    const imageRefs = { base: first.imageName };
    const second = await buildImage(
      Image.fromRefName("base")
        .clone({ name: uniqueName(), extendable: true, platform: ownPlatform })
        .withEnvVars({ TWO: "2" }),
      { imageRefs },
    );
    const { Config } = await inspectImage(second);
    assert.ok(Config.Env.includes("ONE=1") && Config.Env.includes("TWO=2"));
    assert.equal(Config.WorkingDir, "/one");
  });

  it("is built by its Dockerfile, with the folder of that as its context [F17] [F113]", async () => {
    const root = temporaryFolder({
      "docker/Dockerfile": "FROM busybox:1.35\nCOPY x /x\nRUN cat /x\n",
      "docker/x": uniqueName(),
    });
    const image = Image.fromDockerfile("docker/Dockerfile", {
      registry: plainRegistry(),
      name: uniqueName(),
      platform: ownPlatform,
    });
    const { imageName, digest, output } = await buildImage(image, { root });
    assert.equal(imageName, await image.uri({ root }));
    assert.equal(digest, await registryDigest(imageName));
    assert.match(output, /^app-[0-9a-f]{8}/m);
  });

  it("is for the platform that it names [F5] [F22] [F112]", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY x /x\n", x: "x" });
    const image = Image.fromDockerfile("Dockerfile", { registry: plainRegistry(), name: uniqueName() });
    for (const platform of ["linux/amd64", "linux/arm64"] as const) {
      assert.equal(
        (await inspectImage(await buildImage(image.clone({ platform }), { root }))).Architecture,
        platform.slice("linux/".length),
      );
    }
  });

  it("is nothing to build when it is only a reference [F11] [F103]", async () => {
    assert.equal(await plannedBuild(Image.fromBase("busybox:1.35")), undefined);
    assert.equal(await plannedBuild(Image.fromDebianBase()), undefined);
  });

  it("gives secrets to commands by variable or file, and not to image, log and history [F66] [F67] [F70]", async () => {
    const value = uniqueName("hunter");
    const secretsFolder = temporaryFolder({ netrc: `${value}-file` });
    const image = start.withCommands(
      [
        `test "$IMAGE_TOKEN" = "$(echo ${value.split("").join("''")})" && test "$(cat /root/.netrc)" = ` +
          '"$IMAGE_TOKEN-file" && echo all is well',
        "printf '%s' \"$IMAGE_TOKEN\" \\\n  | wc -c",
      ],
      { secretMounts: ["IMAGE_TOKEN", { key: "netrc", mount: "/root/.netrc" }] },
    );
    process.env.IMAGE_TOKEN = value;
    const built = await buildImage(image, { secretsFolder }).finally(() => delete process.env.IMAGE_TOKEN);
    assert.match(built.output, /all is well/);
    assert.ok(built.output.includes(`${value.length}\n`));
    const history = JSON.stringify(await askDaemon(`/images/${encodeURIComponent(built.imageName)}/history`));
    assert.ok(!history.includes(value) && !built.output.includes(value));
    const left = await printedIn(
      Image.fromBase(built.imageName).clone({ name: uniqueName(), extendable: true, platform: ownPlatform }),
      "grep -rl hunter- /root /tmp /etc /home; env | grep -c IMAGE_TOKEN; echo end",
    );
    assert.deepEqual(left, ["0", "end"]);
  });

  it("uses the layers before a change again, wherever the folder is [F99]", async () => {
    const image = start
      .withCommands([`echo slow ${uniqueName()}`])
      .withSourceFolder("proj", { dst: "/p" })
      .withCommands(["ls /p"]);
    const [one, two] = [imageProject(), imageProject()];
    await buildImage(image, { root: one });
    const again = await buildImage(image, { root: two });
    assert.equal(again.output, "", "every step is cached");
    writeFiles(two, { "proj/new": "1" });
    assert.match((await buildImage(image, { root: two })).output, /^new$/m);
  });
});
