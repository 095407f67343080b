import type { ClientRequest } from "node:http";

/** No server has a reason to give more answers before the answer: each costs time, and there may be no end of them. */
const mostInterim = 100;

/** Ends a request whose server sends one interim answer (1xx) after the other. */
export function limitInterim(request: ClientRequest): void {
  let interim = 0;
  request.on("information", () => {
    if (++interim > mostInterim) request.destroy(new Error("it sends interim responses without end"));
  });
}
