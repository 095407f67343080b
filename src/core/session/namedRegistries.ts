import type { BuildOptions } from "../base/buildOptions";
import { namedImages } from "../dockerfile/namedImages";
import { canonicalHost, imageNameProblem, parseImageReference } from "../base/imageReference";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { cacheImages } from "../base/buildTargets";

/** Maximum length of a repository's path in Docker. */
const longestName = 255;

/** Repository that a build names. */
interface Repository {
  readonly host: string;
  /** Below the host; undefined if only a part of it is known. */
  readonly path?: string;
  readonly isNamed: (path: string) => boolean;
  readonly isWritten: boolean;
}

/**
 * Registries for which a build may need credentials: those of every image that the Dockerfile names, of the frontend,
 * and of the caches. The image's own registry doesn't count, because BuildKit doesn't push the image.
 */
export class NamedRegistries {
  readonly #repositories: readonly Repository[];
  /** Whether the Dockerfile may name registries that can't be determined. */
  readonly mayBeMore: boolean;

  private constructor(read: readonly string[], written: readonly string[], mayBeMore: boolean) {
    const all = [
      ...read.map((image) => repositoryOf(image, false)),
      ...written.map((image) => repositoryOf(image, true)),
    ];
    this.mayBeMore = mayBeMore || all.includes("unknown");
    this.#repositories = all.filter((repository) => typeof repository === "object");
  }

  /**
   * Returns the registries of a build with BuildKit.
   *
   * @param pushed names under which BuildKit pushes the image
   */
  static ofBuild(
    { text }: Pick<DockerfileSource, "text">,
    options: BuildOptions,
    pushed: readonly string[] = [],
  ): NamedRegistries {
    const { images, syntax, mayBeMore } = namedImages(text, options.buildArgs, options);
    const read = [...images, ...(syntax === undefined ? [] : [syntax]), ...(cacheImages(options) ?? [])];
    const caches = (options.cacheTo ?? []).flatMap((entry) => /(?:^|,)ref=([^,]+)/.exec(entry)?.[1] ?? []);
    return new NamedRegistries(read, [...caches, ...pushed], mayBeMore);
  }

  /** Returns the registries of a classic build, which has no frontends and uses local images as its cache. */
  static ofClassicBuild({ text }: Pick<DockerfileSource, "text">, options: BuildOptions): NamedRegistries {
    const { images, mayBeMore } = namedImages(text, options.buildArgs, options);
    return new NamedRegistries(images, [], mayBeMore);
  }

  /** Hosts, without duplicates. */
  get hosts(): string[] {
    return [...new Set(this.#repositories.map(({ host }) => host))];
  }

  /** Returns the repositories of a host whose names are known in full, without duplicates. */
  paths(host: string): string[] {
    return [...new Set(this.#repositories.flatMap((each) => (each.host === host ? (each.path ?? []) : [])))];
  }

  /** Whether an image of the registry is named. */
  names(host: string): boolean {
    return this.#repositories.some((repository) => repository.host === host);
  }

  /**
   * Returns the part of a token's scopes that the build needs: to pull what it names, and to push a cache that it
   * writes.
   *
   * @param scopes such as `repository:team/app:pull,push`
   */
  neededScopes(host: string, scopes: readonly string[]): string[] {
    return scopes.flatMap((scope) => {
      const [type, path = "", actions = "", ...more] = scope.split(":");
      if (type !== "repository" || more.length > 0 || path.length > longestName) return [];
      const repositories = this.#repositories.filter((each) => each.host === host && each.isNamed(path));
      const isRead = repositories.length > 0 || this.mayBeMore;
      const isWritten = repositories.some((each) => each.isWritten);
      const allowed = actions
        .split(",")
        .filter((action) => (action === "pull" && isRead) || (action === "push" && isWritten));
      return allowed.length > 0 ? [`repository:${path}:${allowed.join(",")}`] : [];
    });
  }
}

/** Returns `unknown` if not even the host is known, undefined for an invalid image name. */
function repositoryOf(image: string, isWritten: boolean): Repository | "unknown" | undefined {
  if (!image.includes("*")) {
    if (imageNameProblem(image) !== undefined) return undefined;
    const { host, path } = parseImageReference(image);
    return { host: canonicalHost(host), path, isNamed: (other) => other === path, isWritten };
  }
  const slash = image.indexOf("/");
  const first = slash < 0 ? "" : image.slice(0, slash);
  const hasHost = /[.:]/.test(first) || first === "localhost";
  if (first.includes("*") && hasHost) return "unknown";
  const host = hasHost ? canonicalHost(first) : "docker.io";
  const rest = (hasHost ? image.slice(slash + 1) : image).split("@")[0] ?? "";
  const tag = rest.indexOf(":", rest.lastIndexOf("/") + 1);
  const path = tag < 0 ? rest : rest.slice(0, tag);
  const isOfficial = !hasHost && !path.includes("/");
  return { host, isNamed: (other) => fits(other, path) || (isOfficial && fits(other, `library/${path}`)), isWritten };
}

/**
 * Whether a path matches a pattern in which `*` matches any text; scans the path once, regardless of the number of
 * stars.
 */
function fits(path: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return path === first;
  let at = first.length;
  if (!path.startsWith(first)) return false;
  for (const part of rest) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return path.length - last.length >= at && path.endsWith(last);
}
