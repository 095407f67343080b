import assert from "node:assert/strict";
import { Image } from "../../../src/core/image/image";
import { renderDockerfile } from "../../../src/core/image/render/dockerfile";
import { resolveImage } from "../../../src/core/image/resolve/resolve";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { pythonProject } from "../../support/uv/pythonProject";
import { start } from "./projectSupport";

describe("the Python of an image", () => {
  after(removeTemporaryFolders);

  const project = (requiresPython: string | undefined, more: Record<string, string> = {}): string =>
    temporaryFolder({ ...pythonProject("", { name: "app", requiresPython }), ...more });
  const debian = Image.fromDebianBase({ installFlyte: false, name: "app" });
  const rows: readonly (readonly [
    title: string,
    image: Image<true>,
    root: () => string,
    base: string,
    line: RegExp,
  ])[] = [
    [
      "the default without a requirement",
      debian,
      () => project(undefined),
      "python:3.12-slim-bookworm",
      /uv venv --python 3\.12 /,
    ],
    [
      "the project's",
      debian,
      () => project(">=3.10,<3.12"),
      "python:3.11-slim-bookworm",
      /^# requires-python in pyproject\.toml selects Python 3\.11\.$/m,
    ],
    [
      "the one pinned beside the project",
      debian,
      () => project(">=3.10", { ".python-version": "3.13\n" }),
      "python:3.13-slim-bookworm",
      /^# \.python-version selects Python 3\.13\.$/m,
    ],
    [
      "the one that is named",
      debian.clone({ pythonVersion: [3, 11] }),
      () => project(">=3.10"),
      "python:3.11-slim-bookworm",
      /uv venv --python 3\.11 /,
    ],
    [
      "of Flyte's image the project's",
      Image.fromDebianBase({ name: "app" }),
      () => project("==3.11.*"),
      "ghcr.io/flyteorg/flyte:py3.11-v2.5.1",
      /uv venv --python 3\.11 /,
    ],
    [
      "the base's, if it suits the project",
      start,
      () => project(">=3.10"),
      "python:3.12-slim",
      /uv venv --python '>=3\.10' /,
    ],
    ["the base's without a requirement", start, () => project(undefined), "python:3.12-slim", /uv venv \/opt\/venv/],
  ];
  for (const [title, image, root, base, line] of rows) {
    it(`is ${title}`, () => {
      const resolved = resolveImage(image.withUvProject("pyproject.toml"), { root: root() });
      assert.equal(resolved.baseImage, base);
      assert.match(renderDockerfile(resolved, "app:tag").text, line);
    });
  }
});
