import { TimeSlice } from "../../base/batches";
import { pathWithin } from "../../base/pathWithin";
import { ContextSize } from "./contextSize";
import { SecretSearch } from "./secretSearch";
import type { ContextEntry } from "../files/contextEntry";
import type { ReviewOptions, Upload } from "./upload";
import type { UploadReport } from "./uploadReport";

/** Upload to review. */
export interface ReviewedUpload {
  /** Entries in tree order. */
  readonly entries: AsyncIterable<readonly ContextEntry[]>;
  /** Absolute path of the context. */
  readonly root?: string;
  /** Dockerfile, which is sent too; undefined for a named context. */
  readonly dockerfile?: Pick<Upload["dockerfile"], "file" | "bytes">;
  readonly isRequested: Upload["isRequested"];
}

/**
 * Reviews what a build will send: its size, and whether it contains secrets. Doesn't block for much longer than 10 ms,
 * and doesn't follow links.
 *
 * @throws ImageBuilderError errors of iterating over the context; the signal's reason
 */
export async function reviewUpload(
  upload: ReviewedUpload,
  { signal, secrets = true, budget }: ReviewOptions = {},
): Promise<UploadReport> {
  const { entries, dockerfile, isRequested } = upload;
  const size = new ContextSize();
  const search = new SecretSearch(budget);
  if (secrets && dockerfile)
    search.addFirst(pathOfDockerfile(upload.root, dockerfile.file), dockerfile.bytes, dockerfile.file);
  const slice = new TimeSlice();
  for await (const batch of entries) {
    for (const entry of batch) {
      const { kind, path, content, sizeBytes, fault } = entry;
      if (kind !== "file" || fault || !isRequested(path)) continue;
      size.add(path, sizeBytes);
      if (secrets && content !== dockerfile?.file) search.add(entry);
      if (slice.isOver) await slice.pause(signal);
    }
  }
  return { ...size.finish(), ...(await search.run(signal)) };
}

/** Returns the absolute path of a Dockerfile outside the context, which is sent too. */
function pathOfDockerfile(root = "", file: string): string {
  return pathWithin(root, file) ?? file;
}
