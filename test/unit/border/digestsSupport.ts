import { createHash } from "node:crypto";

/** The digest of a content. */
export const sha256 = (content: string | Buffer): string =>
  `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** Two digests. */
export const [a, b] = [sha256("a"), sha256("b")];
