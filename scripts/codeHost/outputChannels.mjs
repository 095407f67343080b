import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

const extensionId = "image-builders.image-builders";

/** Matches the file of the plain channel that builds write to. */
const buildChannel = /\/output_logging_[^/]+\/\d+-Image Builders Build\.log$/;

/** Matches the file of the log channel, whose folder has the extension's id. */
const logChannel = new RegExp(`/${extensionId}/[^/]+\\.log$`);

/**
 * Finds the files of the channel that builds write to, oldest window first. They contain the whole output, while the
 * page of the panel contains only the visible lines.
 *
 * @param {string} userData VS Code's user data folder
 */
export function buildLogFiles(userData) {
  return filesLike(buildChannel, userData);
}

/**
 * Returns the contents of all output channels of the extension.
 *
 * @param {string} userData VS Code's user data folder
 */
export async function readChannels(userData) {
  const files = [...(await filesLike(buildChannel, userData)), ...(await filesLike(logChannel, userData))];
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("");
}

/**
 * @param {RegExp} pattern
 * @param {string} userData
 */
async function filesLike(pattern, userData) {
  const logs = path.join(userData, "logs");
  const files = await readdir(logs, { recursive: true }).catch(() => []); // missing before the first window
  return files
    .filter((file) => pattern.test(file))
    .sort()
    .map((file) => path.join(logs, file));
}
