import { parseJson } from "../border/parseJson";
import type { Configurable } from "../config/checkConfiguration";
import { configForm, type FormField } from "../config/configForm";

/** The words that ZenML takes for a boolean, in any case. */
const booleans: ReadonlyMap<string, boolean> = new Map([
  ...["true", "t", "yes", "y", "on", "1"].map((word) => [word, true] as const),
  ...["false", "f", "no", "n", "off", "0"].map((word) => [word, false] as const),
]);

/** Fields of a flavor as named on a command line, and the values of their texts. */
export class FlavorArguments {
  readonly #fields: ReadonlyMap<string, FormField>;

  /** @throws ImageBuilderError `flavorInvalid`, as `configForm` */
  constructor(flavor: Configurable<object>) {
    this.#fields = new Map(configForm(flavor).map((field) => [field.name, field]));
  }

  /** Returns the field of a name, as written here or by ZenML, such as `default_repository`. */
  nameOf(written: string): string {
    if (this.#fields.has(written)) return written;
    const [first = "", ...others] = written.split("_");
    const camelCase = first + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
    return this.#fields.has(camelCase) ? camelCase : written;
  }

  /**
   * A configuration of the texts: `--insecure=true` gives a boolean, `--limit=300` a number, `--names=a,b` and
   * `--names=["a","b"]` a list. A text that doesn't fit stays, so that the check of the configuration reports it.
   */
  valuesOf(texts: Readonly<Record<string, string>>): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(texts).map(([written, text]) => {
        const name = this.nameOf(written);
        return [name, valueOf(this.#fields.get(name), text)];
      }),
    );
  }
}

function valueOf(field: FormField | undefined, text: string): unknown {
  switch (field?.kind) {
    case "boolean":
      return booleans.get(text.trim().toLowerCase()) ?? text;
    case "number":
      return numberIn(text) ?? text;
    case "choice":
      return field.choices?.find((choice) => String(choice) === text) ?? text;
    case "json":
      return field.items === undefined || /^\s*(?:[[{"]|$)/.test(text)
        ? (parseJson(text) ?? text)
        : text.split(",").map((item) => (field.items === "number" ? (numberIn(item) ?? item) : item.trim()));
    default:
      return text;
  }
}

function numberIn(text: string): number | undefined {
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : undefined;
}
