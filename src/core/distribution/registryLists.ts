import * as z from "zod";
import { ImageBuilderError, type ErrorCode } from "../base/errors";
import { readAnswer } from "../border/readAnswer";
import { listedNames } from "./listedNames";
import { pagesOf } from "./pages";
import type { RegistryConnection } from "./registryConnection";
import { pathOf, pullScope } from "./repositoryPath";
import { tagsIn, type RegistryTag } from "./tags";

/** Filter of a list. */
export interface ListOptions {
  /** Returns only names that contain this text, ignoring case. */
  readonly filter?: string;
  /** Number of entries to request per page, default is 100. A registry may return more or fewer. */
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
}

/** Maximum number of entries in a list; longer ones would take too long to sort. */
const maxNames = 100_000;

const catalogSchema = z.looseObject({ repositories: listedNames });

/** Lists the repositories that belong to a registry, page by page, as `RegistryClient.repositories`. */
export async function* repositoriesOf(connection: RegistryConnection, question: ListOptions): AsyncGenerator<string[]> {
  const { host, owns } = connection.place;
  if (host === "docker.io") throw noCatalog(host);
  const request = {
    path: `/v2/_catalog?n=${question.pageSize ?? 100}`,
    scope: "registry:catalog:*",
    purpose: "list its repositories",
    expected: [400],
    signal: question.signal,
  };
  let total = 0;
  try {
    for await (const response of pagesOf(connection, request)) {
      if (response.status !== 200) throw noCatalog(host);
      const { repositories } = readAnswer(response.body, {
        schema: catalogSchema,
        who: host,
        what: "list of repositories",
        code: "registryFailed",
      });
      total = counted(host, total, repositories?.length ?? 0);
      const names = (repositories ?? []).filter((name) => owns?.(name) ?? true);
      yield fitting(names, question.filter, (name) => name);
    }
  } catch (error) {
    throw (await isWithoutCatalog(connection, error, question.signal)) ? noCatalog(host, error) : error;
  }
}

/** Lists the tags of a repository, page by page, as `RegistryClient.tags`. */
export async function* tagsOf(
  connection: RegistryConnection,
  repository: string,
  question: ListOptions,
): AsyncGenerator<RegistryTag[]> {
  const { host } = connection.place;
  const request = {
    path: `${pathOf(repository)}/tags/list?n=${question.pageSize ?? 100}`,
    scope: pullScope(repository),
    purpose: `list the tags of "${repository}"`,
    signal: question.signal,
  };
  let total = 0;
  for await (const { body } of pagesOf(connection, request)) {
    const tags = tagsIn(body, host);
    total = counted(host, total, tags.length);
    yield fitting(tags, question.filter, ({ name }) => name);
  }
}

/** Adds to a count of entries. @throws ImageBuilderError `registryFailed` if a list is too long to be shown */
function counted(host: string, total: number, more: number): number {
  if (total + more <= maxNames) return total + more;
  throw new ImageBuilderError(
    "registryFailed",
    `${host} lists more than ${maxNames.toLocaleString("en")} entries; the rest was not read. ` +
      "Enter the name of the entry you want.",
  );
}

/** Failures of registries that don't list their repositories. */
const withoutCatalog: readonly ErrorCode[] = ["registryDenied", "registryNotFound", "registryUnsupported"];

/** Whether a registry doesn't list its repositories for anybody, or not for an account that it accepts otherwise. */
async function isWithoutCatalog(
  connection: RegistryConnection,
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (!ImageBuilderError.is(error)) return false;
  if (withoutCatalog.includes(error.code)) return true;
  if (error.code !== "registryUnauthorized") return false;
  try {
    await connection.send({ path: "/v2/", scope: "", purpose: "sign in", signal });
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

function noCatalog(host: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "registryUnsupported",
    `${host} does not list its repositories. Enter a repository name to see its tags.`,
    { cause },
  );
}

function fitting<Item>(items: readonly Item[], filter: string | undefined, nameOf: (item: Item) => string): Item[] {
  const wanted = filter?.toLowerCase() ?? "";
  return items.filter((item) => nameOf(item).toLowerCase().includes(wanted));
}
