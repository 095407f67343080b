/** Returns a function that passes on at most one value per `intervalMs`: the first one immediately, then the latest. */
export function throttle<Value>(intervalMs: number, pass: (value: Value) => void): (value: Value) => void {
  let pending: { readonly value: Value } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    timer = undefined;
    if (!pending) return;
    const { value } = pending;
    pending = undefined;
    timer = setTimeout(tick, intervalMs);
    pass(value);
  };
  return (value) => {
    pending = { value };
    if (!timer) tick();
  };
}
