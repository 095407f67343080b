import { Image } from "../../../src/core/image/image";
import { resolveImage } from "../../../src/core/image/resolve/resolve";
import { tagOf } from "../../../src/core/image/plan/tag";

/** An image that takes layers. */
export const start = Image.fromBase("python:3.12-slim").clone({ name: "app", extendable: true });

/** The tag of an image. */
export const tag = (image: Image, root: string): Promise<string> => tagOf(resolveImage(image, { root }));
