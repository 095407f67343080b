import { createHash } from "node:crypto";

export const sha256 = (content: string | Buffer): string =>
  `sha256:${createHash("sha256").update(content).digest("hex")}`;
export const [a, b] = [sha256("a"), sha256("b")];
