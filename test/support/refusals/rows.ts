import { logins } from "./logins";
import { networks } from "./networks";
import { oddities } from "./oddities";
import { outages } from "./outages";
import type { Row } from "./row";
import { rules } from "./rules";
import { services } from "./services";

/** How registries refuse. */
export const rows: readonly Row[] = [...logins, ...rules, ...networks, ...outages, ...oddities, ...services];
