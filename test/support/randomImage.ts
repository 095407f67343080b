import { Random } from "../../scripts/oracle/random.mjs";
import { Image } from "../../src/core/image/image";
import { architectures } from "../../src/core/image/definition/platform";

/** A random image and a text that tells its definition in another way than the code under test does. */
export interface RandomImage {
  readonly definition: string;
  readonly image: Image;
}

type Step = (image: Image<true>) => Image<true>;

/** Few and short, so that the same bytes come together in many ways. */
const words = ["a", "b", "ab", "ba", "v", "im", "vim", "a b", "1", "True", "a=b", "l1:a", "\n", "ü"];

/** Makes random images, each with some layers; what a seed has made once it makes again. */
export function randomImage(seed: number): () => RandomImage {
  const random = new Random(seed);
  const word = (): string => words[random.below(words.length)] ?? "";
  const safeWord = (): string => word().replace(/\s/g, "_");
  const some = <T>(make: () => T, least = 1): T[] => Array.from({ length: least + random.below(3) }, make);
  const maybe = <T>(make: () => T): T | undefined => (random.chance(0.3) ? make() : undefined);
  // The same secret twice is the same image as once.
  const secretMounts = (): string[] | undefined => maybe(() => [...new Set(some(() => `s_${random.below(9)}`))]);
  const pip = () => ({
    indexUrl: maybe(safeWord),
    extraIndexUrls: some(safeWord, 0),
    pre: random.chance(0.3),
    extraArgs: maybe(safeWord),
    secretMounts: secretMounts(),
  });

  const makers: readonly (() => readonly [definition: unknown, step: Step])[] = [
    () =>
      both("apt", some(safeWord), secretMounts(), (image, packages, secretMounts) =>
        image.withAptPackages(...packages, { secretMounts }),
      ),
    () => both("pip", some(safeWord), pip(), (image, packages, options) => image.withPipPackages(...packages, options)),
    () =>
      both("env", Object.fromEntries(some(() => [`N_${random.below(3)}`, word()])), null, (image, variables) =>
        image.withEnvVars(variables),
      ),
    () => both("workdir", `/${safeWord()}`, null, (image, path) => image.withWorkdir(path)),
    () =>
      both(
        "commands",
        some(() => `x${word()}`),
        secretMounts(),
        (image, commands, secretMounts) => image.withCommands(commands, { secretMounts }),
      ),
    () => both("file", `/${safeWord()}`, null, (image, dst) => image.withSourceFile("a.txt", { dst })),
    () => both("folder", `/${safeWord()}`, null, (image, dst) => image.withSourceFolder("dist", { dst })),
  ];

  return () => {
    const platform = architectures.filter(() => random.chance(0.3));
    const steps = some(() => {
      // Reading files takes most of the time.
      const maker = makers[random.chance(0.02) ? 5 + random.below(2) : random.below(5)];
      if (!maker) throw new Error("there is a maker for each number");
      return maker();
    });
    const base = `x${safeWord()
      .replaceAll(/[^a-z0-9]/g, "x")
      .toLowerCase()}`;
    const start = Image.fromBase(base).clone({
      name: "app",
      extendable: true,
      platform: platform.length > 0 ? platform : ["linux/amd64"],
    });
    return {
      definition: JSON.stringify([base, start.platform, steps.map(([definition]) => definition)]),
      image: steps.reduce((image, [, step]) => step(image), start),
    };
  };
}

function both<A, B>(
  name: string,
  a: A,
  b: B,
  step: (image: Image<true>, a: A, b: B) => Image<true>,
): readonly [unknown, Step] {
  return [[name, a, b ?? null], (image) => step(image, a, b)];
}
