/** A kind of file or folder that tools make, and that nobody means to have in an image. */
export interface Clutter {
  readonly name: RegExp;
  /** What it is, in the plural or without a number. */
  readonly what: string;
  readonly isFolder: boolean;
}

/** Names with no other use: each is clutter wherever it is. */
export const clutter: readonly Clutter[] = [
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
export interface SecretKind {
  /** Of the whole path. */
  readonly path: RegExp;
  readonly what: string;
  /** The pattern that keeps out all of the kind. */
  readonly pattern: string;
}

/** By name only, so that it is a guess, though a good one. */
export const secretKinds: readonly SecretKind[] = [
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

/** What lines of ignore files name as a precaution: made by tools, and often not there. */
const usualNames = new RegExp(
  "^(" +
    [
      "\\.(git|github|gitlab|gitea|circleci|travis|husky|vscode|idea|vs|devcontainer|cache|yarn|pnpm|npm|next|nuxt|svelte-kit|output|vercel|netlify|serverless|aws-sam|terraform|vagrant|bundle|eggs|direnv|envrc|docker|history|settings|classpath|project|factorypath|fleet|cursor|aider|claude|env|venv|zen|kube|aws|ssh|gnupg|tmp|temp|coverage|metadata|wrangler|angular|expo|storybook|dart_tool|flutter-plugins|gradle|mvn|rspec|byebug_history|sonar|scannerwork|pytest_cache|mypy_cache|ruff_cache|tox|nox|hypothesis|ipynb_checkpoints|nyc_output|turbo|parcel-cache|eslintcache|stylelintcache|DS_Store|Spotlight-V100|Trashes|AppleDouble|LSOverride)",
      "node_modules|bower_components|jspm_packages|vendor|dist|build|builds|out|output|target|bin|obj|debug|release|coverage|htmlcov|logs?|tmp|temp|cache|caches|storage|uploads|data|deps|_build|doc|docs|tests?|spec|examples?|e2e|scripts|mlruns|wandb|outputs|lightning_logs|artifacts|venv|env|ENV|virtualenv|pip-log|pip-delete-this-directory|__pycache__|site|public|media|static|staticfiles|priv|pkg|dump|backups?|charts?|k8s|helm|secrets?|certs?",
      "Thumbs|ehthumbs|desktop|npm-debug|yarn-(debug|error)|pnpm-debug|lerna-debug|erl_crash|docker-compose|compose|Dockerfile|Containerfile|Makefile|Vagrantfile|Jenkinsfile|LICENSE|CHANGELOG|CONTRIBUTING|README|TODO|tsconfig|MANIFEST|id_(rsa|ed25519)|celerybeat-schedule|celerybeat|local_settings|db|database|nosetests|coverage|test|tests",
    ].join("|") +
    ")([-_.~].*)?$",
  "i",
);

/** Whether a pattern names what tools or habits bring about, so that it stands to reason even where there is none. */
export function isPrecaution(pattern: string): boolean {
  const name = pattern.split("/").filter((part) => part !== "**" && part !== "*").at(-1) ?? "";
  // `*.log`, `*~`: a kind of file, not one in particular.
  if (/[*?[]/.test(name)) return true;
  const names = pattern.split("/").filter(Boolean);
  return name.startsWith(".") || names.some((part) => usualNames.test(part));
}
