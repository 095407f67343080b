import type { Image } from "../../../../src/core/image/image";
import type { TestPackage } from "../../wheelIndex";

/** The addresses of the indexes that projects name. */
export interface ShapeIndexes {
  readonly main: string;
  /** Has one package that the main one doesn't have. */
  readonly second: string;
  /** Host and port of an index that asks for a password. */
  readonly guarded: string;
}

/** A project as people lay one out, with the image that is made of it. */
export interface ProjectShape {
  readonly title: string;
  readonly files: (index: ShapeIndexes) => Readonly<Record<string, string | Buffer>>;
  readonly image: (start: Image<true>, index: ShapeIndexes) => Image<true>;
  /** What must be imported in the image, and what each module's `value` is. */
  readonly modules: readonly string[];
  readonly values: readonly string[];
  /** What must not be there. */
  readonly absent?: readonly string[];
  /** The words after `pip install` that install the same by hand, in the folder of the files. */
  readonly hand?: (index: ShapeIndexes) => string;
}

/** What the main index has; strangers have the names of projects on this machine. */
export const shapePackages: readonly TestPackage[] = [
  { name: "plain", version: "1.0", value: "plain 1.0" },
  { name: "plain", version: "2.0", value: "plain 2.0" },
  { name: "plain", version: "3.0rc1", value: "plain 3.0rc1" },
  { name: "needy", version: "1.0", value: "needy 1.0", requires: ["plain"] },
  { name: "deep", version: "1.0", value: "deep 1.0", requires: ["needy", "side<2"] },
  { name: "side", version: "1.0", value: "side 1.0" },
  { name: "side", version: "2.0", value: "side 2.0" },
  { name: "checks", version: "1.0", value: "checks 1.0" },
  { name: "pages", version: "1.0", value: "pages 1.0" },
  { name: "tools", version: "9.0", value: "a stranger" },
  { name: "core", version: "9.0", value: "a stranger" },
];

/** A wheel that a project has beside it. */
export const local: TestPackage = { name: "shipped", version: "1.0", value: "shipped 1.0", requires: ["plain"] };

/** A project that is installed itself. */
export const whole = { projectInstallMode: "install_project" } as const;

/** The table by which uv takes the main index in PyPI's place. */
export const ownIndex = ({ main }: ShapeIndexes): string => `[[tool.uv.index]]\nurl = "${main}"\ndefault = true\n`;

/** The source of a package of the main index in a lock file. */
export const registry = ({ main }: ShapeIndexes): string => `{ registry = "${main}" }`;

/** Words after `pip install` for the main index. */
export const byHand =
  (words: string) =>
  ({ main }: ShapeIndexes): string =>
    `--index-url ${main} ${words}`;

/** No files. */
export const none = () => ({});
