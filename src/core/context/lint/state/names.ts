import { escapePath } from "./escapePath";
import { withoutClasses } from "./pathPatterns";

/** Kind of file or folder that tools create and that images are not meant to contain. */
export interface Clutter {
  readonly name: RegExp;
  /** Description in the plural or as a mass noun. */
  readonly what: string;
  readonly isFolder: boolean;
}

/** Names without any other use, which are clutter everywhere. */
const clutter: readonly Clutter[] = [
  { name: /^\.(git|svn|hg|jj)$/, what: "version history", isFolder: true },
  {
    name: /^(node_modules|bower_components|jspm_packages)$/,
    what: "installed packages, which differ between machines",
    isFolder: true,
  },
  {
    name: /^\.?venv$/,
    what: "a virtual environment, which works only on the machine where it was created",
    isFolder: true,
  },
  {
    name: /^(__pycache__|\.(pytest|mypy|ruff|hypothesis)(_cache)?|\.tox|\.nox|\.ipynb_checkpoints|\.eggs)$/,
    what: "Python's caches",
    isFolder: true,
  },
  { name: /^(\.terraform|\.terragrunt-cache)$/, what: "downloaded providers", isFolder: true },
  {
    name: /^(\.gradle|\.parcel-cache|\.turbo|\.nyc_output|\.sass-cache|\.dart_tool|\.pnpm-store)$/,
    what: "build tool cache",
    isFolder: true,
  },
  { name: /^(mlruns|wandb|lightning_logs)$/, what: "experiment records", isFolder: true },
  { name: /^(\.idea|\.vs)$/, what: "editor state", isFolder: true },
  { name: /^(\.DS_Store|Thumbs\.db|desktop\.ini)$/, what: "file manager metadata", isFolder: false },
];

/** Kind of file that usually contains secrets. */
export interface SecretKind {
  /** Matches the file's name. */
  readonly name: RegExp;
  /** Name of a folder that must be above the file, at any level. */
  readonly folder?: string;
  readonly what: string;
  /** Pattern that excludes all files of the kind; `$1` is replaced with the first group of `name`. */
  readonly pattern: string;
}

/** Kinds that are guessed from names only. */
const secretKinds: readonly SecretKind[] = [
  {
    name: /^\.env(\.(?!(.*\.)?(example|sample|template|tpl|dist|defaults?|schema|vault)$).+)?$/,
    what: "environment variables",
    pattern: "**/.env*",
  },
  { name: /^id_(rsa|dsa|ecdsa|ed25519)$/, what: "SSH keys", pattern: "**/id_$1" },
  { name: /^(?!ca\.|.*(cert|chain|pub)).*\.pem$/, what: "private keys", pattern: "**/*.pem" },
  { name: /^(?!.*pub).*\.key$/, what: "private keys", pattern: "**/*.key" },
  { name: /\.(p12|pfx|jks|keystore|kdbx|ppk)$/, what: "keystores", pattern: "**/*.$1" },
  { name: /^credentials$/, folder: ".aws", what: "cloud credentials", pattern: "**/.aws" },
  { name: /^config$/, folder: ".kube", what: "cluster credentials", pattern: "**/.kube" },
  { name: /^config\.json$/, folder: ".docker", what: "registry passwords", pattern: "**/.docker" },
  {
    name: /^(\.netrc|_netrc|\.git-credentials|\.pypirc|\.pgpass|\.my\.cnf|\.dockercfg|\.vault-token)$/,
    what: "passwords",
    pattern: "**/$1",
  },
  { name: /\.tfstate(\.backup)?$/, what: "Terraform state with passwords", pattern: "**/*.tfstate*" },
  { name: /\.db$/, folder: ".zen", what: "ZenML's database", pattern: ".zen/**/*.db" },
  {
    name: /^(service[-_]?account.*|client_secret.*|application_default_credentials)\.json$/,
    what: "cloud credentials",
    pattern: "**/$1.json",
  },
];

/** Folders in which files that look like secrets are samples. */
const sampleFolder =
  /^(node_modules|(site|dist)-packages|vendor|tests?|__tests__|spec|testdata|fixtures?|examples?|samples?|docs?)$/i;

