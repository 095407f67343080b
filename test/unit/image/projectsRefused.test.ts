import assert from "node:assert/strict";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { Image } from "../../../src/core/image/image";
import { resolveImage } from "../../../src/core/image/resolve/resolve";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { pythonProject } from "../../support/uv/pythonProject";
import { assertRefused, start, textOf } from "./projectSupport";

describe("a Python project that can't be installed", () => {
  after(removeTemporaryFolders);

  const project = (more: string, dependencies = ["tools"]): Record<string, string> =>
    pythonProject("", { name: "app", dependencies, more });
  const byPip: readonly (readonly [title: string, files: Record<string, string>, message: RegExp])[] = [
    [
      "a package of one index",
      project(
        '[tool.uv.sources]\ntools = { index = "mine" }\n' +
          '[[tool.uv.index]]\nname = "mine"\nurl = "https://i/simple"\nexplicit = true\n',
      ),
      /"tools" comes from one index only/,
    ],
    [
      "an index before PyPI",
      project('[[tool.uv.index]]\nname = "mine"\nurl = "https://i/simple"\n'),
      /prefers the index "mine"/,
    ],
    [
      "dependencies that building tells",
      { "pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndynamic = ["dependencies"]\n' },
      /its dependencies are dynamic/,
    ],
  ];
  for (const [title, files, message] of byPip) {
    it(`is refused by pip for ${title}, and left to uv`, () => {
      const root = temporaryFolder(files);
      assertRefused(start.withUvProject("pyproject.toml"), { root, installer: "pip" }, message);
      assert.match(textOf(start.withUvProject("pyproject.toml"), { root }), /uv sync/);
    });
  }

  const refused: readonly (readonly [title: string, image: Image, files: Record<string, string>, message: RegExp])[] = [
    [
      "a path source that isn't there",
      start.withUvProject("pyproject.toml"),
      project('[tool.uv.sources]\ntools = { path = "../gone" }\n'),
      /depends on "\.\.\/gone", which doesn't exist/,
    ],
    [
      "a path dependency of Poetry that isn't there",
      start.withPoetryProject("pyproject.toml"),
      {
        "pyproject.toml": "",
        "poetry.lock": '[[package]]\nname = "x"\n[package.source]\ntype = "directory"\nurl = "../gone"\n',
      },
      /depends on "\.\.\/gone", which doesn't exist/,
    ],
    ...[
      "-e .",
      "--editable=./lib",
      "./lib",
      "x @ file:///opt/x",
      "-f ./wheels",
      "--find-links wheels",
      "lib/x.whl",
    ].map(
      (line) =>
        [
          `requirements with "${line}"`,
          start.withRequirements("r.txt"),
          { "r.txt": `plain\n${line}  # here\n` },
          /line 2 of ".*r\.txt" is ".+", a path on this machine/,
        ] as const,
    ),
    ...["-c limits.txt", "--constraint=limits.txt", "-e .", "-f ./wheels", "--find-links wheels", "./x.whl"].map(
      (extraArgs) =>
        [
          `arguments with "${extraArgs}"`,
          start.withPipPackages("x", { extraArgs }),
          {},
          /is a path on this machine, which the build doesn't have/,
        ] as const,
    ),
    [
      "git that isn't in the image",
      start.withPipPackages("x @ git+https://github.com/a/b"),
      {},
      /"x @ git\+https.*" is fetched by git, which the image doesn't have/,
    ],
    [
      "git that isn't in the image, for requirements",
      start.withRequirements("r.txt"),
      { "r.txt": "git+https://github.com/a/b\n" },
      /is fetched by git/,
    ],
    [
      "git that isn't in the image, for a source",
      start.withUvProject("pyproject.toml"),
      project('[tool.uv.sources]\ntools = { git = "https://github.com/a/b" }\n'),
      /"tools" is fetched by git/,
    ],
    [
      "another Python than it needs",
      start.clone({ pythonVersion: [3, 10] }).withUvProject("pyproject.toml"),
      pythonProject("", { name: "app", requiresPython: ">=3.11" }),
      /requires Python >=3\.11, but the image has 3\.10/,
    ],
  ];
  for (const [title, image, files, message] of refused)
    it(`is refused for ${title}`, () => assertRefused(image, { root: temporaryFolder(files) }, message));

  for (const [base, command] of [
    ["alpine:3.22", "apk add --no-cache git curl"],
    ["python:3.12-alpine", "apk add --no-cache git curl"],
    ["fedora:42", "dnf install -y git curl"],
    ["registry.access.redhat.com/ubi9/ubi-minimal:9.6", "microdnf install -y git curl"],
    ["registry.access.redhat.com/ubi9:9.6", "dnf install -y git curl"],
  ] as const) {
    it(`is refused for Debian's packages on a base that has no apt: ${base}`, () => {
      const image = start.clone({ baseImage: base }).withAptPackages("git", "curl");
      assert.throws(() => resolveImage(image), { message: new RegExp(`has no apt\\. Use .* with "${command}"`) });
    });
  }

  it("is not refused where an earlier layer may bring what it needs", () => {
    const root = temporaryFolder({ "limits.txt": "" });
    const places = { root };
    const git = "x @ git+https://github.com/a/b";
    for (const image of [
      start.withAptPackages("git").withPipPackages(git),
      start.withCommands("apk add git").withPipPackages(git),
      start.clone({ baseImage: "python:3.12" }).withPipPackages(git),
      start.clone({ baseImage: "ghcr.io/team/base:1" }).withPipPackages(git),
      start.withSourceFile("limits.txt").withPipPackages("x", { extraArgs: "-c limits.txt" }),
      start.withPipPackages("x", { extraArgs: "-c /opt/limits.txt --index-url https://a/b" }),
    ])
      assert.ok(resolveImage(image, places));
  });

  for (const text of [
    "https://user:hunter2@i/simple",
    "https://ghp_abc123@i/simple",
    "git+https://TOKEN@github.com/a/b",
  ]) {
    it(`is refused for credentials in an address, which are not shown: ${text}`, () => {
      const attempts = [
        () => start.withPipPackages(`x @ ${text}`),
        () => start.withPipPackages("x", { indexUrl: text }),
        () => start.withPipPackages("x", { extraIndexUrls: ["https://a", text] }),
        () => start.withPipPackages("x", { extraArgs: `--find-links ${text}` }),
        () => start.withPoetryProject("pyproject.toml", { extraArgs: text }),
      ];
      for (const attempt of attempts) {
        assert.throws(attempt, (error) => {
          assert.ok(ImageBuilderError.is(error, "imageInvalid"));
          assert.match(error.message, /contains a password or token/);
          assert.doesNotMatch(error.message, /hunter2|ghp_abc123|TOKEN/);
          return true;
        });
      }
    });
  }

  for (const [what, image, files, installer] of [
    [
      "a script's header",
      Image.fromUvScript("s.py", { name: "s" }),
      { "s.py": '# /// script\n# dependencies = ["x @ https://hunter2@h/x.whl"]\n# ///\n' },
      "uv",
    ],
    [
      "a project that pip installs",
      start.withUvProject("pyproject.toml"),
      project("", ["x @ https://hunter2@h/x.whl"]),
      "pip",
    ],
    [
      "the index of a project that pip installs",
      start.withUvProject("pyproject.toml"),
      project('[[tool.uv.index]]\nurl = "https://me:hunter2@i/simple"\ndefault = true\n'),
      "pip",
    ],
  ] as const) {
    it(`is refused for credentials in ${what}, which would be in the Dockerfile`, () => {
      assert.throws(
        () => resolveImage(image, { root: temporaryFolder(files), installer }),
        (error) => {
          assert.ok(ImageBuilderError.is(error, "imageInvalid"));
          assert.match(error.message, /contains a password or token/);
          assert.doesNotMatch(error.message, /hunter2/);
          return true;
        },
      );
    });
  }

  it("may name users that are no secret, and variables", () => {
    for (const url of [
      "https://$TOKEN@i/simple",
      "https://me:${TOKEN}@i",
      "https://oauth2accesstoken@i/simple",
      "https://i:80/@x",
    ])
      assert.ok(start.withPipPackages("x", { indexUrl: url, secretMounts: "TOKEN" }));
    assert.ok(start.withPipPackages("x @ git+ssh://git@github.com/a/b"));
  });
});
