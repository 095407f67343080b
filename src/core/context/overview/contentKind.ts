import { clutterOf } from "../lint/state/names";

/** Kinds of files, determined by their names; each has its own color in the treemap. */
export const contentKinds = [
  "code",
  "dependencies",
  "history",
  "data",
  "media",
  "archives",
  "caches",
  "other",
] as const;

/** Kind of a file, one of `contentKinds`. */
export type ContentKind = (typeof contentKinds)[number];

/** Folders whose contents are all of one kind. */
const folders: readonly (readonly [ContentKind, RegExp])[] = [
  ["history", /^\.(git|svn|hg|jj)$/],
  ["dependencies", /^(node_modules|bower_components|jspm_packages|vendor|\.pnpm-store|\.terraform)$/],
  ["dependencies", /^(\.?venv|(site|dist)-packages)$/],
  ["caches", /^(dist|build|_build|out|target|coverage|htmlcov|\.?cache|\.next|\.nuxt|\.output|te?mp|logs?)$/i],
];

const extensions: Readonly<Partial<Record<ContentKind, string>>> = {
  code:
    "c cc cpp cs css dart ex exs go gradle graphql h hpp html ipynb java jl js json jsonc jsx kt less lock lua m " +
    "md mjs cjs mts cts php pl proto ps1 py pyi pyx r rb rs rst sass scala scss sh sql svelte swift tf toml ts " +
    "tsx txt vue xml yaml yml zig",
  data:
    "arrow avro bin ckpt csv data db duckdb feather ggml gguf h5 hdf5 jsonl joblib keras mat model ndjson npy " +
    "npz onnx orc parquet pb pickle pkl pt pth safetensors sqlite sqlite3 tflite tfrecord tsv xls xlsx",
  media:
    "aac aif avi avif bmp doc docx eot flac gif heic ico jpeg jpg mkv mov mp3 mp4 ogg otf pdf png ppt pptx psd " +
    "svg tif tiff ttf wav webm webp woff woff2",
  archives:
    "7z a apk bz2 class deb dll dmg dylib egg exe gz iso jar lz4 msi o obj rar rpm so tar tgz war wasm whl xz zip zst",
  caches: "log map pyc pyo swp tmp tsbuildinfo",
};

const kindByExtension = new Map(
  contentKinds.flatMap((kind) => (extensions[kind] ?? "").split(" ").map((extension) => [extension, kind])),
);
const plainNames = /^(dockerfile|containerfile|makefile|rakefile|gemfile|procfile|license|readme|changelog)$/i;

/** Returns the kind of everything in a folder, or undefined for a folder with mixed contents. */
export function kindOfFolder(name: string): ContentKind | undefined {
  const known = folders.find(([, names]) => names.test(name))?.[0];
  return known ?? (clutterOf(name, true) ? "caches" : undefined);
}

/** Returns the kind of a file by its name alone; default is `other`. */
export function kindOfFile(name: string): ContentKind {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const isPlain = name.lastIndexOf(".") <= 0;
  return (
    (isPlain ? undefined : kindByExtension.get(extension)) ??
    (plainNames.test(name) || /^\.[a-z]+(rc|ignore|config)$/.test(name) ? "code" : "other")
  );
}