/** Names of samples and test files, and of files that belong to a pair and are meant to be public. */
const sampleName =
  /[._-](example|sample|template|tpl|dist|defaults?|schema|vault|pub)$|^test_|[._-](test|spec)s?\.\w+$/i;

/** Whether a file that looks like a secret is most likely a sample. */
export function isSamplePath(path: string): boolean {
  const folders = path.split("/");
  return sampleName.test(folders.pop() ?? "") || folders.some((folder) => sampleFolder.test(folder));
}

/** Returns the kinds of secrets that a file may be, by its name alone. */
export function secretKindsOf(name: string): SecretKind[] {
  return secretKinds.filter((kind) => kind.name.test(name));
}

/**
 * Returns the kind of secret that a file is, with the pattern that excludes all files of the kind; undefined if it is
 * none or is in a folder of samples.
 */
export function secretKindOf(
  path: string,
  kinds = secretKindsOf(path.slice(path.lastIndexOf("/") + 1)),
): { readonly what: string; readonly pattern: string } | undefined {
  const folders = kinds.length > 0 ? path.split("/") : [];
  const name = folders.pop() ?? "";
  const kind = kinds.find(({ folder }) => folder === undefined || folders.includes(folder));
  if (!kind || folders.some((folder) => sampleFolder.test(folder))) return undefined;
  const part = escapePath(kind.name.exec(name)?.[1] ?? "");
  return { what: kind.what, pattern: kind.pattern.replace("$1", () => part) };
}

/** Returns the kind of clutter that a name belongs to, or undefined. */
export function clutterOf(name: string, isFolder: boolean): Clutter | undefined {
  return clutter.find((kind) => kind.isFolder === isFolder && kind.name.test(name));
}

/** Names of build output and similar files that a fresh clone doesn't contain. */
const outputs =
  /^(dist|_?build|out(puts?)?|target|bin|obj|vendor|deps|coverage|htmlcov|logs?|te?mp|cache|env|data|artifacts)$/i;
const leftovers = /^(npm-debug|yarn-(debug|error)|erl_crash|pip-log|celerybeat-schedule|docker-compose|compose)\b/i;

/**
 * Whether a pattern is useful even if it matches nothing: names at any depth, kinds of files, and what tools leave
 * behind.
 */
export function isPrecaution(pattern: string): boolean {
  if (pattern.startsWith("**/")) return true;
  const names = pattern.split("/").filter((name) => name !== "" && !/^\*+$/.test(name));
  return names.some(
    (name) =>
      /[*?[]/.test(name) || name.startsWith(".") || outputs.test(name) || leftovers.test(name) || isClutter(name),
  );
}

function isClutter(name: string): boolean {
  return clutter.some((kind) => kind.name.test(name));
}

/** Extensions of files that compilers, editors, and programs leave behind and that sources don't have. */
const junkEnding =
  /\.(pyc|pyo|class|o|obj|log|swp|swo|tmp|temp|bak|orig|rej|pid|seed|tsbuildinfo|coverage|DS_Store|tfstate)$/;

/** Whether a path is a tool's leftover, clutter, or a secret in any project. */
export function isJunk(path: string, isFolder: boolean): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (
    clutterOf(name, isFolder) !== undefined ||
    (!isFolder && (junkEnding.test(name) || secretKindOf(path) !== undefined))
  );
}

/** Whether a pattern is for leftovers, clutter, or secrets. */
export function isKnownJunk(pattern: string): boolean {
  const names = pattern.split("/").map((name) => withoutClasses(name).replace(/[*?]+/g, "x"));
  const isOne = (name: string): boolean =>
    isClutter(name) || secretKindsOf(name).length > 0 || junkEnding.test(name) || leftovers.test(name);
  return names.some((name) => isOne(name) || isOne(name.replace(/x$/, "")) || outputs.test(name));
}

/** Whether a pattern is for files that contain secrets. */
export function isSecretPattern(pattern: string): boolean {
  const name = pattern.slice(pattern.lastIndexOf("/") + 1);
  return ["", "x"].some((part) => secretKindsOf(name.replace(/[*?]+/g, part)).length > 0);
}
