/** Certificates for servers of this machine (RFC 5280 §4), self-signed or by an authority, made at start: Node can read but not make them. */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { element, oid, sequence } from "./der.ts";

export interface Certificate {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8. */
  key: string;
}

const tags = { boolean: 0x01, integer: 0x02, bits: 0x03, bytes: 0x04, text: 0x0c, time: 0x17 };

const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));

/** UTCTime, §4.1.2.5.1. */
const time = (date: Date) =>
  element(
    tags.time,
    Buffer.from(
      `${date
        .toISOString()
        .replace(/[-:T]|\.\d+/g, "")
        .slice(2)}`,
    ),
  );

const name = (common: string) =>
  sequence(element(0x31, sequence(oid("550403"), element(tags.text, Buffer.from(common)))));

/** Subject Alternative Name, §4.2.1.6: what browsers look at. */
function alternativeNames(hosts: string[]): Buffer {
  const names = hosts.map((host) =>
    /^[\d.]+$/.test(host)
      ? element(0x87, Buffer.from(host.split(".").map(Number)))
      : element(0x82, Buffer.from(host)),
  );
  return sequence(oid("551d11"), element(tags.bytes, sequence(...names)));
}

const pem = (label: string, der: Buffer) =>
  [
    `-----BEGIN ${label}-----`,
    ...der.toString("base64").match(/.{1,64}/g)!,
    `-----END ${label}-----`,
    "",
  ].join("\n");

const newKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const pemOf = (key: KeyObject) => key.export({ format: "pem", type: "pkcs8" }) as string;

const server = "Rolegate development";

/** For host names and IPv4 addresses, good for a day from an hour ago. */
export function selfSigned(hosts: string[]): Certificate {
  const { publicKey, privateKey } = newKeys();
  const der = signed(server, publicKey, alternativeNames(hosts), server, privateKey);
  return { certificate: pem("CERTIFICATE", der), key: pemOf(privateKey) };
}

export interface Authority {
  /** PEM: what others have to trust. */
  certificate: string;
  /** As `selfSigned`, and signed by the authority. */
  issue(hosts: string[]): Certificate;
}

/** §4.2.1.9, critical: it may sign certificates. */
const mayIssue = sequence(
  oid("551d13"),
  element(tags.boolean, Buffer.of(0xff)),
  element(tags.bytes, sequence(element(tags.boolean, Buffer.of(0xff)))),
);

export function authority(): Authority {
  const { publicKey, privateKey } = newKeys();
  const own = "Rolegate development authority";
  return {
    certificate: pem("CERTIFICATE", signed(own, publicKey, mayIssue, own, privateKey)),
    issue(hosts) {
      const made = newKeys();
      const der = signed(server, made.publicKey, alternativeNames(hosts), own, privateKey);
      return { certificate: pem("CERTIFICATE", der), key: pemOf(made.privateKey) };
    },
  };
}

function signed(
  subject: string,
  publicKey: KeyObject,
  extension: Buffer,
  issuer: string,
  issuerKey: KeyObject,
): Buffer {
  const serial = Buffer.concat([Buffer.of(0x40), randomBytes(8)]);
  const hour = 3_600_000;
  const body = sequence(
    element(0xa0, element(tags.integer, Buffer.of(2))),
    element(tags.integer, serial),
    ecdsaWithSha256,
    name(issuer),
    sequence(time(new Date(Date.now() - hour)), time(new Date(Date.now() + 24 * hour))),
    name(subject),
    publicKey.export({ format: "der", type: "spki" }),
    element(0xa3, sequence(extension)),
  );
  const signature = sign("sha256", body, issuerKey);
  return sequence(body, ecdsaWithSha256, element(tags.bits, Buffer.of(0), signature));
}
