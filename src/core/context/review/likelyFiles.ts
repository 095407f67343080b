import { isSamplePath } from "../lint/state/names";

/** What is never text, or packed. */
const binary =
  /\.(7z|a|avif|avi|bin|bmp|br|bz2|class|ckpt|dll|dylib|eot|exe|feather|flac|gguf|gif|gz|h5|ico|jar|jpe?g|lib|mkv|mov|mp[34]|node|npy|npz|o|obj|onnx|otf|parquet|pdf|pdb|pickle|pkl|png|pt|pth|pyc|pyo|rar|rlib|safetensors|so(\.\d+)*|svgz|tar|tflite|tgz|tiff?|ttf|wasm|wav|webm|webp|whl|woff2?|xz|zip|zst)$/i;

/** Where settings and logins are written. */
const settings =
  /^\.|^(credentials|config|secrets?|Dockerfile|Containerfile|Makefile|Jenkinsfile|Procfile)\b|\.(asc|cer|cfg|conf|config|crt|env|ini|jsonc?|json5|key|pem|pgp|properties|ps1|bat|cmd|(ba|z|fi)?sh|tf|tfvars|toml|txt|xml|ya?ml)$/i;

const code =
  /\.(c|cc|cpp|cs|cts|dart|erl|exs?|fs|go|gradle|groovy|h|hpp|ipynb|java|jsx?|kts?|lua|md|mjs|cjs|mts|php|pl|py|rb|rs|scala|sql|svelte|swift|tsx?|vb|vue)$/i;

/** Large, made by tools from what others publish. */
const generated = /(^|[.-])(lock|lock\.json|lock\.yaml|min\.js|min\.css|map)$|^(yarn\.lock|go\.sum|Cargo\.lock)$/i;

/** The ranks of `likelihoodOf`. */
export const likelihoods = 4;

/**
 * How early to look into a file for secrets.
 *
 * @returns 0 for files that are named like a secret, then settings, code and the rest; nothing for what holds none to
 * be told
 */
export function likelihoodOf(path: string, isNamedSecret: boolean): number | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (isNamedSecret) return 0;
  if (binary.test(name) || /(^|\/)\.git\/objects\//.test(path) || isSamplePath(path)) return undefined;
  if (generated.test(name)) return 3;
  return settings.test(name) ? 1 : code.test(name) ? 2 : 3;
}
