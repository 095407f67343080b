import assert from "node:assert/strict";
import { ImageBuilderError } from "../../../src/core/base/errors";
import type { ImageDefinition } from "../../../src/core/image/definition/definition";
import { Image } from "../../../src/core/image/image";
import { renderDockerfile } from "../../../src/core/image/render/dockerfile";
import { resolveImage, type ImagePlaces } from "../../../src/core/image/resolve/resolve";

/** A base with Python and without git. */
export const start = Image.fromBase("python:3.12-slim").clone({ name: "app", extendable: true });

/** A project that is installed itself. */
export const installed = { projectInstallMode: "install_project" } as const;

/** The source of a package of PyPI in a lock file of uv. */
export const registry = '{ registry = "https://pypi.org/simple" }';

/** The Dockerfile of an image. */
export function textOf(image: ImageDefinition, places: ImagePlaces = {}, baseUser?: string): string {
  return renderDockerfile(resolveImage(image, places), "app:tag", baseUser).text;
}

/** Checks that an image is refused with a message. */
export function assertRefused(image: ImageDefinition, places: ImagePlaces, message: RegExp): void {
  assert.throws(
    () => resolveImage(image, places),
    (error) =>
      (ImageBuilderError.is(error) &&
        ["imageInvalid", "imageFileMissing"].includes(error.code) &&
        message.test(error.message)) ||
      assert.fail(String(error)),
  );
}

/** The sources of the bind mounts of the instruction that has a word. */
export function mounted(text: string, word: string): string[] {
  const [step = ""] = text.split(/\n(?=RUN )/).filter((each) => each.startsWith("RUN") && each.includes(word));
  return Array.from(step.matchAll(/type=bind,source=([^,]+)/g), ([, source = ""]) => source);
}
