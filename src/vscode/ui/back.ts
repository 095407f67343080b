/** The answer of a person who wants the question before. */
export const back = Symbol("back");

/** An answer, `back`, or nothing when the question was dismissed. */
export type Answer<Value> = Value | typeof back | undefined;
