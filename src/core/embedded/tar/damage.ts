import { systemCodeOf } from "../../base/errors";
import { TarError } from "./tarHeaders";

/** Whether reading a tar has failed because of its bytes: those of the tar, or those that it is packed in. */
export function isDamagedTar(error: unknown): boolean {
  return error instanceof TarError || /^Z_/.test(systemCodeOf(error) ?? "");
}
