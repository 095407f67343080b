/**
 * Archive entry: a file with `content`, a symbolic link with `linkTarget`, otherwise a directory.
 *
 * @typedef {{ path: string, mode?: number, content?: Buffer, linkTarget?: string }} TarEntry
 */

/**
 * Creates an uncompressed ustar archive in memory, for images of a few megabytes.
 *
 * @param {readonly TarEntry[]} entries
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 */
export function tar(entries) {
  const blocks = entries.flatMap((entry) => {
    const content = entry.content ?? Buffer.alloc(0);
    return [header(entry, content.length), content, Buffer.alloc(-content.length & 511)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/**
 * @param {TarEntry} entry
 * @param {number} size
 */
function header(entry, size) {
  const type = entry.content ? "0" : entry.linkTarget === undefined ? "5" : "2";
  const block = Buffer.alloc(512);
  const octal = (/** @type {number} */ value, /** @type {number} */ offset, /** @type {number} */ length) =>
    block.write(value.toString(8).padStart(length - 1, "0"), offset);
  block.write(entry.path, 0);
  octal(entry.mode ?? 0o755, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write(" ".repeat(8) + type, 148);
  block.write(entry.linkTarget ?? "", 157);
  block.write("ustar\u000000", 257);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}
