/** Tests whether a file name or slash-separated path is that of an ignore file. */
export function isIgnoreFileName(path: string): boolean {
  return /\.(docker|container)ignore$/.test(path);
}

/** Tests whether a file name is one that Dockerfiles have. */
export function isDockerfileName(name: string): boolean {
  return /^((docker|container)file([.-].*)?|.+\.(docker|container)file)$/i.test(name) && !/ignore$/i.test(name);
}
