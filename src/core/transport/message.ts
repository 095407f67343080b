import { BinaryReader, type BinaryWriter } from "@bufbuild/protobuf/wire";

/** Generated code for one type of message. */
export interface MessageType<T> {
  encode(message: T): BinaryWriter;
  decode(reader: BinaryReader): T;
}

/**
 * Limit on the tags, lengths, and small numbers of one message. Real messages have some ten thousand; without a limit,
 * 16 MiB of empty messages become 2 GiB of objects.
 */
const mostNumbers = 500_000;

/** Wire types of numbers (variable, eight-byte, and four-byte) and of length-delimited values. */
const wireTypes: ReadonlySet<number> = new Set([0, 1, 5, 2]);
const lengthDelimited = 2;

/** Returns a message's encoded bytes. */
export function encodeMessage<T>(type: MessageType<T>, message: T): Uint8Array {
  return type.encode(message).finish();
}

/**
 * Decodes a message of the daemon; unknown fields are skipped.
 *
 * @throws Error for bytes that are not such a message
 */
export function decodeMessage<T>(type: MessageType<T>, bytes: Uint8Array): T {
  try {
    const reader = new BoundedReader(bytes);
    const message = type.decode(reader);
    reader.leaveEnded();
    return message;
  } catch (error) {
    throw new Error("the daemon sent a malformed message", { cause: error });
  }
}

/**
 * Adds what the library and the generated code don't check: that a message ends within the message that contains it,
 * that every tag is valid (the generated code takes an invalid one for the end), and how much a message contains.
 *
 * Groups, which BuildKit never sends, are refused. Packed lists of numbers can't be read.
 */
class BoundedReader extends BinaryReader {
  /** Ends of the values that contain the current position, the innermost last. */
  readonly #ends: number[];
  /** Position of the value of the last tag. */
  #valueAt = -1;
  #hasLength = false;
  #numbers = 0;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.#ends = [bytes.length];
    const read = this.uint32;
    // All tags and lengths are read by this method.
    this.uint32 = () => {
      if (++this.#numbers > mostNumbers) throw new RangeError(`more than ${mostNumbers} numbers`);
      if (this.pos !== this.#valueAt) return this.#beginField(read);
      const value = read.call(this);
      if (this.#hasLength) this.#enter(value);
      this.#valueAt = -1;
      return value;
    };
  }

  /** Leaves the values that end at the current position. */
  leaveEnded(): void {
    for (let end = this.#ends.at(-1); end !== undefined && end <= this.pos; end = this.#ends.at(-1)) {
      if (end < this.pos) throw new RangeError(`a value ends at ${this.pos}, after its message at ${end}`);
      this.#ends.pop();
    }
  }

  #beginField(read: () => number): number {
    this.leaveEnded();
    const tag = read.call(this);
    if (tag >>> 3 === 0 || !wireTypes.has(tag & 7)) throw new RangeError(`invalid tag ${tag}`);
    this.#valueAt = this.pos;
    this.#hasLength = (tag & 7) === lengthDelimited;
    return tag;
  }

  #enter(length: number): void {
    const end = this.pos + length;
    if (end > (this.#ends.at(-1) ?? 0)) throw new RangeError(`a value ends at ${end}, after its message`);
    this.#ends.push(end);
  }
}
