import { ImageBuilderError, type ErrorCode } from "./errors";

/** An algorithm that the OCI image specification registers: 64 hexadecimal digits with sha256, 128 with sha512. */
export type DigestAlgorithm = "sha256" | "sha512";

const pattern = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
const maxLength = "sha512:".length + 128;
const imageIdPattern = /^[0-9a-f]{64}$/;

/** Checks whether a value is a digest: `sha256:` and 64, or `sha512:` and 128 lowercase hexadecimal digits. */
export function isDigest(value: unknown): value is string {
  return typeof value === "string" && value.length <= maxLength && pattern.test(value);
}

/**
 * Checks a digest that comes from outside. Call it before a digest is shown, stored, made part of an address, or
 * copied.
 *
 * @param from subject of the error message: the sender, such as `The registry ghcr.io`
 * @throws ImageBuilderError with `code`, default `digestInvalid`; the value is not quoted, since it may be anything
 */
export function checkedDigest(value: unknown, from: string, code: ErrorCode = "digestInvalid"): string {
  if (isDigest(value)) return value;
  const expected = 'expected "sha256:" with 64 or "sha512:" with 128 lowercase hexadecimal digits';
  const remedy = "Do not use this image. Check that the address of the registry or daemon is right.";
  throw new ImageBuilderError(code, `${from} returned an invalid digest: ${expected}. ${remedy}`);
}

/**
 * Checks the id that a daemon gives an image; adds the `sha256:` that Podman may omit.
 *
 * @throws ImageBuilderError as `checkedDigest`
 */
export function checkedImageId(value: unknown, from: string): string {
  return checkedDigest(typeof value === "string" && imageIdPattern.test(value) ? `sha256:${value}` : value, from);
}

/** Returns the algorithm of a checked digest: sha512 if the text begins with "sha512:", otherwise sha256. */
export function algorithmOf(digest: string): DigestAlgorithm {
  return digest.startsWith("sha512:") ? "sha512" : "sha256";
}
