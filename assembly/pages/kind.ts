/**
 * The pages that people get, one for each situation; pages.yaml has their texts and statuses, in
 * this order.
 */
export enum PageKind {
  /** After sign-out. Link: sign in again. */
  SignedOut,
  /** The same where the provider was not told, or has not confirmed it. Link: sign in again. */
  SignedOutHere,
  /** 401 for a person who cannot be sent to sign in. Link: sign in. */
  SignInRequired,
  /** The same where a form was sent, which is lost. Link: sign in. */
  NotSent,
  /** 403: the roles do not allow it. User: who is signed in. Link: start page. Other: sign out. */
  NotAllowed,
  /** Anything that has no page of its own. Link: start page. */
  Failed,
  /** An unknown address below the sign-in path. Link: start page. */
  NotFound,
  /** The provider said access_denied. Link: sign in again. Error: the provider's code. */
  AccessDenied,
  /** The provider said login_required, or another code that asks for the person. Link: sign in. */
  LoginRequired,
  /** The provider said temporarily_unavailable or server_error. Link: sign in again. */
  ProviderBusy,
  /** The provider said anything else. Link: sign in again. Error: the provider's code. */
  SignInRefused,
  /** The login transaction took too long, or was used already. Link: sign in again. */
  SignInExpired,
  /** The transaction's cookie is not in this browser. Link: sign in again. */
  OtherBrowser,
  /** The counter of sign-ins in a row ended a loop. Link: sign in again. */
  TooManySignIns,
  /** A request to the provider failed. Link: the same route again. */
  ProviderUnreachable,
  /** No keys yet. Reloads by itself. Link: the same address. */
  KeysMissing,
  /** Revocations cannot be read. Link: the same address. */
  SessionsUnavailable,
  /**
   * Sign-out that another site asked for. User. Link: where the button posts to. Other: start page.
   * The post has to be answered with MovingOn: `form-action` holds for every redirect after it, and
   * stops one to the provider (measured).
   */
  SignOutConfirm,
  /**
   * Sign-out that could not be written down: the session lives on elsewhere. Link: where signing
   * out goes on.
   */
  SignOutIncomplete,
  /** 421. Link: the application's own address. */
  WrongHost,
  /** The configuration has errors. */
  ConfigError,
  /** A page of another site asked for this. Link: start page. */
  CrossSite,
  /** The sign-in path reached a middleware of mode protect. */
  LoginRouterMissing,
  /** A session of a middleware that is configured in another way. Link: sign in again. */
  SessionMismatch,
  /**
   * Moves on by itself. Link: where to. The step is this page's own: SameSite=Strict cookies go
   * with it, even after a redirect from another site.
   */
  MovingOn,
  /**
   * The answer to a front-channel logout. No frame shows it; its cookies count and the frame's
   * `load` comes (measured).
   */
  NothingToShow,
}

/** How many kinds there are; tests hold the table to it. */
export const PAGE_KINDS = PageKind.NothingToShow + 1;
