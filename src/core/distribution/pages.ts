import { ImageBuilderError } from "../base/errors";
import type { HttpResponse } from "../http/httpClient";
import type { RegistryConnection, RegistryRequest } from "./registryConnection";

/** Maximum number of pages of a list; with the requested 1,000 entries a page, this is a million entries. */
const maxPages = 1_000;

/**
 * Requests the pages of a list one after the other; the registry returns the address of the next page in `Link`.
 *
 * @throws ImageBuilderError `registryFailed`, also for an endless list, or if the next page belongs to another list
 */
export async function* pagesOf(connection: RegistryConnection, request: RegistryRequest): AsyncGenerator<HttpResponse> {
  const { host } = connection.place;
  const seen = new Set<string>();
  for (let path: string | undefined = request.path; path !== undefined;) {
    if (seen.has(path))
      throw new ImageBuilderError(
        "registryFailed",
        `${host} keeps returning the same page of its list. Check that the registry is working.`,
      );
    if (seen.size === maxPages)
      throw new ImageBuilderError(
        "registryFailed",
        `${host} has more than ${maxPages.toLocaleString("en")} pages in its list; the rest was not read. ` +
          "Check that the registry is working.",
      );
    seen.add(path);
    const response: HttpResponse = await connection.send({ ...request, path });
    yield response;
    path = nextPath(response, request.path, host);
  }
}

/**
 * Returns the path and query of the next page. The host is ignored: behind a proxy, a registry may not know its own
 * host, and credentials go to no other.
 */
function nextPath({ headers, url }: HttpResponse, first: string, host: string): string | undefined {
  const links = [...String(headers["link"] ?? "").matchAll(/<([^<>]*)>\s*;([^,<]*)/g)];
  const link = links.find(([, , parameters = ""]) => /\brel="?next"?/i.test(parameters))?.[1];
  if (link === undefined) return undefined;
  const [listPath = ""] = first.split("?");
  const next = URL.canParse(link, url.href) ? new URL(link, url) : undefined;
  // A proxy may add a prefix to the path, but the list is the same.
  if (next?.pathname.endsWith(listPath)) return next.pathname + next.search;
  throw new ImageBuilderError(
    "registryFailed",
    `${host} returned a next page that belongs to another list. Check that the registry is working.`,
  );
}
