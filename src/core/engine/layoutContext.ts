import { randomBytes } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";
import type { ContextSource } from "../base/contextSource";
import { isDigest } from "../base/digest";
import { ImageBuilderError, messageOf } from "../base/errors";
import { parseJson } from "../border/parseJson";
import { readSmallFile } from "../border/readSmallFile";
import type { ServedLayout } from "../session/layoutContent";

/** Layout that BuildKit reads a named context from. */
export interface LayoutContext extends ServedLayout {
  /** Value of the frontend's attribute. */
  readonly attribute: string;
}

const manifest = z.looseObject({
  digest: z.string().refine(isDigest),
  annotations: z.record(z.string(), z.string()).nullish(),
});
const indexSchema = z.looseObject({ manifests: z.array(manifest).min(1) });

/** Annotation that the OCI image layout specification defines for tags. */
const tagAnnotation = "org.opencontainers.image.ref.name";

/**
 * Finds the image of a layout that a named context refers to, as buildx does: by digest, by tag, or with the tag
 * `latest`. The only image of a layout is also found without a tag.
 *
 * @param name name of the context, for errors
 * @param root real path of the layout's folder
 * @throws ImageBuilderError `contextUnreadable` for a folder that is not a layout or doesn't have the image
 */
export async function layoutContext(
  name: string,
  root: string,
  { tag, digest }: Extract<ContextSource, { readonly kind: "layout" }>,
): Promise<LayoutContext> {
  const storeId = `layout${randomBytes(10).toString("hex")}`;
  const found = digest ?? (await digestOf(name, root, tag));
  return { storeId, root, attribute: `oci-layout://${storeId}:${tag ?? "latest"}@${found}` };
}

async function digestOf(name: string, root: string, tag: string | undefined): Promise<string> {
  const file = join(root, "index.json");
  const text = await readSmallFile(file).catch((error: unknown) => {
    throw unusable(name, `"${root}" is not an OCI layout: its index.json can't be read (${messageOf(error)})`, error);
  });
  const index = indexSchema.safeParse(parseJson(text));
  if (!index.success) throw unusable(name, `"${root}" is not an OCI layout: its index.json lists no images`);
  const { manifests } = index.data;
  const tagged = manifests.find((each) => each.annotations?.[tagAnnotation] === (tag ?? "latest"));
  const found = tagged ?? (tag === undefined && manifests.length === 1 ? manifests[0] : undefined);
  if (!found) throw unusable(name, `the OCI layout "${root}" has no image with the tag "${tag ?? "latest"}"`);
  return found.digest;
}

function unusable(name: string, why: string, cause?: unknown): ImageBuilderError {
  const remedy = 'Correct its path, and add ":<tag>" or "@<digest>" of an image in the layout.';
  return unusableContext(name, why, remedy, cause);
}

/** Error about a named context that can't be read. @param why end of a sentence @param remedy whole sentence */
export function unusableContext(name: string, why: string, remedy: string, cause?: unknown): ImageBuilderError {
  const message = `Can't use the build context "${name}", because ${why}. ${remedy}`;
  return new ImageBuilderError("contextUnreadable", message, { cause });
}
