import { Image } from "../../src/core/image/image";
import { ownPlatform } from "../support/buildImage";
import { uniqueName } from "../support/engine";

/** An image that a test adds layers to. */
export const start = Image.fromBase("busybox:1.35").clone({
  name: uniqueName("image"),
  extendable: true,
  platform: ownPlatform,
});
