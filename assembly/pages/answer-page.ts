/** The page for a person where a program would get a public response (see outcome/answer.ts). */
import { Answer } from "../outcome/answer";
import { PageKind } from "./kind";

export function pageOfAnswer(answer: Answer): PageKind {
  const code = answer.code;
  if (code == "authentication_required" || code == "invalid_token") return PageKind.SignInRequired;
  if (code == "forbidden") return PageKind.NotAllowed;
  if (code == "cross_site") return PageKind.CrossSite;
  if (code == "wrong_host") return PageKind.WrongHost;
  if (code == "keys_unavailable") return PageKind.KeysMissing;
  if (code == "sign_out_incomplete") return PageKind.SignOutIncomplete;
  if (code == "sessions_unavailable") return PageKind.SessionsUnavailable;
  if (code == "provider_unreachable") return PageKind.ProviderUnreachable;
  if (code == "login_router_missing") return PageKind.LoginRouterMissing;
  if (code == "config_error") return PageKind.ConfigError;
  return PageKind.Failed;
}
