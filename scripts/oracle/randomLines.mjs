/** @typedef {import("./random.mjs").Random} Random */

/** Lines that builders reject, or that don't mean what they seem to mean. */
export const wrongLines = [
  "[",
  "a[",
  "[]",
  "[]a]",
  "[^]",
  "[a",
  "[a-",
  "[-a]",
  "[a-]",
  "a\\",
  "\\",
  "!",
  "! ",
  "!/",
  "!//",
  "![",
  "!a[",
  "[z-a]",
  "![z-a]",
  "\\y",
  "a\\1",
  "[[:foo:]]",
  "*[",
  "**/[",
  "a/[b/c",
  "[a]]",
  "[a/b]",
  "[\\",
  "[a\\]",
  "!\\",
  "\\E",
  "[\\b]",
  "\\pX",
  "\\p",
  "\\x6",
  "a*[",
  "*{2}",
  "?{3,2}",
  "!.",
  "!./",
  "!..",
  "!a/..",
  "/",
  "//",
  ".",
  "..",
  "../a",
  "!../a",
  "#",
  "!#a",
  "\\#x",
  "\\!x",
  "\\ lead",
  "/!a",
  "./!a",
  "./#x",
  "!!x",
  "!!a",
];
const sets = [
  "[a-z]",
  "[0-9]",
  "[A-Z]",
  "[[:alpha:]]",
  "[[:digit:]]",
  "[a-]",
  "[.]",
  "[*]",
  "[?]",
  "[a*]",
  "[**]",
  "[$]",
  "[(|)]",
  "[\\]]",
  "[\\d]",
  "[a^b]",
  "[+-.]",
  "[^a]",
  "[^/]",
  "[!a]",
  "[!z]",
];
const escapes = [
  "\\d",
  "\\w",
  "\\b",
  "\\A",
  "\\z",
  "\\x61",
  "\\.",
  "\\n",
  "\\D",
  "\\pL",
  "\\Q",
  "\\E",
  "\\y",
  "\\S",
  "\\141",
  "\\0",
  "\\B",
  "\\",
];
const starts = [
  "../",
  "q/../",
  "/../",
  "a/b/../../",
  ".//",
  "//",
  "./",
  "/",
  "/!",
  "/#",
  "/ ",
  "^",
  "$",
  "+",
  ".",
  "(",
  ")",
  "|",
  "{",
  "}",
  "]",
  "-",
  "&",
  "~",
  "**/**/",
  "**",
];
const ends = [
  "/",
  "//",
  "/.",
  "/..",
  "/../",
  "/**/",
  "/*/",
  "/**/*",
  "/*/**",
  " # comment",
  " #x",
  "\t",
  " !",
  "#",
  "\\",
  " \\",
  "^",
  "$",
  "+",
  "]",
  "{1}",
  "(x)",
  "|a",
  "^*",
  "$*",
  "**",
];

/**
 * Creates a line that refers to a path of the tree.
 *
 * @param {Random} random
 * @param {readonly string[]} files
 * @param {number} exceptions probability that it begins with `!`
 */
export function randomLine(random, files, exceptions) {
  if (random.chance(0.04)) return random.pick(["# comment", "#a", "", "  ", " # no comment"]);
  let parts = /** @type {string} */ (random.pick(files).split(" -> ")[0]).split("/").filter((part) => part !== "");
  if (random.chance(0.4)) parts = parts.slice(0, 1 + random.below(parts.length));
  if (random.chance(0.15)) parts = parts.slice(random.below(parts.length));
  parts = parts.map((part) => (random.chance(0.35) ? withWildcard(random, part) : part));
  if (random.chance(0.22)) parts.unshift("**");
  if (random.chance(0.1)) parts.push(random.pick(["*", "**", "*.*"]));
  if (random.chance(0.05)) parts.splice(random.below(parts.length + 1), 0, "**");
  const text = (random.chance(0.1) ? "/" : "") + parts.join("/") + (random.chance(0.1) ? "/" : "");
  return (random.chance(exceptions) ? "!" : "") + text;
}

/**
 * Adds syntax to a line whose meaning few people know.
 *
 * @param {Random} random
 * @param {string} line
 */
export function withTrap(random, line) {
  const characters = [...line];
  const at = random.below(characters.length + 1);
  const inside = (/** @type {string} */ text, /** @type {number} */ replaced) =>
    characters.toSpliced(at, replaced, text).join("");
  const traps = [
    () => inside(random.pick(sets), 1),
    () => inside(random.pick(escapes), random.below(2)),
    () => inside(random.pick(["**", "***", "*", "?"]), 0),
    () => (line.startsWith("!") ? `!${random.pick(starts)}${line.slice(1)}` : random.pick(starts) + line),
    () => line + random.pick(ends),
    () => line.replace("/", random.pick(["//", "/./", "/q/../"])),
    () => line.toUpperCase(),
    () => line + random.pick([" ", "\u00a0", "\u0085", "\f", "\ufeff", "\u200b"]),
  ];
  return random.pick(traps)();
}

/**
 * @param {Random} random
 * @param {string} name
 */
function withWildcard(random, name) {
  const characters = [...name];
  const at = random.below(characters.length);
  const dot = name.lastIndexOf(".");
  return random.pick([
    "*",
    "**",
    `${characters[0]}*`,
    dot > 0 ? `*${name.slice(dot)}` : `*${characters.at(-1)}`,
    characters.with(at, "?").join(""),
    "?*",
    name,
  ]);
}
