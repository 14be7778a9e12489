/** From jwt-middleware (agilezebra). */
import { Draft, isTrue, listOf, take, treeOf } from "./draft.ts";
import type { OldPlugin } from "./old-plugin.ts";

export const jwtMiddleware: OldPlugin = {
  from: "jwt-middleware",
  is: (name, block) =>
    ["require", "validMethods", "issuers", "headerMap", "secrets"].some(
      (key) => block.get(key) !== undefined,
    ) &&
    !/rolegate/i.test(name) &&
    block.get("rules") === undefined,
  read(block) {
    const draft = new Draft("jwt-middleware");
    block.give(
      {
        validMethods: take.texts("algorithms"),
        issuers: (it, value) => {
          const [first, ...others] = listOf(value).map((issuer) => issuer.replace(/\/$/, ""));
          if (first?.includes("*")) it.leave("issuers", "an issuer is named in full, without *");
          else if (first !== undefined) it.put("issuer", first);
          for (const other of others)
            it.leave(`issuers: ${other}`, "add it to issuers, with audience and keys of its own");
          it.note(
            "issuers are compared byte for byte: see whether tokens have a slash at the end of `iss`",
          );
        },
        secret: take.secret("signingSecret", "HS_SECRET"),
        secrets: take.no("secrets", "one signingSecret, or publicKeys for an issuer"),
        require: take.nothing,
        optional: (it, value) =>
          isTrue(value) && it.leave("optional", "name what is public in rules"),
        unauthenticatedMethods: take.no(
          "unauthenticatedMethods",
          "a rule that is public names its paths",
        ),
        redirectUnauthorized: take.no(
          "redirectUnauthorized",
          "people are sent to sign in when session and login are set",
        ),
        redirectForbidden: take.no("redirectForbidden", "who may not gets 403"),
        cookieName: take.to("token.cookie"),
        headerName: take.to("token.header"),
        parameterName: take.to("token.query"),
        headerMap: take.to("forwardHeaders"),
        removeMissingHeaders: take.nothing,
        forwardToken: take.flag("forwardAuthorization"),
        freshness: take.nothing,
        skipPrefetch: take.nothing,
        delayPrefetch: take.nothing,
        refreshKeysInterval: take.nothing,
        insecureSkipVerify: take.no(
          "insecureSkipVerify",
          "set it on the provider's service: serversTransport",
        ),
        rootCAs: take.no("rootCAs", "set them on the provider's serversTransport"),
        logUnauthorized: take.nothing,
      },
      draft,
    );
    draft.put("jwksFile", "/state/jwks.json");
    draft.note("bring the keys into state/jwks.json: rolegate keys sync");
    if (draft.block.signingSecret) delete draft.block.jwksFile;
    const required = block.map("require");
    if (!block.get("issuers")) draft.put("issuer", "<issuer>");
    const audience = listOf(required.aud);
    draft.put("audience", audience.length > 0 ? audience : ["<audience>"]);
    if (draft.block.token && treeOf(draft.block.token).cookie) {
      draft.put("publicUrl", "<https://app.example.com>");
      draft.note("a token in a cookie counts on the hosts of publicUrl alone");
    }
    const parts = Object.entries(required)
      .filter(([name]) => name !== "aud")
      .flatMap(([name, value]) => requirement(name, value, draft));
    draft.rules.push({
      name: "everything",
      match: "PathPrefix(`/`)",
      allow: parts.join(" && ") || "authenticated",
    });
    return draft;
  },
};

/** A value, or a list of which one is enough; templates and `$and` stay behind. */
function requirement(name: string, value: unknown, draft: Draft): string[] {
  const list = Array.isArray(value) ? value : [value];
  const isPlain = list.every((it) => typeof it === "string" && !/[{*]/.test(it));
  if (!isPlain) {
    draft.leave(
      `require.${name}`,
      "patterns and templates: write the rule by hand. Until then nobody passes it",
    );
    return ["!Authenticated()"];
  }
  const parts = (list as string[]).map(
    (it) => `Equals(\`${name}\`, \`${it}\`) || Contains(\`${name}\`, \`${it}\`)`,
  );
  return [`(${parts.join(" || ")})`];
}
