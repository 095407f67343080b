/** A kind of file or folder that tools make, and that nobody means to have in an image. */
export interface Clutter {
  readonly name: RegExp;
  /** What it is, in the plural or without a number. */
  readonly what: string;
  readonly isFolder: boolean;
}

/** Names with no other use: each is clutter wherever it is. */
const clutter: readonly Clutter[] = [
  { name: /^\.(git|svn|hg|jj)$/, what: "the version history", isFolder: true },
  { name: /^(node_modules|bower_components|jspm_packages)$/, what: "installed packages, which differ between machines", isFolder: true },
  { name: /^\.?venv$/, what: "a virtual environment, which works only on the machine that made it", isFolder: true },
  { name: /^(__pycache__|\.(pytest|mypy|ruff|hypothesis)(_cache)?|\.tox|\.nox|\.ipynb_checkpoints|\.eggs)$/, what: "Python's caches", isFolder: true },
  { name: /^(\.terraform|\.terragrunt-cache)$/, what: "downloaded providers", isFolder: true },
  { name: /^(\.gradle|\.parcel-cache|\.turbo|\.nyc_output|\.sass-cache|\.dart_tool|\.pnpm-store)$/, what: "a build tool's cache", isFolder: true },
  { name: /^(mlruns|wandb|lightning_logs)$/, what: "experiment records", isFolder: true },
  { name: /^(\.idea|\.vs)$/, what: "an editor's state", isFolder: true },
  { name: /^(\.DS_Store|Thumbs\.db|desktop\.ini)$/, what: "a file manager's notes", isFolder: false },
];

/** A kind of file that usually holds what must not be read by whoever gets the image. */
interface SecretKind {
  /** Of the whole path. */
  readonly path: RegExp;
  readonly what: string;
  /** The pattern that keeps out all of the kind. */
  readonly pattern: string;
}

/** By name only, so that it is a guess, though a good one. */
const secretKinds: readonly SecretKind[] = [
  { path: /(^|\/)\.env(\.(?!(.*\.)?(example|sample|template|tpl|dist|defaults?|schema|vault)$)[^/]+)?$/, what: "environment settings", pattern: "**/.env*" },
  { path: /(^|\/)id_(rsa|dsa|ecdsa|ed25519)$/, what: "SSH keys", pattern: "**/id_*" },
  { path: /(^|\/)(?![^/]*(cert|chain|pub|^ca\b|\bca\.)[^/]*$)[^/]*\.pem$/, what: "private keys", pattern: "**/*.pem" },
  { path: /(^|\/)(?![^/]*pub[^/]*$)[^/]*\.key$/, what: "private keys", pattern: "**/*.key" },
  { path: /\.(p12|pfx|jks|keystore|kdbx|ppk)$/, what: "key stores", pattern: "**/*.$1" },
  { path: /(^|\/)\.aws\/credentials$/, what: "cloud credentials", pattern: "**/.aws" },
  { path: /(^|\/)\.kube\/config$/, what: "cluster credentials", pattern: "**/.kube" },
  { path: /(^|\/)\.docker\/config\.json$/, what: "registry passwords", pattern: "**/.docker" },
  { path: /(^|\/)(\.netrc|_netrc|\.git-credentials|\.pypirc|\.pgpass|\.my\.cnf|\.dockercfg|\.vault-token)$/, what: "passwords", pattern: "**/$1" },
  { path: /\.tfstate(\.backup)?$/, what: "Terraform's state, with passwords in it", pattern: "**/*.tfstate*" },
  { path: /(^|\/)\.zen\/([^/]+\/)*[^/]+\.db$/, what: "ZenML's database", pattern: ".zen/**/*.db" },
  { path: /(^|\/)(service[-_]?account[^/]*|client_secret[^/]*|application_default_credentials)\.json$/, what: "cloud credentials", pattern: "**/$1.json" },
];

/** Below these, files that look like secrets are samples. */
const sampleFolder = /(^|\/)(node_modules|site-packages|dist-packages|vendor|tests?|__tests__|spec|testdata|fixtures?|examples?|samples?|docs?)\//i;

/** What kind of secret a path looks like, with the pattern that keeps its kind out. */
export function secretKindOf(path: string): { readonly what: string; readonly pattern: string } | undefined {
  if (sampleFolder.test(path)) return undefined;
  for (const { path: test, what, pattern } of secretKinds) {
    const match = test.exec(path);
    if (match) return { what, pattern: pattern.replace("$1", match.slice(1).findLast((group) => group !== undefined && group !== "" && group !== "/") ?? "") };
  }
  return undefined;
}

/** The clutter that a name is. */
export function clutterOf(name: string, isFolder: boolean): Clutter | undefined {
  return clutter.find((kind) => kind.isFolder === isFolder && kind.name.test(name));
}

/** What tools leave behind and a fresh clone does not have. */
const outputs = /^(dist|build|_build|out|outputs?|target|bin|obj|vendor|deps|coverage|htmlcov|logs?|te?mp|cache|env|data|artifacts)$/i;
const leftovers = /^(npm-debug|yarn-(debug|error)|erl_crash|pip-log|celerybeat-schedule|docker-compose|compose)\b/i;

/** Whether a pattern stands to reason even where nothing matches: what may turn up anywhere, kinds of files, hidden files, what tools leave behind. */
export function isPrecaution(pattern: string): boolean {
  if (pattern.startsWith("**/")) return true;
  const names = pattern.split("/").filter((name) => name !== "" && !/^\*+$/.test(name));
  return names.some((name) => /[*?[]/.test(name) || name.startsWith(".") || outputs.test(name) || leftovers.test(name) || isClutter(name));
}

function isClutter(name: string): boolean {
  return clutter.some((kind) => kind.name.test(name));
}
