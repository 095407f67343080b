/** Files as they lie in real projects. */
export const projectFiles = [
  "README.md", "docs/README.md", "docs/guide/intro.md", "src/main.py", "src/util/io.py", "src/util/__pycache__/io.cpython-311.pyc",
  "src/__pycache__/main.cpython-311.pyc", "src/app/index.ts", "src/app/index.test.ts", "pipelines/train.py", "pipelines/steps/load.py",
  "pipelines/steps/data/sample.csv", "notebooks/explore.ipynb", "notebooks/.ipynb_checkpoints/explore-checkpoint.ipynb",
  "data/raw/big.csv", "data/raw/.gitkeep", "data/sample.csv", "data/processed/", "models/model.pt", "models/v1/model.pt",
  "models/config.yaml", ".git/HEAD", ".git/config", ".git/objects/ab/cdef", ".gitignore", ".github/workflows/ci.yml", ".env",
  ".env.local", ".env.example", "config/.env", "config/prod.env", "config/settings.yaml", ".venv/bin/python", ".venvrc",
  ".venv/lib/python3.11/site-packages/x/__init__.py", "node_modules/left/index.js", "web/node_modules/right/index.js",
  "web/src/app.tsx", "web/src/app.test.tsx", "web/dist/bundle.js", "web/package.json", "package.json", "requirements.txt",
  "requirements-dev.txt", "pyproject.toml", "tests/test_main.py", "tests/data/x.log", "app.log", "logs/run.log", "logs/2024/run.log",
  "build/lib/x.so", "dist/pkg.whl", "secrets/key.pem", "secrets/key.pub", "secrets.example", "certs/server.pem", "id_rsa",
  ".aws/credentials", ".zen/config.yaml", ".zen/local_stores/a.db", "run.py", "Makefile", "docker/api.Dockerfile",
  "docker/api.Dockerfile.dockerignore", "Dockerfile.dev", "docker-compose.yml", ".DS_Store", "src/.DS_Store", ".idea/workspace.xml",
  ".vscode/settings.json", "tmp/a.tmp", "src/a.swp", "mlruns/0/meta.yaml", "wandb/run-1/logs/debug.log", "outputs/",
  "terraform/main.tf", "terraform/.terraform/providers/x", "terraform/terraform.tfstate",
];

/** Lines as people write them. */
export const projectLines = [
  ".git", ".git/", "/.git", "**/.git", ".gitignore", ".github", "node_modules", "**/node_modules", "node_modules/", "**/node_modules/",
  "*/node_modules", "__pycache__", "**/__pycache__", "**/__pycache__/", "*.pyc", "**/*.pyc", "*.py[cod]", "**/*.py[cod]", ".venv",
  "**/.venv", "!.venvrc", ".env", ".env*", "**/.env", "**/.env*", "!.env.example", "!**/.env.example", ".env.*", "*.log", "**/*.log",
  "logs", "logs/*", "logs/**", "!logs/run.log", "data", "data/", "data/*", "data/**", "data/**/*", "!data/sample.csv", "!data/raw",
  "!data/raw/.gitkeep", "!data/**/.gitkeep", "**/data", "models", "models/**", "!models/config.yaml", "!models/*.yaml", "*.md",
  "**/*.md", "!README.md", "!docs/README.md", "!**/README.md", "docs", "docs/*", "tests", "**/tests", "**/*.test.tsx", "**/*.test.*",
  "notebooks", "*.ipynb", "**/*.ipynb", "**/.ipynb_checkpoints", "secrets", "secrets/", "**/secrets", "!secrets.example",
  "!secrets/*.pub", "*.pem", "**/*.pem", "id_rsa", ".aws", "Dockerfile", "Dockerfile*", "**/Dockerfile*", "**/*Dockerfile*",
  ".dockerignore", "**/.dockerignore", ".*", "!.env", "**/.*", "*", "**", "**/*", "!src", "!src/", "!src/**", "!src/**/*",
  "!src/**/*.py", "!**/*.py", "!*.py", "!pipelines", "!/pipelines/", "!requirements*.txt", "!requirements.txt", "!pyproject.toml",
  "!package.json", "!**/package.json", "!.zen", "build", "dist", "**/dist", "build/", "/dist", "*.{js,ts}", "**/*.{log,tmp}",
  "(*.log|*.tmp)", "*.log # logs", "# comment", "", "  ", "src/**/__pycache__", "src/*.py", "web/*", "!web/src", "!web/src/**",
  "web/**/node_modules", "**/web/dist", "./tmp", "tmp/*", "**/tmp", "../outside", ".DS_Store", "**/.DS_Store", ".idea", ".vscode",
  "**/.terraform", "*.tfstate", "**/*.tfstate", "**/*.db", "wandb/", "mlruns", "outputs", "docker", "docker-compose*", "!docker",
  "Makefile", "requirements-*.txt", "config/*.env", "config", "!config/settings.yaml", ".DS_STORE", "readme.md", "LOGS", "*/*.md",
  "*/*/*.py", "!*/*.py", "!*/*/*.py", "**/sample.csv", "!**/sample.csv", "*/", "**/", "/*", "/**", ".", "./", "src/../data",
];
