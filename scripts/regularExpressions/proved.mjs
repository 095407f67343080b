/**
 * Regular expressions that are created at run time, by file, with the reason why no foreign text can make them slow.
 * The check fails for a new one until it is listed here; write a literal instead, or read the text by index.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const proved = {
  "src/core/context/dockerignore/characterClass.ts":
    "One class, \\p{…}, whose name is letters only; it is tried on one character at a time.",
  "src/core/context/propose/proposals.ts":
    "Made of the constant patterns of commonPatterns.ts, and tried on single file names.",
  "src/core/context/review/findSecrets.ts":
    "Alternatives of the constant beginnings in secretFormats.ts, without any repetition.",
};
