import * as z from "zod";
import { ImageBuilderError, type ErrorCode } from "../base/errors";
import { foreignWords } from "../border/foreignWords";
import { parseJson } from "../border/parseJson";
import type { HttpResponse } from "../http/httpClient";
import { entriesSchema, entryOf, readable, type IndexEntry } from "./descriptors";
import type { Manifest } from "./manifest";
import { pagesOf } from "./pages";
import type { RegistryConnection } from "./registryConnection";
import { pathOf, pullScope } from "./repositoryPath";

/** Content of a repository that refers to an image: signatures, attestations, bills of materials. */
export interface Referrers {
  readonly entries: readonly IndexEntry[];
  /** Number of entries that can't be read. */
  readonly unreadable: number;
  /** Whether the registry has more than are listed. */
  readonly hasMore?: boolean;
}

/** Maximum number of entries that are listed of one image. */
const maxReferrers = 1_000;
/** Maximum number of pages that are read; a page may be empty. */
const maxPages = 20;
/** Statuses with which registries without this list answer, and those that keep it to themselves. */
const isWithout: readonly number[] = [400, 401, 403, 404, 405, 406, 410, 415, 501];
const maxBytes = 4 * 2 ** 20;

const indexSchema = z.looseObject({ manifests: entriesSchema });

/**
 * Lists what refers to an image, all so far after each page: by the registry's list, otherwise by the index that
 * clients keep under a tag.
 *
 * @param readTag reads the manifest of a tag; undefined if there is none
 * @throws ImageBuilderError like `RegistryConnection.send`, except that a registry without such a list yields nothing
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
 */
export async function* referrersOf(
  connection: RegistryConnection,
  {
    repository,
    digest,
    signal,
  }: { readonly repository: string; readonly digest: string; readonly signal?: AbortSignal },
  readTag: (tag: string) => Promise<Manifest | undefined>,
): AsyncGenerator<Referrers> {
  const request = {
    path: `${pathOf(repository, digest)}/referrers/${digest}`,
    scope: pullScope(repository),
    headers: { accept: "application/vnd.oci.image.index.v1+json" },
    purpose: `list what refers to "${repository}@${foreignWords(digest, 100)}"`,
    expected: "any",
    maxBytes,
    signal,
  } as const;
  const found = new Map<string, IndexEntry>();
  let [unreadable, pages] = [0, 0];
  for await (const response of pagesOf(connection, request)) {
    if (response.status >= 300 && !isWithout.includes(response.status))
      throw await connection.failure(request, response);
    const page = entriesIn(response);
    if (page === undefined) {
      if (pages === 0) yield* taggedReferrers(digest, readTag);
      return;
    }
    pages += 1;
    const entries = readable(page).map(entryOf);
    unreadable += page.length - entries.length;
    for (const entry of entries)
      if (found.size < maxReferrers && entry.digest !== digest) found.set(entry.digest, entry);
    const hasMore = found.size >= maxReferrers || (pages >= maxPages && response.headers["link"] !== undefined);
    yield { entries: [...found.values()], unreadable, ...(hasMore && { hasMore }) };
    if (hasMore) return;
  }
}

/** Returns the entries of a page; undefined if the registry has no such list and answers with something else. */
function entriesIn({ status, body }: HttpResponse): ReturnType<typeof entriesSchema.parse> | undefined {
  if (status >= 300) return undefined;
  return indexSchema.safeParse(parseJson(body.toString("utf8"))).data?.manifests;
}

async function* taggedReferrers(
  digest: string,
  readTag: (tag: string) => Promise<Manifest | undefined>,
): AsyncGenerator<Referrers> {
  const manifest = await readTag(referrersTag(digest));
  if (manifest?.kind !== "index") return;
  const entries = manifest.entries.slice(0, maxReferrers);
  const hasMore = entries.length < manifest.entries.length;
  yield { entries, unreadable: manifest.unreadableEntries ?? 0, ...(hasMore && { hasMore }) };
}

/** Returns the tag under which clients keep what refers to an image, where the registry has no list of it. */
function referrersTag(digest: string): string {
  const [algorithm = "", hex = ""] = digest.split(":");
  return `${algorithm.slice(0, 32)}-${hex.slice(0, 64)}`;
}

const absences: readonly ErrorCode[] = [
  "registryNotFound",
  "registryDenied",
  "registryUnauthorized",
  "registryUnsupported",
  "registryRefused",
];

/** Whether a tag is absent, or its registry doesn't show it. */
export function isAbsent(error: unknown): boolean {
  return ImageBuilderError.is(error) && absences.includes(error.code);
}
