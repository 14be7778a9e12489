/** Client authentication at the token endpoint: RFC 6749 §2.3.1, RFC 7523 §2.2. */
import { ClientAuth } from "../config/options";
import { escaped, Pairs } from "../http/escape";
import { importPrivateKey } from "../jose/private-key";
import { Writer } from "../json/writer";
import { encode, encodeBase64 } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { Context } from "./context";
import { ProviderRequest } from "./provider-message";

/** Life of an assertion in seconds: it is used at once, but clocks differ. */
const ASSERTION_SECONDS = 60;
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const JTI_BYTES = 16;

/** Adds the client's authentication to a form's pairs, or to the request's headers. */
export function proveClient(context: Context, form: Pairs, outgoing: ProviderRequest): void {
  const login = context.login;
  const secret = login.clientSecret || Bytes.empty();
  switch (login.clientAuth) {
    case ClientAuth.Basic: {
      // Form-encoded first, so that neither contains a colon.
      const pair = escaped(context.clientId).concat(Bytes.of(":")).concat(escaped(secret));
      outgoing.header("Authorization", Bytes.of("Basic ").concat(encodeBase64(pair)));
      return;
    }
    case ClientAuth.Post:
      form.add("client_id", context.clientId).add("client_secret", secret);
      return;
    case ClientAuth.PrivateKeyJwt:
      form
        .add("client_id", context.clientId)
        .add("client_assertion_type", Bytes.of(ASSERTION_TYPE))
        .add("client_assertion", assertion(context));
      return;
    case ClientAuth.None:
      form.add("client_id", context.clientId);
      return;
    default:
      // Without authentication the provider refuses the request.
      return;
  }
}

/**
 * The audience is the issuer, because a token endpoint's URL could be another provider's
 * (draft-ietf-oauth-rfc7523bis §5).
 */
function assertion(context: Context): Bytes {
  const key = importPrivateKey(context.login.clientKey!).key!;
  const header = new Writer().open().text("alg", "ES256").text("typ", "JWT");
  header.bytes("kid", context.login.clientKeyId || key.id);
  const now = context.now;
  const claims = new Writer()
    .open()
    .bytes("iss", context.clientId)
    .bytes("sub", context.clientId)
    .bytes("aud", context.issuer.url)
    .integer("iat", now)
    .integer("exp", now + ASSERTION_SECONDS)
    .bytes("jti", encode(context.unpredictable("jti").slice(0, JTI_BYTES)));
  const dot = Bytes.of(".");
  const input = encode(header.close().done()).concat(dot).concat(encode(claims.close().done()));
  return input.concat(dot).concat(encode(key.sign(input)));
}
