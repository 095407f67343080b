import { ImageBuilderError } from "../base/errors";
import { typeWords } from "../contracts/checkFlavor";
import type { Component, ComponentType } from "../base/component";

/**
 * Finds a component by its ID, its name, the beginning of its ID, or, with `byNamePrefix`, the beginning of its name;
 * the first kind of match wins.
 *
 * @throws ImageBuilderError `componentUnknown` if none matches, or if several do, with their names
 */
export function findComponent(
  type: ComponentType,
  components: readonly Component[],
  wanted: string,
  { byNamePrefix = false } = {},
): Component {
  const ways: readonly ((component: Component) => boolean)[] = [
    ({ id }) => id === wanted,
    ({ name }) => name === wanted,
    ({ id }) => wanted !== "" && (id?.startsWith(wanted) ?? false),
    ({ name }) => byNamePrefix && wanted !== "" && name.startsWith(wanted),
  ];
  for (const fits of ways) {
    const [found, ...more] = components.filter(fits);
    if (!found) continue;
    if (more.length === 0) return found;
    const names = [found, ...more].map(({ name, id }) => `"${name}" (${id ?? "no id"})`).join(", ");
    throw new ImageBuilderError(
      "componentUnknown",
      `"${wanted}" matches more than one ${typeWords[type]}: ${names}. Use the full name or ID.`,
    );
  }
  const known = components.map(({ name }) => `"${name}"`).join(", ") || "none";
  throw new ImageBuilderError(
    "componentUnknown",
    `There is no ${typeWords[type]} named "${wanted}" (available: ${known}).`,
  );
}

/** Filter for components; all given fields must match. */
export interface ComponentFilter {
  readonly name?: string;
  readonly flavor?: string;
  readonly connector?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Whether a component matches a filter. */
export function fitsFilter(component: Component, { name, flavor, connector, labels = {} }: ComponentFilter): boolean {
  return (
    (name === undefined || component.name.toLowerCase().includes(name.toLowerCase())) &&
    (flavor === undefined || component.flavor === flavor) &&
    (connector === undefined || component.connector === connector) &&
    Object.entries(labels).every(([key, value]) => component.labels?.[key] === value)
  );
}
