/** Sealed values, and the keys that live as long as the guest. */
import { Bytes } from "../../../assembly/text/bytes";
import { KeyRing, Purpose, Scope } from "../../../assembly/session/keys";
import { open, seal } from "../../../assembly/session/seal";
import { guest, request } from "../../../assembly/runtime/arena";

const NAME = "__Host-rolegate";

function scope(): Scope {
  return new Scope(
    Bytes.of("https://sso.example.com"),
    Bytes.of("app"),
    Bytes.of("https://app.example.com"),
    Bytes.empty(),
  );
}

function secret(byte: u8): Bytes {
  const value = Bytes.make(32);
  memory.fill(value.start, byte, 32);
  return value;
}

describe("KeyRing.of", () => {
  test("refuses no secret, and a short one anywhere", () => {
    expect(KeyRing.of([], scope()) == null).toBe(true);
    expect(KeyRing.of([secret(1), secret(2).rest(1)], scope()) == null).toBe(true);
    expect(KeyRing.of([secret(1)], scope()) == null).toBe(false);
  });

  test("keeps its keys and what they come from beyond the request", () => {
    const before = request.enter();
    const ring = KeyRing.of([secret(1)], scope())!;
    const first = seal(ring, Purpose.Session, Bytes.of(NAME), 1, Bytes.of("text")).toString();
    const kept = ring.keys(0, Purpose.Session);
    guest.enter();
    const text = first + "";
    request.clear();
    request.enter();
    // Overwrites whatever was left in the request's region.
    memory.fill(Bytes.make(20000).start, 0xaa, 20000);
    expect(ring.keys(0, Purpose.Session) === kept).toBe(true);
    const opened = open(ring, Purpose.Session, Bytes.of(NAME), Bytes.of(text));
    expect(opened != null && opened.is("text")).toBe(true);
    // Keys of another purpose are made from the copies.
    const other = KeyRing.of([secret(1)], scope())!;
    const again = seal(other, Purpose.State, Bytes.of(NAME), 1, Bytes.of("text"));
    expect(seal(ring, Purpose.State, Bytes.of(NAME), 1, Bytes.of("text")).equals(again)).toBe(true);
    before.enter();
  });
});
