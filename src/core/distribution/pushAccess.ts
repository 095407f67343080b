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
  if (headers.location === undefined)
    throw new ImageBuilderError(
      "registryFailed",
      `${connection.place.host} accepts the request to ${purpose}, but does not say where to upload to. ` +
        "Check that its address is right and that the registry is working.",
    );
  await cancelUpload(connection, headers.location, url, { purpose, scope: `${scope},delete`, signal });
}

/** Never fails, except when aborted: the registry discards unfinished uploads. */
async function cancelUpload(
  connection: RegistryConnection,
  location: string,
  begun: URL,
  how: Pick<RegistryRequest, "purpose" | "scope" | "signal">,
): Promise<void> {
  if (!URL.canParse(location, begun.href)) return;
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
