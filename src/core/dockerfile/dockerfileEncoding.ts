/**
 * Checks whether a Dockerfile is UTF-16, which no builder reads: by its byte order mark, or by zero bytes next to the
 * first letters.
 */
export function isUtf16Dockerfile(bytes: Uint8Array): boolean {
  const [a = 1, b = 1, c = 1, d = 1] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  return (a === 0 && b !== 0 && c === 0 && d !== 0) || (a !== 0 && b === 0 && c !== 0 && d === 0);
}

/** Checks whether a text is UTF-16 that was read as UTF-8. */
export function isUtf16Misread(text: string): boolean {
  return text.startsWith("\ufffd\ufffd") ? text.includes("\0") : /^(?:\0[^\0]\0[^\0]|[^\0]\0[^\0]\0)/.test(text);
}
