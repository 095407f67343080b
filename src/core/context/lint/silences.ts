const marker = /^\s*#\s*image-builders-ignore:\s*(.*)$/;

/**
 * The codes that comments keep quiet at a line: `# image-builders-ignore: <code>, <code>` among the comments directly above it, or,
 * for what concerns the whole file, among those it begins with.
 *
 * @param line counted from 1
 */
export function silencedAt(lines: readonly string[], line: number): Set<string> {
  const isComment = (at: number): boolean => /^\s*#/.test(lines[at] ?? "");
  let from = line - 1;
  // A Dockerfile's instruction may go over several lines.
  while (from > 0 && (isComment(from - 1) || /[\\`]\s*$/.test(lines[from - 1] ?? ""))) from--;
  let to = line - 1;
  if (from === 0) while (isComment(to)) to++;
  const codes = lines.slice(from, Math.max(to, line - 1)).flatMap((text) => marker.exec(text)?.[1]?.split(/[\s,]+/) ?? []);
  return new Set(codes);
}
