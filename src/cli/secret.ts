/** A session secret: 256 bits of the system's random source. */
import { randomBytes } from "node:crypto";

export const newSecret = () => randomBytes(32).toString("base64url");
