import assert from "node:assert/strict";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { Image } from "../../../src/core/image/image";

/** An image that takes no layers. */
export const base = Image.fromBase("python:3.12-slim");

/** An image that takes layers. */
export const start = base.clone({ name: "app", extendable: true });

/** Takes away what the compiler knows, as someone in JavaScript does. */
export function loose(value: unknown): never {
  return value as never;
}

/** The message by which an act is refused. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(ImageBuilderError.is(error, "imageInvalid"), String(error));
    return error.message;
  }
  assert.fail("it must be refused");
}
