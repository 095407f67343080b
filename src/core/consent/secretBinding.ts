import type { Destination } from "../base/sourceConsent";

/**
 * Verdict on sending a secret to a destination: allowed, allowed and then bound to it, allowed only by a person, or
 * never allowed.
 */
export type SecretVerdict = "allowed" | "bind" | "ask" | "refused";

const anyBuild = "build";

/**
 * Returns the binding of a secret that was sent to a destination: a host, the builds of this machine, those of a remote
 * daemon, or the places in a flavor's configuration. Undefined for a destination that accepts no secrets.
 */
export function boundTo(destination: Destination): string | undefined {
  switch (destination.kind) {
    case "host":
      return destination.host;
    case "build":
      return destination.isLocal ? anyBuild : `${anyBuild} ${destination.address}`;
    case "flavor":
      return ["flavor", destination.flavor, ...destination.addresses].join(" ");
    case "daemon":
    case "image":
    case "builtImage":
      return undefined;
  }
}

/** Verdicts in ascending order of severity. */
const severity: readonly SecretVerdict[] = ["allowed", "bind", "ask", "refused"];

/**
 * Decides whether values of a secret may be sent to a destination; the strictest verdict counts.
 *
 * @param bound current bindings of each value, as returned by `boundTo`
 * @param isOwn whether the person's own settings or answers refer to it, and not a workspace
 */
export function secretVerdict(bound: readonly (readonly string[])[], wanted: string, isOwn: boolean): SecretVerdict {
  const verdicts = bound.map((places) => valueVerdict(places, wanted, isOwn));
  return severity.findLast((each) => verdicts.includes(each)) ?? "allowed";
}

function valueVerdict(bound: readonly string[], wanted: string, isOwn: boolean): SecretVerdict {
  const isKnown = bound.includes(wanted);
  // A person's own build secrets may be used with any daemon; a registry's password never becomes a build secret.
  const isNear = bound.length === 0 || (isBuild(wanted) && bound.every(isBuild));
  if (!isKnown && !isNear) return "refused";
  if (!isOwn) return "ask";
  return isKnown ? "allowed" : "bind";
}

function isBuild(place: string): boolean {
  return place === anyBuild || place.startsWith(`${anyBuild} `);
}
