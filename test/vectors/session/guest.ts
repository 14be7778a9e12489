/** Sign-in's cryptography in a guest of its own: test/vectors/session/entry.ts, compiled, and its exports wrapped. */
import { fields, readFields } from "../../../src/session/fields.ts";
import { PURPOSES, type Purpose, type Scope } from "../../../src/session/keys.ts";
import type { Place } from "../../../src/session/seal.ts";
import { compile } from "../compile.ts";
import { Guest } from "../guest.ts";

const WASM = compile(
  "test/vectors/session/entry.ts",
  "build/vectors-session.wasm",
  "--exportRuntime",
);

const number = (purpose: Purpose) => PURPOSES.indexOf(purpose);

export class SessionGuest extends Guest {
  constructor() {
    super(WASM);
  }

  /** Null where the guest refuses the secrets. */
  ring(secrets: Uint8Array[], scope: Scope): Ring | null {
    const { issuer, clientId, site, audience } = scope;
    const list = fields(issuer, clientId, site, audience);
    const handle = this.call("ring", [fields(...secrets), list]);
    return handle === 0 ? null : new Ring(this, handle);
  }

  countFields(list: Uint8Array): number {
    return this.call("countFields", [list]);
  }
}

/** What of a place a ring does not know by itself. */
export type Spot = Omit<Place, "scope">;

export class Ring {
  constructor(
    readonly guest: SessionGuest,
    readonly handle: number,
  ) {}

  keys(secret: number, purpose: Purpose): Uint8Array[] {
    return readFields(this.guest.bytes("keys", this.handle, secret, number(purpose)))!;
  }

  mark(purpose: Purpose, value: Uint8Array, secret = 0): Buffer {
    return this.guest.bytes("mark", this.handle, number(purpose), value, secret);
  }

  seal({ purpose, name }: Spot, now: bigint, text: Uint8Array): string {
    const at = number(purpose);
    return this.guest.bytes("sealed", this.handle, at, name, now, text).toString();
  }

  open({ purpose, name }: Spot, sealed: string): Buffer | null {
    return this.guest.bytesOrNull("opened", this.handle, number(purpose), name, sealed);
  }

  generator(purpose: Purpose): Generator {
    const handle = this.guest.call("generator", [this.handle, number(purpose)]);
    return new Generator(this.guest, handle);
  }
}

export class Generator {
  constructor(
    readonly guest: SessionGuest,
    readonly handle: number,
  ) {}

  next(label: string, now: bigint, peer: string, request: Uint8Array): Buffer {
    return this.guest.bytes("next", this.handle, label, now, peer, request);
  }
}
