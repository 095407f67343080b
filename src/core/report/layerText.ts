import { longestText } from "./reportRecord";

const shell = " /bin/sh -c ";

/**
 * Returns the instruction that has made a layer, without the values of build arguments, which Docker writes before the
 * command (`RUN |1 TOKEN=… /bin/sh -c make`), because they may be secret.
 */
export function layerText(createdBy: string): string {
  const text = createdBy.replace(/\s+/g, " ").trim();
  if (!/^(?:RUN )?\|\d+ /.test(text)) return plain(text).slice(0, longestText);
  // A value may contain the same words, so the last ones count.
  const at = text.lastIndexOf(shell);
  return (at < 0 ? "RUN" : plain(`RUN ${text.slice(at + 1)}`)).slice(0, longestText);
}

/** Writes instructions as in a Dockerfile, without the notes of the builders. */
function plain(text: string): string {
  const noted = text.replace(/ # buildkit$/, "").replace(/^\/bin\/sh -c #\(nop\) /, "");
  return noted.replace(/^(?:RUN )?\/bin\/sh -c /, "RUN ");
}
