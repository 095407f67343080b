import { randomBytes } from "node:crypto";

const timeDigits = 9;
const pattern = /^[0-9a-z]{9}-[0-9a-f]{8}$/;

/** Creates the ID of a build. IDs sort by the time at which their builds started. */
export function newBuildId(startedAt: Date): string {
  return `${startedAt.getTime().toString(36).padStart(timeDigits, "0")}-${randomBytes(4).toString("hex")}`;
}

/** Checks whether a text has the form of a build's ID, so that it can be part of a file name. */
export function isBuildId(text: string): boolean {
  return pattern.test(text);
}
