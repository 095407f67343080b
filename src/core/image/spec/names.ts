import { nearestName } from "../../base/nearestName";

/**
 * The name that is meant by one that there is not: written as Python or the methods write it, or with a slip of the
 * finger.
 */
export function meantName(name: string, names: readonly string[]): string | undefined {
  return names.find((each) => plain(each) === plain(name)) ?? nearestName(name, names);
}

/** `with_pip_packages`, `withPipPackages` and `pip-packages` are `pippackages`. */
function plain(name: string): string {
  return name
    .replaceAll(/[_-]/g, "")
    .toLowerCase()
    .replace(/^(with|from)(?=.)/, "");
}

/** Names as a sentence lists them. */
export function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
