/** Small self-signed X.509 certificates over keys that a test has, which Node can read but not make. */
import "reflect-metadata";
import { type KeyPairKeyObjectResult, webcrypto } from "node:crypto";
import { X509CertificateGenerator } from "@peculiar/x509";

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** The certificate in DER, version 3 without extensions, long expired: dates are not what is tested. */
export async function certificate({ publicKey, privateKey }: KeyPairKeyObjectResult) {
  const signingAlgorithm = publicKey.asymmetricKeyType === "rsa" ? RSA : ECDSA;
  const pkcs8 = privateKey.export({ format: "der", type: "pkcs8" });
  const made = await X509CertificateGenerator.create({
    ...{ subject: "CN=Rolegate test", issuer: "CN=Rolegate test", serialNumber: "01" },
    ...{ notBefore: new Date("2020-01-01"), notAfter: new Date("2020-01-01"), signingAlgorithm },
    publicKey: publicKey.export({ format: "der", type: "spki" }),
    signingKey: await webcrypto.subtle.importKey("pkcs8", pkcs8, signingAlgorithm, false, ["sign"]),
  });
  return Buffer.from(made.rawData);
}
