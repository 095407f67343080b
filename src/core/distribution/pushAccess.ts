import { ImageBuilderError } from "../base/errors";
import type { RegistryConnection, RegistryRequest } from "./registryConnection";
import { pathOf } from "./repositoryPath";

/** Starts and cancels an upload, as `RegistryClient.checkMayPush`. */
export async function checkMayPush(
  connection: RegistryConnection,
  repository: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const purpose = `push to "${repository}"`;
  const scope = `repository:${repository}:pull,push`;
  const { headers, url } = await connection.send({
    purpose,
    scope,
    signal,
    path: `${pathOf(repository)}/blobs/uploads/`,
    method: "POST",
    headers: { "content-length": "0" },
  });
  await cancelUpload(connection, headers.location, url, { purpose, scope: `${scope},delete`, signal });
}

/** Never fails, except when aborted: the registry discards unfinished uploads. */
async function cancelUpload(
  connection: RegistryConnection,
  location: string | undefined,
  begun: URL,
  how: Pick<RegistryRequest, "purpose" | "scope" | "signal">,
): Promise<void> {
  if (location === undefined || !URL.canParse(location, begun.href)) return;
  const { pathname, search, host } = new URL(location, begun);
  // The upload may continue on another host, which must not get the request.
  if (host !== begun.host) return;
  try {
    await connection.send({ ...how, path: pathname + search, method: "DELETE", expected: "any" });
  } catch (error) {
    how.signal?.throwIfAborted();
    if (!ImageBuilderError.is(error)) throw error;
  }
}
