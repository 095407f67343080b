import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../scripts/oracle/random.mjs";
import { Image } from "../../src/core/image/image";
import { plannedBuild } from "../support/plannedBuild";
import { buildImage, inspectImage, ownPlatform, printedIn } from "../support/buildImage";
import { askDaemon, plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { imageProject } from "../support/imageProject";

const start = Image.fromBase("busybox:1.35").clone({
  name: uniqueName("image"),
  extendable: true,
  platform: ownPlatform,
});

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

  it("holds folders and files in place, without ignored ones [F33] [F34] [F86] [F88] [F92] [F94]", async () => {
    const outside = temporaryFolder({ "out.txt": "outside" });
    const root = imageProject({
      ".dockerignore": "**/*.log\n!keep.log\nproj/secret\n",
      "proj/noise.log": "x",
      "proj/secret": "x",
      "odd $name*[1] 'it'.txt": "odd",
      Dockerfile: "FROM nothing",
      "proj/run.sh": "#!/bin/sh\n",
      "names/we ird $x 'q' \"d\" \\b *.txt": "w",
    });
    chmodSync(join(root, "proj/run.sh"), 0o775);
    mkdirSync(join(root, "proj/empty"));
    symlinkSync("src", join(root, "proj/link"));
    const image = start
      .withWorkdir("/w")
      .withSourceFolder("proj")
      .withSourceFolder("proj", { dst: "/opt/it's $1" })
      .withSourceFolder("proj/src", { copyContentsOnly: true })
      .withSourceFile(["a.txt", "odd $name*[1] 'it'.txt"], { dst: "/files" })
      .withSourceFile(["Dockerfile", "proj/secret", join(outside, "out.txt")], { dst: "/other/" })
      .withSourceFolder("names", { dst: "/names" })
      .withSourceFolder("names/../proj/empty", { dst: "/void" });
    const lines = await printedIn(image, "find /w /opt /files /other /names /void -exec stat -c '%n %a' {} + | sort", {
      root,
    });
    assert.deepEqual(
      lines,
      [
        "/files 755",
        "/files/a.txt 644",
        "/files/odd $name*[1] 'it'.txt 644",
        "/names 755",
        "/names/we ird $x 'q' \"d\" \\b *.txt 644",
        "/opt 755",
        "/opt/it's $1 755",
        ...[
          "link 777",
          "poetry.lock 644",
          "pyproject.toml 644",
          "run.sh 755",
          "src 755",
          "src/pkg 755",
          "src/pkg/__init__.py 644",
          "uv.lock 644",
        ].map((line) => `/opt/it's $1/${line}`),
        "/other 755",
        "/other/Dockerfile 644",
        "/other/out.txt 644",
        "/other/secret 644",
        "/void 755",
        "/w 755",
        "/w/pkg 755",
        "/w/pkg/__init__.py 644",
        "/w/proj 755",
        ...[
          "link 777",
          "poetry.lock 644",
          "pyproject.toml 644",
          "run.sh 755",
          "src 755",
          "src/pkg 755",
          "src/pkg/__init__.py 644",
          "uv.lock 644",
        ].map((line) => `/w/proj/${line}`),
      ].sort(),
    );
  });

  it("holds its own folder's files, though another's are as large and as old", async () => {
    const image = start.withSourceFile("a.txt").withCommands(["cat a.txt"]);
    for (const content of [uniqueName("one"), uniqueName("two")]) {
      const root = temporaryFolder({ "a.txt": content });
      utimesSync(join(root, "a.txt"), 499162500, 499162500);
      assert.match((await buildImage(image, { root })).output, new RegExp(`^${content}`, "m"));
    }
  });

  it("holds a bundle of the code, after everything else [F97]", async () => {
    const root = temporaryFolder({
      "main.py": "import app\n",
      "app/__init__.py": "",
      "app/unused.py": "",
      "data.csv": "1",
      ".venv/x": "x",
    });
    const list = ["find . -type f | sort"] as const;
    assert.deepEqual(await printedIn(start.withWorkdir("/w").withCodeBundle({ copyStyle: "all" }), list[0], { root }), [
      "",
    ]);
    const all = await buildImage(start.withWorkdir("/w").withCodeBundle({ copyStyle: "all" }), { root });
    const loaded = await buildImage(start.withWorkdir("/w").withCodeBundle(), { root });
    const on = (image: { imageName: string }) =>
      printedIn(
        Image.fromBase(image.imageName).clone({ name: uniqueName(), extendable: true, platform: ownPlatform }),
        list[0],
      );
    assert.deepEqual(await on(all), ["./app/__init__.py", "./app/unused.py", "./data.csv", "./main.py"]);
    assert.deepEqual(await on(loaded), ["./app/__init__.py", "./main.py"]);
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
