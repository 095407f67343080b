import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * Package that is part of the bundles.
 *
 * @typedef {object} BundledPackage
 * @property {string} folder
 * @property {string} name
 * @property {string} version
 * @property {string} license as in its package.json, empty if there is none
 * @property {string} author
 * @property {readonly string[]} texts texts of its license and notice files
 */

/** Licenses that only require their own text to be included. */
const allowed = new Set([
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "0BSD",
  "BlueOak-1.0.0",
  "Unlicense",
  "CC0-1.0",
]);

// Some packages of AWS don't contain the license text; others do.
const apache = readFileSync(
  path.join(import.meta.dirname, "../../node_modules/@aws-sdk/credential-provider-node/LICENSE"),
  "utf8",
);

/**
 * Standard license texts for packages that name a license without including its text, by license. @type
 * {Readonly<Record<string, string>>}
 */
const standardTexts = {
  "Apache-2.0": apache,
  // Buf's library contains a part from Google with its license at the top of the file.
  "(Apache-2.0 AND BSD-3-Clause)": `${apache.trim()}\n\n${headOf("@bufbuild/protobuf/dist/esm/wire/varint.js")}`,
  ISC: `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby
granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS
SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE
AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE
OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS
SOFTWARE.`,
};

/**
 * Finds the packages that files belong to, by the innermost `node_modules` in each path.
 *
 * @param {readonly string[]} files
 * @returns {BundledPackage[]} sorted by name
 */
export function packagesOf(files) {
  const folders = files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].map(readPackage).sort((one, other) => one.name.localeCompare(other.name, "en"));
}

/**
 * Returns the reasons why a package may not be shipped; empty if it may.
 *
 * @param {BundledPackage} bundled
 * @returns {string[]}
 */
export function problemsOf({ name, version, license, texts }) {
  if (license === "") return [`${name} ${version} names no license in its package.json.`];
  if (!isAllowed(license))
    return [`${name} ${version} has the license "${license}", which is not on the list of allowed ones.`];
  if (texts.length === 0 && !(license in standardTexts))
    return [`${name} ${version} ships no text of its license "${license}".`];
  return [];
}

/**
 * Returns the notices of all packages as one text.
 *
 * @param {readonly BundledPackage[]} packages
 */
export function noticesOf(packages) {
  const head = `Image Builders contains code of the ${packages.length} packages below, each under its own license.\n`;
  return [head, ...packages.map(noticeOf)].join(`\n${"-".repeat(80)}\n\n`);
}

/** @param {BundledPackage} bundled */
function noticeOf({ name, version, license, author, texts }) {
  const wording = texts.length > 0 ? texts : [`Copyright (c) ${author}\n\n${standardTexts[license] ?? ""}`];
  return `${name} ${version} (${license})\n\n${wording.map((text) => `${text.trim()}\n`).join("\n")}`;
}

/**
 * Checks an SPDX expression: of alternatives, one must be allowed; of combined licenses, all.
 *
 * @param {string} expression
 * @returns {boolean}
 * @see https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
 */
export function isAllowed(expression) {
  const inner = /^\(([^()]*)\)$/.exec(expression.trim());
  if (inner?.[1] !== undefined) return isAllowed(inner[1]);
  // Nested parentheses are rare, and an expression that can't be parsed is not allowed.
  if (/[()]/.test(expression)) return false;
  return expression
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((license) => allowed.has(license.trim())));
}

/**
 * @param {string} folder
 * @returns {BundledPackage}
 */
function readPackage(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) =>
    /^(?:licen[cs]e|copying|notice|third-?party-?notices)/i.test(file),
  );
  return {
    folder,
    name: String(name),
    version: String(version),
    license: typeof license === "string" ? license : "",
    author: typeof author === "string" ? author : String(author?.name ?? "the authors"),
    texts: files.sort().map((file) => readFileSync(path.join(folder, file), "utf8")),
  };
}

/**
 * Reads the comment at the beginning of a package's file.
 *
 * @param {string} file
 */
function headOf(file) {
  const lines = readFileSync(path.join(import.meta.dirname, "../../node_modules", file), "utf8").split("\n");
  const end = lines.findIndex((line) => !line.startsWith("//"));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^\/\/ ?/, ""))
    .join("\n");
}
