/**
 * Certificates for servers of this machine, self-signed or by an authority: made at start, good for
 * a day.
 */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type Extension,
} from "@peculiar/x509";

export interface Certificate {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8. */
  key: string;
}

export interface Authority {
  /** PEM: what others have to trust. */
  certificate: string;
  /** As `selfSigned`, and signed by the authority. */
  issue(hosts: string[]): Promise<Certificate>;
}

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const SERVER = "CN=Rolegate development";
const AUTHORITY = "CN=Rolegate development authority";
const HOUR = 3_600_000;

const newKeys = () => webcrypto.subtle.generateKey(ECDSA, true, ["sign", "verify"]);
type Keys = Awaited<ReturnType<typeof newKeys>>;

/** RFC 5280 §4.2.1.6: what browsers look at. */
const alternativeNames = (hosts: string[]) =>
  new SubjectAlternativeNameExtension(
    hosts.map((value) => ({ type: /^[\d.]+$/.test(value) ? "ip" : "dns", value })),
  );

async function signed(
  subject: string,
  { publicKey }: Keys,
  extension: Extension,
  issuer: string,
  { privateKey }: Keys,
): Promise<string> {
  const made = await X509CertificateGenerator.create({
    ...{ subject, issuer, publicKey, signingKey: privateKey, signingAlgorithm: ECDSA },
    ...{ notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + 24 * HOUR) },
    extensions: [extension],
  });
  return made.toString("pem");
}

async function pemOf({ privateKey }: Keys): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", privateKey), "PRIVATE KEY");
}

/** For host names and IPv4 addresses. */
export async function selfSigned(hosts: string[]): Promise<Certificate> {
  const keys = await newKeys();
  const certificate = await signed(SERVER, keys, alternativeNames(hosts), SERVER, keys);
  return { certificate, key: await pemOf(keys) };
}

export async function authority(): Promise<Authority> {
  const own = await newKeys();
  // §4.2.1.9, critical: it may sign certificates.
  const mayIssue = new BasicConstraintsExtension(true, undefined, true);
  return {
    certificate: await signed(AUTHORITY, own, mayIssue, AUTHORITY, own),
    async issue(hosts) {
      const keys = await newKeys();
      const certificate = await signed(SERVER, keys, alternativeNames(hosts), AUTHORITY, own);
      return { certificate, key: await pemOf(keys) };
    },
  };
}
