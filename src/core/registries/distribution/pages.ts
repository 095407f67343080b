import { ImageBuilderError } from "../../errors";
import type { HttpResponse } from "../../http/httpClient";
import type { RegistryConnection, RegistryRequest } from "./registryConnection";

/** The answers of a list that comes in pages; the registry names the next in `Link`. */
export async function* pagesOf(connection: RegistryConnection, request: RegistryRequest): AsyncGenerator<HttpResponse> {
  const seen = new Set<string>();
  for (let path: string | undefined = request.path; path !== undefined; ) {
    if (seen.has(path)) throw new ImageBuilderError("registryFailed", `${connection.place.host} repeats a page of its list without end: see whether the registry is well.`);
    seen.add(path);
    const response: HttpResponse = await connection.send({ ...request, path });
    if (response.status === 200) checkIsJson(response, connection.place.host);
    yield response;
    path = nextPath(response);
  }
}

/** Of the address only path and query count: behind a proxy a registry may not know its own host, and credentials go to no other. */
function nextPath({ headers, url }: HttpResponse): string | undefined {
  const links = [...String(headers["link"] ?? "").matchAll(/<([^<>]*)>\s*;([^,<]*)/g)];
  const link = links.find(([, , parameters = ""]) => /\brel="?next"?/i.test(parameters))?.[1];
  if (link === undefined) return undefined;
  const { pathname, search } = new URL(link, url);
  return pathname + search;
}

function checkIsJson({ body }: HttpResponse, host: string): void {
  try {
    JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new ImageBuilderError("registryFailed", `${host} answered with something that is no list: see whether the address is right.`, { cause: error });
  }
}
