import { networkRemedy } from "./daemonNetwork";
import { inOrder, type WordTest } from "../base/wordsInOrder";

const tagRemedy = "Check that the base image has that tag.";
const loginRemedy = "Check that the base image's name is correct and that you are logged in to its registry.";

const remedies: readonly (readonly [words: WordTest, remedy: string])[] = [
  [
    /toomanyrequests|: 429 Too Many Requests|HTTP 429 response/i,
    "The base image's registry limits the number of requests. Wait, or log in to it.",
  ],
  [
    inOrder(/status code|HTTP status|unexpected status/i, /: 5\d\d /i),
    "The base image's registry reported a server error. Try again later.",
  ],
  [/pull access denied|repository does not exist|denied(?::|$)/i, loginRemedy],
  [/unauthorized|no basic auth credentials|: 403 Forbidden/i, loginRemedy],
  [
    /unknown blob|could not fetch content descriptor/i,
    "The base image is incomplete in its registry and must be pushed again.",
  ],
  [/manifest (?:unknown|not found)|: not found$/i, tagRemedy],
  [inOrder(/manifest for /i, / (?:unknown|not found)/i), tagRemedy],
];

/**
 * Returns what to do about an image that the daemon couldn't pull, based on the registry's words; undefined if they are
 * unknown.
 */
export function imageRemedy(words: string): string | undefined {
  return remedies.find(([test]) => test.test(words))?.[1] ?? networkRemedy(words, "base image's registry");
}
