/** Certificates that are made at start, as strangers check them: Node's own TLS, and Traefik with HTTP/2. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { connect } from "node:http2";
import { join } from "node:path";
import { test } from "node:test";
import { connect as connectTls } from "node:tls";
import { authority, selfSigned } from "../../stack/machine/certificate.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { loopback } from "../../stack/machine/ports.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";

test("it is for the hosts and addresses that were named, and signed by its own key", async () => {
  const { certificate } = await selfSigned(["app.example.localhost", "127.0.0.1"]);
  const read = new X509Certificate(certificate);
  assert.ok(read.verify(read.publicKey));
  assert.ok(read.checkHost("app.example.localhost"));
  assert.equal(read.checkHost("other.example.localhost"), undefined);
  assert.ok(read.checkIP("127.0.0.1"));
  assert.ok(new Date(read.validFrom) < new Date() && new Date() < new Date(read.validTo));
});

test("an authority's is for those who trust the authority", async () => {
  const maker = await authority();
  const issued = new X509Certificate((await maker.issue(["127.0.0.1"])).certificate);
  const own = new X509Certificate(maker.certificate);
  assert.ok(own.ca && !issued.ca);
  assert.ok(issued.checkIssued(own) && issued.verify(own.publicKey));
  assert.ok(!issued.checkIssued(new X509Certificate(issued.raw)));
  assert.ok(issued.checkIP("127.0.0.1"));
});

test("Traefik serves it, and speaks HTTP/2", async () => {
  const folder = temporaryFolder("tls");
  const files = { certFile: join(folder.path, "cert.pem"), keyFile: join(folder.path, "key.pem") };
  const { certificate, key } = await selfSigned(["localhost"]);
  writeFileSync(files.certFile, certificate);
  writeFileSync(files.keyFile, key);
  const traefik = await startTraefik({
    pluginDir: null,
    dynamic: {
      http: { routers: { all: { rule: "PathPrefix(`/`)", service: "noop@internal", tls: {} } } },
      tls: { stores: { default: { defaultCertificate: files } } },
    },
  });
  try {
    const port = traefik.ports.web!;
    const session = connect(`https://localhost:${port}`, {
      createConnection: () =>
        connectTls({
          ...{ host: loopback, port, servername: "localhost" },
          ...{ ca: certificate, ALPNProtocols: ["h2"] },
        }),
    });
    const status = await new Promise((resolve, reject) => {
      session.on("error", reject);
      const stream = session.request({ ":path": "/" });
      stream.on("response", (headers) => resolve(headers[":status"]));
      stream.on("error", reject);
    });
    session.destroy();
    assert.equal(status, 418);
  } finally {
    await traefik.stop();
    folder.remove();
  }
});
