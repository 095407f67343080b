import { nearestName } from "../../base/nearestName";

/**
 * Returns the name that an unknown name was probably meant to be: written as in Python or in the methods, or with a
 * typo. Undefined if there is none.
 */
export function meantName(name: string, names: readonly string[]): string | undefined {
  return names.find((each) => plain(each) === plain(name)) ?? nearestName(name, names);
}

/** Normalizes a name: `with_pip_packages`, `withPipPackages` and `pip-packages` become `pippackages`. */
function plain(name: string): string {
  return name
    .replaceAll(/[_-]/g, "")
    .toLowerCase()
    .replace(/^(with|from)(?=.)/, "");
}

/** Quotes names and joins them with commas, for messages. */
export function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
