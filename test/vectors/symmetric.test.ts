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
