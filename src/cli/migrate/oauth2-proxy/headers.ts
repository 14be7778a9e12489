/**
 * The headers about users that oauth2-proxy sends to the application, and further issuers, whose
 * users get other names.
 */
import { isReference, isTrue, listOf, type Draft, type Tree, treeOf } from "../draft.ts";
import { exactly, strictly } from "../said.ts";
import type { Source } from "../source.ts";
import { urlOf } from "../take.ts";
import { claimOf, groupsClaim } from "./allow.ts";

export function headersOf(options: Source, draft: Draft): void {
  const list = options.get("inject_request_headers");
  const headers = Array.isArray(list) ? injected(list, options, draft) : passed(options);
  if (Object.keys(headers).length > 0) draft.put("forwardHeaders", headers);
}

/** Both are on unless they are turned off. */
function passed(options: Source): Record<string, string> {
  const isOn = (name: string) => !options.has(name) || isTrue(options.get(name));
  const prefixes = [
    ...(isOn("pass_user_headers") || isOn("pass_basic_auth") ? ["X-Forwarded"] : []),
    ...(isTrue(options.get("set_xauthrequest")) ? ["X-Auth-Request"] : []),
  ];
  const email = claimOf(options.text("oidc_email_claim") ?? "email");
  const user = isTrue(options.get("prefer_email_to_user"))
    ? email
    : claimOf(options.text("user_id_claim") ?? "sub");
  return Object.fromEntries(
    prefixes.flatMap((prefix) => [
      [`${prefix}-User`, user],
      [`${prefix}-Email`, email],
      [`${prefix}-Preferred-Username`, "preferred_username"],
      ...(isOn("pass_user_headers") ? [[`${prefix}-Groups`, groupsClaim(options)]] : []),
    ]),
  ) as Record<string, string>;
}

/** The session's own names for its claims. */
const CLAIMS: Record<string, (options: Source) => string> = {
  user: (options) => claimOf(options.text("user_id_claim") ?? "sub"),
  email: (options) => claimOf(options.text("oidc_email_claim") ?? "email"),
  groups: groupsClaim,
  preferred_username: () => "preferred_username",
};

function injected(list: unknown[], options: Source, draft: Draft): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const item of list) {
    const { name, values } = treeOf(item);
    const [value, ...others] = Array.isArray(values) ? values.map(treeOf) : [];
    const source = treeOf(value?.claimSource ?? value);
    const claim = String(source.claim ?? "");
    const isOne =
      typeof name === "string" && others.length === 0 && source.basicAuthPassword === undefined;
    if (isOne && /^(access|id)_token$/.test(claim)) {
      draft.put("forwardAuthorization", true);
      draft.note(`${name}: the application gets the access token as Authorization: Bearer`);
    } else if (isOne && Object.hasOwn(CLAIMS, claim) && !source.prefix) {
      headers[name] = CLAIMS[claim]!(options);
    } else
      draft.tell(
        `injectRequestHeaders: ${String(name)}`,
        exactly(`${String(name)}: headers are set from one claim; the application gets none here`),
      );
  }
  return headers;
}

/**
 * `issuer=audience`; for the main issuer it is one more audience. Users of other issuers are
 * different people, whatever their names are.
 */
export function furtherIssuers(options: Source, draft: Draft): void {
  const headers = Object.entries(treeOf(draft.block.forwardHeaders)) as [string, string][];
  const issuers: Tree[] = [];
  const audiences = [...listOf(options.get("oidc_extra_audiences"))];
  const takesTokens = isTrue(options.get("skip_jwt_bearer_tokens"));
  for (const pair of takesTokens ? listOf(options.get("extra_jwt_issuers")) : []) {
    const [, issuer = "", audience = ""] = /^(.*?)=(.*)$/.exec(pair) ?? [];
    const host = urlOf(issuer)?.hostname;
    if (host === undefined || audience === "" || isReference(audience)) {
      draft.tell(
        `extra_jwt_issuers: ${pair}`,
        strictly("an issuer is an address, with an audience behind ="),
      );
    } else if (issuer === draft.block.issuer) audiences.push(audience);
    else if (issuers.some((it) => it.issuer === issuer)) {
      (issuers.find((it) => it.issuer === issuer)!.audience as string[]).push(audience);
    } else {
      const count = issuers.filter((it) => String(it.issuer).includes(`//${host}`)).length;
      const name = count === 0 ? host : `${host}-${count + 1}`;
      draft.note(`bring the keys of ${issuer} into state/${name}.json: rolegate keys sync`);
      draft.note(`the application sees users of ${issuer} with ${name}: before their names`);
      const named = headers.map(([header, claim]) => [header, `\`${name}:\`${claim}`]);
      issuers.push({
        ...{ issuer, audience: [audience], jwksFile: `/state/${name}.json` },
        ...(named.length > 0 ? { forwardHeaders: Object.fromEntries(named) } : {}),
      });
    }
  }
  if (issuers.length > 0) {
    draft.put("issuers", issuers);
    draft.put("login.issuer", draft.block.issuer);
  }
  if (audiences.length > 0) draft.put("audience", [draft.block.clientId, ...new Set(audiences)]);
}
