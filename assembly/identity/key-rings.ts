/**
 * The session keys of a configuration: one ring for each origin, or one for the domain that shares
 * sessions.
 */
import { Settings } from "../config/settings";
import { KeyRing, Scope } from "../session/keys";
import { Bytes } from "../text/bytes";

@final
export class KeyRings {
  private rings: Array<KeyRing | null> = [];

  constructor(settings: Settings) {
    if (settings.session && settings.issuers.length > 0) this.make(settings);
  }

  private make(settings: Settings): void {
    const session = settings.session!;
    const issuer = settings.issuers[settings.login.issuer];
    const clientId = issuer.clientId || Bytes.empty();
    for (let i = 0; i < settings.origins.length; i++) {
      const site = session.domain.length > 0 ? session.domain : settings.origins[i];
      const scope = new Scope(issuer.name, clientId, site, session.audience);
      this.rings.push(KeyRing.of(session.secrets, scope));
    }
  }

  /** The ring of an origin, by position; null when there are no sessions. */
  of(origin: i32): KeyRing | null {
    return origin >= 0 && origin < this.rings.length ? this.rings[origin] : null;
  }
}
