import type { LocalImage } from "../../../core/engine/daemonImages";

/** Number of images that are shown at first, and more with each request for more. */
const pageSize = 100;

/** Row of a builder below which the images of its daemon are shown. */
export class LocalImagesNode {
  readonly kind = "localImages";
  readonly id: string;
  #limit = pageSize;

  /** @param changed is called when the rows below are to be shown again */
  constructor(
    readonly builder: string,
    private readonly changed: (node: LocalImagesNode) => void,
  ) {
    this.id = `localImages/${encodeURIComponent(builder)}`;
  }

  /** Maximum number of images that are shown. */
  get limit(): number {
    return this.#limit;
  }

  showMore(): void {
    this.#limit += pageSize;
    this.changed(this);
  }
}

/** Row of one name of an image. Commands recognize it by its class, which plain data in a link doesn't have. */
export class LocalImageNode {
  readonly kind = "localImage";
  readonly id: string;

  /**
   * @param address address of the daemon that has the image
   * @param all all images of that daemon
   */
  constructor(
    readonly parent: LocalImagesNode,
    readonly image: LocalImage,
    readonly address: string,
    private readonly all: readonly LocalImage[],
  ) {
    this.id = `${parent.id}/${image.name}`;
  }

  /** Other names of the same image. */
  get otherNames(): string[] {
    const { name, imageId } = this.image;
    return this.all.flatMap((each) => (each.imageId === imageId && each.name !== name ? each.name : []));
  }

  /** Whether another image of the daemon has a name. */
  isOfAnother(name: string): boolean {
    return this.all.some((each) => each.name === name && each.imageId !== this.image.imageId);
  }
}
