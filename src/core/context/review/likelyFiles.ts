import { isSamplePath } from "../lint/state/names";

const archives = "7z|br|bz2|gz|jar|rar|svgz|tar|tgz|whl|xz|zip|zst";
const media = "avif|avi|bmp|eot|flac|gif|ico|jpe?g|mkv|mov|mp[34]|otf|pdf|png|tiff?|ttf|wav|webm|webp|woff2?";
const data = "bin|ckpt|feather|gguf|h5|npy|npz|onnx|parquet|pickle|pkl|pt|pth|safetensors|tflite";
const compiled = "a|class|dll|dylib|exe|lib|node|o|obj|pdb|pyc|pyo|rlib|so(\\.\\d+)*|wasm";

/** Names of files that are binary or compressed. */
const binary = new RegExp(`\\.(${archives}|${media}|${data}|${compiled})$`, "i");

const settingsNames = "credentials|config|secrets?|Dockerfile|Containerfile|Makefile|Jenkinsfile|Procfile";
const settingsFormats = "cfg|conf|config|env|ini|jsonc?|json5|properties|tf|tfvars|toml|txt|xml|ya?ml";
const keys = "asc|cer|crt|key|pem|pgp";
const shellScripts = "ps1|bat|cmd|(ba|z|fi)?sh";

/** Names of files that may contain settings and credentials. */
const settings = new RegExp(`^\\.|^(${settingsNames})\\b|\\.(${settingsFormats}|${keys}|${shellScripts})$`, "i");

const webCode = "cts|jsx?|md|mjs|cjs|mts|php|svelte|tsx?|vue";
const otherCode =
  "c|cc|cpp|cs|dart|erl|exs?|fs|go|gradle|groovy|h|hpp|ipynb|java|kts?|lua|pl|py|rb|rs|scala|sql|swift|vb";
const code = new RegExp(`\\.(${webCode}|${otherCode})$`, "i");

/** Names of large files that tools generate from published packages or from code. */
const generated = /(^|[.-])(lock|lock\.json|lock\.yaml|min\.js|min\.css|map)$|^(yarn\.lock|go\.sum|Cargo\.lock)$/i;

/** Number of ranks that `likelihoodOf` returns. */
export const likelihoods = 4;

/**
 * Returns the rank of a file in the search for secrets.
 *
 * @returns 0 for files with a name like a secret's, 1 for settings, 2 for code, 3 for the rest; undefined for files
 * that are not searched
 */
export function likelihoodOf(path: string, isNamedSecret: boolean): number | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (isNamedSecret) return 0;
  if (binary.test(name) || /(^|\/)\.git\/objects\//.test(path) || isSamplePath(path)) return undefined;
  if (generated.test(name)) return 3;
  return settings.test(name) ? 1 : code.test(name) ? 2 : 3;
}
