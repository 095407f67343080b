import type { ClientRequest } from "node:http";

/** Limit on interim responses: a server has no reason to send more of them, each costs time, and they may never end. */
const mostInterim = 100;

/** Ends a request whose server sends more than 100 interim responses (1xx). */
export function limitInterim(request: ClientRequest): void {
  let interim = 0;
  request.on("information", () => {
    if (++interim > mostInterim) request.destroy(new Error("it sends interim responses without end"));
  });
}
