import { withoutEnd } from "../base/trimText";

/** A project's registry at Google, or one repository of it. */
export interface GoogleRegistry {
  /** In lower case. */
  readonly host: string;
  /** As Google writes it: of a project that belongs to a domain, `example.com:project`. */
  readonly project: string;
  /** As image names have it: host, project, and repository, each after a slash. */
  readonly id: string;
}

const segment = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/;
const project = /^[a-z0-9]+(?:-+[a-z0-9]+)*$/;
const domain = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/;
const maxLength = 2_048;

/**
 * Whether a host is one of Google's registries: Artifact Registry by location, also by the endpoints of regions, and
 * the hosts of Container Registry, which Artifact Registry serves. No token of Google is sent to other hosts.
 *
 * @param host in lower case, without a scheme, port, and path
 */
function isGoogleHost(host: string): boolean {
  return (
    /^[a-z](?:[a-z0-9-]{0,40}[a-z0-9])?-docker\.pkg\.dev$/.test(host) ||
    /^docker\.[a-z][a-z0-9-]{0,40}\.rep\.pkg\.dev$/.test(host) ||
    isLegacy(host)
  );
}

/**
 * Reads which registry of Google is meant by an address with a project, or by a repository's resource name. Undefined
 * for all others, also for a host alone: each project has repositories of its own.
 *
 * @see https://cloud.google.com/artifact-registry/docs/docker/names
 */
export function googleRegistry(text: string): GoogleRegistry | undefined {
  if (text.length > maxLength) return undefined;
  const address = withoutEnd(text.trim().replace(/^https?:\/\//i, ""), "/");
  const [, named, location, repository] =
    /^projects\/([^/]+)\/locations\/([a-z0-9-]+)\/repositories\/([^/]+)$/.exec(address) ?? [];
  const [written = "", ...path] =
    named === undefined ? address.split("/") : [`${location}-docker.pkg.dev`, named, repository ?? ""];
  const host = written.toLowerCase();
  if (!isGoogleHost(host)) return undefined;
  const found = readProject(path);
  if (!found) return undefined;
  const kept = isLegacy(host) ? [] : found.rest.slice(0, 1);
  if (!found.rest.every((each) => segment.test(each))) return undefined;
  return { host, project: found.project, id: [host, ...found.project.split(":"), ...kept].join("/") };
}

/**
 * Reads an address with a project, as {@link googleRegistry} does, and writes it as image names have it: the project of
 * a domain with a slash.
 */
export function googleAddress(uri: string): string | undefined {
  if (!googleRegistry(uri) || uri.startsWith("projects/")) return undefined;
  const path = uri.search(/(?<![:/])\//);
  return uri.slice(0, path) + uri.slice(path).replace(":", "/");
}

/** Whether a text is a project's id, also of a project that belongs to a domain. */
export function isGoogleProject(text: string): boolean {
  return text.length <= maxLength && readProject([text])?.rest.length === 0;
}

/** Separates a project's domain from its name: only a domain contains a dot. */
function readProject([first = "", ...rest]: readonly string[]):
  { readonly project: string; readonly rest: readonly string[] } | undefined {
  const [scope = "", scoped, ...more] = first.split(":");
  if (more.length > 0) return undefined;
  if (scoped !== undefined) {
    return domain.test(scope) && project.test(scoped) ? { project: first, rest } : undefined;
  }
  if (project.test(first)) return { project: first, rest };
  const [below = "", ...others] = rest;
  return domain.test(first) && project.test(below) ? { project: `${first}:${below}`, rest: others } : undefined;
}

function isLegacy(host: string): boolean {
  return /^(?:[a-z]{1,40}\.)?gcr\.io$/.test(host);
}
