/** HMAC and XChaCha20-Poly1305: every case of Wycheproof. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest } from "./guest.ts";
import { read } from "./wycheproof.ts";

interface MacGroup {
  tagSize: number;
  tests: { tcId: number; comment: string; key: string; msg: string; tag: string; result: string }[];
}

interface AeadGroup {
  tests: Record<"comment" | "key" | "iv" | "aad" | "msg" | "ct" | "tag" | "result", string>[];
}

const hex = (text: string) => Buffer.from(text, "hex");
const guest = new Guest();

/** In the order of Hash in assembly/crypto/hash.ts. */
for (const [hash, bits] of [256, 384, 512].entries()) {
  test(`HMAC-SHA${bits}: 174 cases`, () => {
    let count = 0;
    for (const { tagSize, tests } of read<MacGroup>(`hmac_sha${bits}`)) {
      for (const { comment, key, msg, tag, result } of tests) {
        const code = guest.bytes("mac", hash, hex(key), hex(msg));
        const cut = code.subarray(0, tagSize / 8);
        assert.equal(cut.equals(hex(tag)), result === "valid", comment);
        // As RFC 7518 uses it: whole codes only.
        const matches = guest.call("macMatches", [hash, hex(key), hex(msg), hex(tag)]) === 1;
        assert.equal(matches, result === "valid" && tagSize === bits, comment);
        count++;
      }
    }
    assert.equal(count, 174);
  });
}

test("XChaCha20-Poly1305: 315 cases", () => {
  let count = 0;
  for (const { tests } of read<AeadGroup>("xchacha20_poly1305")) {
    for (const { comment, key, iv, aad, msg, ct, tag, result } of tests) {
      const sealed = hex(ct + tag);
      const opened = guest.bytesOrNull("aeadOpen", hex(key), hex(iv), hex(aad), sealed);
      assert.deepEqual(opened, result === "valid" ? hex(msg) : null, comment);
      const again = guest.bytesOrNull("aeadSeal", hex(key), hex(iv), hex(aad), hex(msg));
      if (result === "valid") assert.deepEqual(again, sealed, comment);
      count++;
    }
  }
  assert.equal(count, 315);
});

test("XChaCha20-Poly1305: key and nonce have one length, and a tag is there", () => {
  const [key, nonce] = [Buffer.alloc(32, 1), Buffer.alloc(24, 2)];
  const [data, text] = [Buffer.from("data"), Buffer.from("text")];
  const sealed = guest.bytes("aeadSeal", key, nonce, data, text);
  const open = (k: Buffer, n: Buffer, what: Buffer) =>
    guest.bytesOrNull("aeadOpen", k, n, data, what);
  assert.deepEqual(open(key, nonce, sealed), text);
  const zero = Buffer.of(0);
  for (const longer of [zero, Buffer.alloc(8), Buffer.alloc(32)]) {
    assert.equal(open(Buffer.concat([key, longer]), nonce, sealed), null, "a longer key");
    assert.equal(open(key, Buffer.concat([nonce, longer]), sealed), null, "a longer nonce");
  }
  for (const length of [0, 1, 12, 16, 23]) {
    assert.equal(open(key.subarray(0, length), nonce, sealed), null, `a key of ${length} bytes`);
    assert.equal(open(key, nonce.subarray(0, length), sealed), null, `a nonce of ${length} bytes`);
  }
  for (let length = 0; length < sealed.length; length++) {
    assert.equal(open(key, nonce, sealed.subarray(0, length)), null, `${length} bytes`);
  }
  for (const [k, n] of [
    [key.subarray(1), nonce],
    [key, nonce.subarray(1)],
  ] as const) {
    assert.equal(guest.bytesOrNull("aeadSeal", k, n, data, text), null);
  }
});
