/** Builds small self-signed X.509 certificates (RFC 5280 §4.1), as Node can read but not make them. */
import { sign, type KeyPairKeyObjectResult } from "node:crypto";
import { element, oid, sequence } from "../../stack/machine/der.ts";

/** The certificate in DER, version 3 without extensions, long expired: dates are not what is tested. */
export function certificate({ publicKey, privateKey }: KeyPairKeyObjectResult): Buffer {
  const algorithm =
    publicKey.asymmetricKeyType === "rsa"
      ? sequence(oid("2a864886f70d01010b"), element(0x05))
      : sequence(oid("2a8648ce3d040302"));
  const name = sequence(
    element(0x31, sequence(oid("550403"), element(0x0c, Buffer.from("Rolegate test")))),
  );
  const time = element(0x17, Buffer.from("200101000000Z"));
  const body = sequence(
    element(0xa0, element(0x02, Buffer.of(2))),
    element(0x02, Buffer.of(1)),
    algorithm,
    name,
    sequence(time, time),
    name,
    publicKey.export({ format: "der", type: "spki" }),
  );
  const signature = sign("sha256", body, privateKey);
  return sequence(body, algorithm, element(0x03, Buffer.of(0), signature));
}
