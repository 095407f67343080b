import assert from "node:assert/strict";
import { registryUser } from "../../scripts/engines/registry.mjs";
import type { Credentials } from "../../src/core/credentials/credentialSource";
import { ImageBuilderError, type ErrorCode } from "../../src/core/base/errors";
import type { RegistryPlace } from "../../src/core/distribution/registryConnection";

/** The user of all registries. */
export const test: Credentials = registryUser;

/** A registry with the credentials that a test has for it. */
export const place = (host: string, credentials?: Credentials, more: Partial<RegistryPlace> = {}): RegistryPlace => ({
  host,
  credentials: async () => credentials && { credentials, source: "the test" },
  ...more,
});

/** An error with a code and words. */
export const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, code), String(error));
  assert.match(error.message, message);
  return true;
};

/** The items of all pages. */
export async function all<Item>(pages: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}
