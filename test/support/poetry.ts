import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unpackFromSuite } from "../../scripts/setup/debian.mjs";
import { withLock } from "../../scripts/setup/lock.mjs";
import { cache } from "../../scripts/setup/paths.mjs";
import { askDaemon, build } from "./engine";
import type { TestPackage } from "./wheelIndex";

/** Debian's Poetry 1.3 with all it loads, beside the packages of the base image with Python. */
const debianPackages = [
  "python3-poetry",
  "python3-poetry-core",
  ...["attr", "cachecontrol", "certifi", "cffi-backend", "chardet", "charset-normalizer", "cleo", "crashtest"],
  ...["cryptography", "distlib", "dulwich", "filelock", "html5lib", "idna", "importlib-metadata", "jaraco.classes"],
  ...["jeepney", "jsonschema", "keyring", "lockfile", "more-itertools", "msgpack", "packaging", "pexpect", "pip-whl"],
  ...["pkginfo", "platformdirs", "ptyprocess", "pylev", "pyrsistent", "requests", "requests-toolbelt"],
  ...["secretstorage", "setuptools-whl", "shellingham", "six", "tomlkit", "urllib3", "virtualenv", "webencodings"],
  ...["wheel-whl", "zipp"],
].map((name) => (name.startsWith("python3-") ? name : `python3-${name}`));

/** A base image with Python and the files of Debian's Poetry, but without its program. */
export const poetryBase = "poetry-base:3.11";

/** Makes {@link poetryBase} unless the daemon has it. */
export async function seedPoetry(): Promise<void> {
  const known = (await askDaemon(`/images/${poetryBase}/json`).catch(() => ({}))) as { readonly Id?: string };
  if (known.Id !== undefined) return;
  const root = join(cache, "engines/poetry");
  await withLock(root, async () => {
    if (existsSync(root)) return;
    const unfinished = `${root}.new`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(join(unfinished, "files"), { recursive: true });
    await unpackFromSuite("bookworm", debianPackages, join(unfinished, "files"));
    await writeFile(join(unfinished, "Dockerfile"), "FROM python-base:3.11\nCOPY files/usr /usr\n");
    await rename(unfinished, root);
  });
  await build({ root, imageName: poetryBase });
}

/**
 * Poetry as an index has it, which runs Debian's.
 *
 * @param version the version that it is offered as
 */
export function poetryPackage(version: string): TestPackage {
  return {
    name: "poetry",
    version,
    value: "",
    files: {
      "debian_poetry.py": [
        "import sys",
        "",
        "",
        "def main():",
        '    sys.path.append("/usr/lib/python3/dist-packages")',
        "    from poetry.console.application import main as run",
        "",
        "    return run()",
        "",
      ].join("\n"),
    },
    programs: { poetry: "debian_poetry:main" },
  };
}
