/** Answer if the person wants to go back to the previous prompt. */
export const back = Symbol("back");

/** Answer to a prompt: a value, `back`, or undefined if it was dismissed. */
export type Answer<Value> = Value | typeof back | undefined;
