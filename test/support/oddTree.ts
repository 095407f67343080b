import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const oddNames = [
  "with space",
  " ends with space ",
  "comma, semicolon; colon:",
  "'quotes\" and `ticks`",
  "new\nline",
  "tab\t",
  "back\\slash",
  "-dash",
  "--",
  "~",
  "$HOME",
  "#hash",
  "!bang",
  "[brackets]",
  "*",
  "?",
  "e\u0301 combining",
  "\u00e9 composed",
  "日本語",
  "😀 beyond the basic plane",
  "\ue000 private",
  "\ufffd replacement",
  "👩‍👩‍👧 joined",
  "\u202e turned",
  "x".repeat(255),
  "ü".repeat(127),
  "😀".repeat(63),
];

const modes = [0o000, 0o600, 0o444, 0o755, 0o777, 0o1777, 0o2755, 0o4755, 0o6711];

/** As `touch` takes them: fractions of a microsecond, before 1970, beyond 32 and 33 bits. */
const times = [
  "@0",
  "@-1",
  "@-1.5",
  "@-2208988800",
  "@1.000000001",
  "@1600000000.123456789",
  "@1700000000.9999996",
  "@2147483648",
  "@4294967296",
  "@8589934592",
  "@9000000000.5",
];

/**
 * Writes a folder with all that is unusual and that an image can hold, root's rights needed; the Dockerfile copies it
 * whole.
 */
export function writeOddTree(root: string): void {
  writeFileSync(join(root, "Dockerfile"), "FROM scratch\nCOPY . /\n");
  const folder = (...parts: string[]): string => {
    mkdirSync(join(root, ...parts), { recursive: true });
    return join(root, ...parts);
  };
  const names = folder("names");
  for (const name of oddNames) writeFileSync(join(names, name), name);
  writeFileSync(join(folder("deep", ..."abc".split("").map((letter) => letter.repeat(120))), "file"), "deep");
  writeFileSync(join(folder("folder, with 😀", "and \n below"), "file"), "below");

  folder("empty folders", "one", "two");
  writeFileSync(join(folder("empty files"), "empty"), "");
  for (const mode of modes) {
    const file = join(folder("modes"), `file ${mode.toString(8)}`);
    writeFileSync(file, file);
    chmodSync(file, mode);
    chmodSync(folder("modes", `folder ${mode.toString(8)}`), mode);
  }
  writeLinks(folder("links"));
  const dated = folder("times");
  for (const time of times) {
    writeFileSync(join(dated, time), time);
    symlinkSync(time, join(dated, `link ${time}`));
    mkdirSync(join(dated, `folder ${time}`));
    execFileSync("touch", [
      "--no-dereference",
      "--date",
      time,
      join(dated, time),
      join(dated, `link ${time}`),
      join(dated, `folder ${time}`),
    ]);
  }
}

function writeLinks(links: string): void {
  mkdirSync(join(links, "folder"));
  writeFileSync(join(links, "folder/file"), "linked");
  const targets = {
    file: "folder/file",
    folder: "folder",
    dangling: "nowhere",
    absolute: "/etc/hostname",
    self: "to self",
    outside: "../../../outside",
    up: "..",
    odd: "new\nline, 😀 \\",
    long: "l".repeat(300),
    slashes: "folder//./file",
  };
  for (const [name, target] of Object.entries(targets)) symlinkSync(target, join(links, `to ${name}`));
  symlinkSync("loop b", join(links, "loop a"));
  symlinkSync("loop a", join(links, "loop b"));
  linkSync(join(links, "folder/file"), join(links, "before"));
  mkdirSync(join(links, "zz"));
  linkSync(join(links, "folder/file"), join(links, "zz/after 😀"));
  writeFileSync(join(links, "empty"), "");
  linkSync(join(links, "empty"), join(links, "empty too"));
  // All its other names are kept out of the context or lie outside.
  writeFileSync(join(links, "kept out"), "one name is sent");
  linkSync(join(links, "kept out"), join(links, "let in"));
  writeFileSync(join(links, "../.dockerignore"), "links/kept out\n");
}
