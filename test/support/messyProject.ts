import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const kB = 1_000;
const MB = 1_000 * kB;

/** What a project in Python with a web page looks like after half a year, by path and size in bytes. */
function* messyFiles(): Generator<readonly [path: string, bytes: number]> {
  for (const [name, size, count] of [
    ["react-dom", 4.2, 24],
    ["typescript", 31, 40],
    ["@babel/core", 6, 60],
    ["lodash", 5, 120],
    ["webpack", 12, 90],
    ["three", 22, 30],
  ] as const) {
    for (let i = 0; i < count; i++)
      yield [`web/node_modules/${name}/lib/part-${i}.js`, Math.round((size * MB * (1 + (i % 7))) / (count * 4))];
  }
  for (const [name, size, count] of [
    ["torch/lib/libtorch_cpu.so", 190, 1],
    ["torch/lib/libtorch_python.so", 24, 1],
    ["numpy/core", 31, 40],
    ["pandas/core", 42, 70],
    ["scipy/special", 55, 30],
  ] as const) {
    for (let i = 0; i < count; i++)
      yield [
        `.venv/lib/python3.11/site-packages/${name}${count > 1 ? `/module_${i}.py` : ""}`,
        Math.round((size * MB * (1 + (i % 5))) / (count === 1 ? 1 : count * 3)),
      ];
  }
  for (let i = 0; i < 40; i++)
    yield [
      `.git/objects/${i.toString(16).padStart(2, "0")}/4b825dc642cb6eb9a060e54bf8d69288fbee49${i}`,
      40 * kB * (1 + (i % 9)),
    ];
  yield [".git/objects/pack/pack-8f1c.pack", 96 * MB];
  for (const [name, size] of [
    ["train.parquet", 240],
    ["validation.parquet", 61],
    ["raw/2023.csv", 88],
    ["raw/2024.csv", 132],
    ["raw/2025.csv", 47],
    ["labels.jsonl", 9],
  ] as const)
    yield [`data/${name}`, size * MB];
  for (const [name, size] of [
    ["encoder.safetensors", 310],
    ["encoder-old.safetensors", 305],
    ["tokenizer.json", 2],
  ] as const)
    yield [`models/${name}`, size * MB];
  for (let i = 0; i < 18; i++) yield [`mlruns/0/run-${i}/artifacts/model.pkl`, Math.round(1.7 * MB * (1 + (i % 4)))];
  for (const [name, size] of [
    ["bundle.js", 6],
    ["bundle.js.map", 11],
    ["hero.png", 3],
  ] as const)
    yield [`web/dist/${name}`, size * MB];
  for (let i = 0; i < 14; i++) yield [`docs/figures/figure-${i}.png`, Math.round(0.6 * MB * (1 + (i % 3)))];
  yield ["docs/paper.pdf", 7 * MB];
  yield ["backup-2025-03.tar.gz", 74 * MB];
  for (let i = 0; i < 30; i++) yield [`src/app/module_${i}.py`, 4 * kB * (1 + (i % 6))];
  for (let i = 0; i < 12; i++) yield [`src/app/__pycache__/module_${i}.cpython-311.pyc`, 9 * kB];
  yield ["notebooks/exploration.ipynb", 18 * MB];
}

/** Writes a large project without filling the disk: files of a size that hold nothing, and a few that do. */
export function writeMessyProject(root: string): void {
  for (const [path, bytes] of messyFiles()) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    const descriptor = openSync(file, "w");
    ftruncateSync(descriptor, bytes);
    closeSync(descriptor);
  }
  const texts = {
    Dockerfile:
      "FROM python:3.12-slim\nWORKDIR /app\nCOPY pyproject.toml .\nRUN pip install .\nCOPY src ./src\n" +
      "COPY models/encoder.safetensors models/\nCOPY . .\n",
    ".dockerignore": "# Python\n__pycache__\ndocs\n",
    "pyproject.toml": '[project]\nname = "app"\n',
    ".env": "DATABASE_URL=postgres://app@localhost/app\n",
    "deploy/id_ed25519": "not a key\n",
    "README.md": "# App\n",
  };
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
