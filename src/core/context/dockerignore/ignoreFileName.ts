/** Whether a file name or slash-separated path is that of an ignore file. */
export function isIgnoreFileName(path: string): boolean {
  return /\.(docker|container)ignore$/.test(path);
}
