import type { Destination } from "../base/sourceConsent";

/** Whether a secret may go somewhere: it may, it belongs there from now on, a person has to say, or it never does. */
export type SecretVerdict = "allowed" | "bind" | "ask" | "refused";

const anyBuild = "build";

/**
 * Names what a secret belongs to once it was sent there: a host, the builds of this machine, those of a daemon
 * elsewhere, or the places that a flavor's configuration names. Undefined for a destination that takes no secret.
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
      return undefined;
  }
}

/** The verdicts from the mildest on. */
const severity: readonly SecretVerdict[] = ["allowed", "bind", "ask", "refused"];

/**
 * Decides whether values of a secret may go somewhere; of several the strictest verdict counts.
 *
 * @param bound what each value belongs to so far, as `boundTo` names it
 * @param isOwn whether the person's own settings or answers name it, and not a workspace
 */
export function secretVerdict(bound: readonly (readonly string[])[], wanted: string, isOwn: boolean): SecretVerdict {
  const verdicts = bound.map((places) => valueVerdict(places, wanted, isOwn));
  return severity.findLast((each) => verdicts.includes(each)) ?? "allowed";
}

function valueVerdict(bound: readonly string[], wanted: string, isOwn: boolean): SecretVerdict {
  const isKnown = bound.includes(wanted);
  // A person's own build secrets follow them from daemon to daemon; a registry's password never becomes one.
  const isNear = bound.length === 0 || (isBuild(wanted) && bound.every(isBuild));
  if (!isKnown && !isNear) return "refused";
  if (!isOwn) return "ask";
  return isKnown ? "allowed" : "bind";
}

function isBuild(place: string): boolean {
  return place === anyBuild || place.startsWith(`${anyBuild} `);
}
