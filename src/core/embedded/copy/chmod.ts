/** The value of a `--chmod`, ready to be applied. */
export interface ModeChange {
  /** The mode of folders that are made on the way; undefined for the usual one. */
  readonly folders?: number;
  /** Undefined for a mode that only BuildKit can work out. */
  readonly apply: (mode: number, isFolder: boolean) => number | undefined;
}

interface Clause {
  readonly who: string;
  readonly operator: string;
  readonly permissions: string;
}

const clause = /^([ugoa]*)([+=-])([rwxX]*)/;
const masks: Readonly<Record<string, number>> = { u: 0o700, g: 0o070, o: 0o007, a: 0o777 };

/**
 * Reads the value of a `--chmod`: octal digits, or letters such as `u+x,go-r`.
 *
 * @returns undefined for what BuildKit refuses, and for letters with set-id, sticky or copied bits
 */
export function readChmod(text: string): ModeChange | undefined {
  if (/^[0-7]+$/.test(text)) {
    const mode = Number.parseInt(text, 8);
    return mode > 0o7777 ? undefined : { folders: mode, apply: () => mode };
  }
  const clauses: Clause[] = [];
  for (const part of text.split(",")) {
    let rest = part;
    let who: string | undefined;
    do {
      const found = clause.exec(rest);
      if (!found || (who !== undefined && found[1] !== "")) return undefined;
      who ??= found[1] ?? "";
      clauses.push({ who, operator: found[2] ?? "", permissions: found[3] ?? "" });
      rest = rest.slice(found[0].length);
    } while (rest !== "");
  }
  return { apply: (mode, isFolder) => changed(mode, isFolder, clauses) };
}

function changed(before: number, isFolder: boolean, clauses: readonly Clause[]): number | undefined {
  // BuildKit handles `=` with set-id bits.
  if (before > 0o777 && clauses.some(({ operator }) => operator === "=")) return undefined;
  let mode = before;
  for (const { who, operator, permissions } of clauses) {
    const mask = [...(who === "" ? "a" : who)].reduce((bits, letter) => bits | (masks[letter] ?? 0), 0);
    let bits = 0;
    if (permissions.includes("r")) bits |= 0o444;
    if (permissions.includes("w")) bits |= 0o222;
    const isRun = (before & 0o111) !== 0 || isFolder || operator === "-";
    if (permissions.includes("x") || (permissions.includes("X") && isRun)) bits |= 0o111;
    bits &= mask;
    if (operator === "+") mode |= bits;
    else if (operator === "-") mode &= ~bits;
    else mode = (mode & ~mask) | bits;
  }
  return mode;
}
