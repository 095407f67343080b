import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { Image } from "../../src/core/image/image";
import { buildImage, ownPlatform, printedIn } from "../support/buildImage";
import { plainRegistry, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { imageProject } from "../support/imageProject";
import { start } from "./imageStart";

describe("an image by its definition", () => {
  after(removeTemporaryFolders);

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

  for (const how of ["layers", "a Dockerfile"] as const)
    it(`holds its tag's bytes, though the daemon has others of the same size and time: ${how}`, async () => {
      const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nWORKDIR /w\nCOPY a.txt .\nRUN cat a.txt\n" });
      const registry = plainRegistry();
      const image =
        how === "layers"
          ? start.withWorkdir("/w").withSourceFile("a.txt").withCommands(["cat a.txt"])
          : Image.fromDockerfile("Dockerfile", { name: uniqueName(), registry, platform: ownPlatform });
      const names = new Set<string>();
      for (const content of [uniqueName("one"), uniqueName("two")]) {
        writeFiles(root, { "a.txt": content });
        utimesSync(join(root, "a.txt"), 499162500, 499162500);
        const { imageName, output } = await buildImage(image, { root });
        names.add(imageName);
        assert.match(output, new RegExp(`^${content}`, "m"));
      }
      assert.equal(names.size, 2);
    });

  it("holds the same folder by both builders, also where the ignore file excludes the Dockerfile", async () => {
    const root = temporaryFolder({
      Dockerfile: "FROM busybox:1.35\nWORKDIR /w\nCOPY . .\nRUN find . | sort\n",
      ".dockerignore": "Dockerfile\n*.log\n",
      "a.log": "",
      "b/c.txt": "c",
    });
    mkdirSync(join(root, "empty"));
    const image = Image.fromDockerfile("Dockerfile", {
      name: uniqueName(),
      registry: plainRegistry(),
      platform: ownPlatform,
    });
    for (const builder of ["buildkit", "classic"] as const) {
      const { output } = await buildImage(image, { root }, { builder, noCache: true });
      assert.deepEqual(
        output.match(/^\.(?:\/.*)?$/gm),
        [".", "./.dockerignore", "./b", "./b/c.txt", "./empty"],
        builder,
      );
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
});
