import { inOrder, type WordTest } from "../base/wordsInOrder";

const tagRemedy = "See whether the base image has that tag.";

const remedies: readonly (readonly [words: WordTest, remedy: string])[] = [
  [
    /toomanyrequests|: 429 Too Many Requests|HTTP 429 response/i,
    "The base image's registry limits how often it is asked: wait, or log in to it.",
  ],
  [
    inOrder(/status code|HTTP status|unexpected status/i, /: 5\d\d /i),
    "The base image's registry has a fault of its own: try again later.",
  ],
  [
    /pull access denied|repository does not exist|unauthorized|no basic auth credentials|denied(?::|$)|: 403 Forbidden/i,
    "See whether the base image's name is right and whether you are logged in to its registry.",
  ],
  [
    /unknown blob|could not fetch content descriptor/i,
    "The base image's registry has not all of the base image: have it pushed anew.",
  ],
  [/manifest (?:unknown|not found)|: not found$/i, tagRemedy],
  [inOrder(/manifest for /i, / (?:unknown|not found)/i), tagRemedy],
  [
    /no such host|dial tcp|failed to do request|i\/o timeout|TLS handshake|connection refused|connection reset by peer|(?:Get|Head) "[^"]*": EOF/i,
    "The daemon could not reach the base image's registry: see whether its name is right and whether the daemon has a network.",
  ],
];

/** What to do about an image that the daemon could not get, by its registry's words. */
export function imageRemedy(words: string): string | undefined {
  return remedies.find(([test]) => test.test(words))?.[1];
}
