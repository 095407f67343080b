type Kinds = Readonly<Record<string, readonly (readonly string[])[]>>;

/**
 * Kinds of rows and the flags that each can have. Menus refer to them by `viewItem`: a kind, then flags that begin with
 * a semicolon. Flags in the same inner list exclude each other.
 */
export const contextValues = {
  build: [
    ["running", "elsewhere", "done", "failed", "cancelled", "interrupted"],
    ["pushed", "pushAgain"],
    ["runnable"],
  ],
  flavor: [["unused"]],
  "component.image_builder": [["secret"], ["connected"], ["active"], ["problem"]],
  "component.container_registry": [["secret"], ["connected"], ["active"], ["problem"]],
  confirm: [],
  detail: [],
  problem: [],
  localImages: [],
  localImage: [],
  repositories: [["filtered"]],
  repository: [["known"], ["filtered"]],
  tag: [],
  image: [],
  attestation: [],
  fact: [],
  action: [],
  "image.spec": [["exists", "absent", "unknown"], ["problem"], ["untrusted", "unconfirmed"], ["named"]],
  "image.confirm": [],
  "image.trust": [],
  "image.problem": [],
  "image.layer": [],
  "image.group": [],
  "image.fact": [],
  "image.note": [],
  connector: [["problem"]],
  secret: [],
  secretKey: [],
  secretUser: [],
  context: [["ignoreFile"]],
  contextEntry: [["sent", "excluded"], ["line"]],
  contextRest: [],
} as const satisfies Kinds;

/** Kind of a row, as menus name it. */
export type RowKind = keyof typeof contextValues;

type Flag<Kind extends RowKind> = (typeof contextValues)[Kind][number][number];

/** Returns the `viewItem` of a row: its kind, then each flag that applies after a semicolon. */
export function contextValueOf<Kind extends RowKind>(
  kind: Kind,
  flags: Readonly<Partial<Record<Flag<Kind>, boolean>>>,
): string {
  const set = Object.entries<boolean | undefined>(flags).flatMap(([flag, isSet]) => (isSet ? flag : []));
  return [kind, ...set].join(";");
}
