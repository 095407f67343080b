/** Keys that the extension sets. Conditions in package.json name them as `imageBuilders:<key>`. */
export const contextKeys = [
  "building",
  "contextExcludedShown",
  "contextFiltered",
  "contextFolders",
  "contextShown",
  /** Set once the person has copied a digest; checks off a step of the walkthrough. */
  "digestCopied",
  /** Code of the error of the default builder's daemon; empty if there is none. */
  "daemonProblem",
  /** `found` or `none`; unset until the Builds view has searched. */
  "dockerfiles",
  /** Set once an ignore file was saved; checks off a step of the walkthrough. */
  "ignoreFileSaved",
  "isAllContext",
  /** Set once an image was pushed; checks off a step of the walkthrough. */
  "pushed",
] as const;
