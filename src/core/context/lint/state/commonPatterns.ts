/** Pattern that is useful in many projects of a kind. */
export interface CommonPattern {
  /** Pattern for a name at any depth. */
  readonly pattern: `**/${string}`;
  /** Description of what it excludes. */
  readonly what: string;
}

/** Language or kind of work, recognized by file names. */
interface Ecosystem {
  readonly signs: RegExp;
  readonly patterns: Readonly<Record<CommonPattern["pattern"], string>>;
}

const everywhere: Ecosystem["patterns"] = {
  "**/.git": "Version history",
  "**/.env": "Environment variables",
  "**/.env.*": "Environment variables",
  "**/.DS_Store": "File manager metadata",
  "**/.idea": "Editor state",
  "**/.vscode": "Editor settings",
  "**/*.log": "Logs",
  "**/*.pem": "Keys and certificates",
  "**/Dockerfile*": "Dockerfiles, which builders read separately",
};

const ecosystems: readonly Ecosystem[] = [
  {
    signs: /^(.+\.py|pyproject\.toml|requirements.*\.txt|setup\.cfg|Pipfile)$/,
    patterns: {
      "**/__pycache__": "Compiled Python",
      "**/*.py[cod]": "Compiled Python",
      "**/.venv": "Virtual environment",
      "**/venv": "Virtual environment",
      "**/.pytest_cache": "pytest's cache",
      "**/.mypy_cache": "mypy's cache",
      "**/.ruff_cache": "ruff's cache",
      "**/.tox": "tox's environments",
      "**/*.egg-info": "Package metadata",
      "**/.ipynb_checkpoints": "Notebook checkpoints",
      "**/htmlcov": "Coverage reports",
    },
  },
  {
    signs: /^(package\.json|.+\.(js|ts|jsx|tsx|mjs|cjs))$/,
    patterns: {
      "**/node_modules": "Installed packages",
      "**/dist": "Build output",
      "**/.next": "Next.js's output",
      "**/.turbo": "Turborepo's cache",
      "**/coverage": "Coverage reports",
      "**/npm-debug.log*": "npm's logs",
      "**/*.tsbuildinfo": "TypeScript's cache",
    },
  },
  { signs: /^(go\.(mod|sum|work)|.+\.go)$/, patterns: { "**/*.test": "Test binaries", "**/*.out": "Profiles" } },
  {
    signs: /^(Cargo\.(toml|lock)|.+\.rs)$/,
    patterns: { "**/target": "Build output", "**/*.rs.bk": "rustfmt's copies" },
  },
  {
    signs: /^(pom\.xml|.*\.gradle(\.kts)?|.+\.(java|kt))$/,
    patterns: {
      "**/target": "Maven's output",
      "**/build": "Gradle's output",
      "**/.gradle": "Gradle's cache",
      "**/*.class": "Compiled Java",
      "**/*.jar": "Packaged Java",
    },
  },
  {
    signs:
      /^(mlruns|mlflow.*|wandb|lightning_logs|\.zen|dvc\.yaml|.+\.(ipynb|ckpt|pt|pth|safetensors|onnx|h5|parquet))$/,
    patterns: {
      "**/mlruns": "MLflow's records",
      "**/wandb": "Weights & Biases' records",
      "**/lightning_logs": "Lightning's records",
      "**/checkpoints": "Model checkpoints",
      "**/*.ckpt": "Model checkpoints",
      "**/*.pt": "Model weights",
      "**/*.safetensors": "Model weights",
      "**/*.parquet": "Data",
    },
  },
];

/** Returns the indexes of the ecosystems that a file's name indicates. */
export function ecosystemsOf(name: string): number[] {
  return ecosystems.flatMap(({ signs }, index) => (signs.test(name) ? [index] : []));
}

/** Returns the patterns for the given ecosystems and those for all projects, without duplicates. */
export function commonPatterns(found: ReadonlySet<number>): CommonPattern[] {
  const lists = [everywhere, ...ecosystems.filter((_, index) => found.has(index)).map(({ patterns }) => patterns)];
  const entries = lists.flatMap((patterns) => Object.entries(patterns) as [CommonPattern["pattern"], string][]);
  const first = new Map(entries.toReversed());
  return [...first].reverse().map(([pattern, what]) => ({ pattern, what }));
}
