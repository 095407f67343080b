import { TimeSlice } from "../../base/batches";
import { pathWithin } from "../../base/pathWithin";
import { ContextSize } from "./contextSize";
import { SecretSearch } from "./secretSearch";
import type { ContextEntry } from "../files/contextEntry";
import type { ReviewOptions, Upload } from "./upload";
import type { UploadReport } from "./uploadReport";

/** What is looked at. */
export interface ReviewedUpload {
  /** In tree order. */
  readonly entries: AsyncIterable<readonly ContextEntry[]>;
  /** Absolute path of the context. */
  readonly root?: string;
  /** Sent too; undefined for a named context. */
  readonly dockerfile?: Pick<Upload["dockerfile"], "file" | "bytes">;
  readonly isRequested: Upload["isRequested"];
}

/**
 * Looks at what a build is about to send, without blocking for much more than 10 ms: its size, and whether there are
 * secrets in it. Links are not followed.
 *
 * @throws ImageBuilderError what going through the context throws; the signal's reason
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

/** It is sent wherever it lies. */
function pathOfDockerfile(root = "", file: string): string {
  return pathWithin(root, file) ?? file;
}
