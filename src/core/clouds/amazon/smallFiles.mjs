import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

// Loaded before Amazon's libraries, which take Node's functions as they find them.

/** Tokens and remembered sign-ins are some kilobytes. */
const largestFile = 8 * 2 ** 20;
const openFlags = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);
const readWhole = fs.readFileSync;

/**
 * Reads the files that the configuration names, all of which are small: the chain would wait for who writes to a pipe,
 * where a thread cannot be ended, and read a device without end.
 *
 * @param {string} file
 * @param {Parameters<typeof fs.readFileSync>[1]} [options]
 */
function readSmall(file, options) {
  // A pipe that takes the file's place meanwhile is not waited for.
  const opened = fs.openSync(file, openFlags);
  try {
    const found = fs.fstatSync(opened);
    if (!found.isFile() || found.size > largestFile) throw new Error("It is not a file, or too large.");
    return readWhole(opened, options);
  } finally {
    fs.closeSync(opened);
  }
}

Object.assign(fs, { readFileSync: readSmall });
Object.assign(fs.promises, {
  readFile: async (/** @type {Parameters<typeof readSmall>} */ ...question) => readSmall(...question),
});
syncBuiltinESMExports();
