/**
 * The provider's names of the roles of those who are signed in. Their decisions lack them, the
 * lines of the sign-in have them.
 */
import { type AuditLine, type OwnLine, textsIn } from "./line.ts";

/** Beyond this number of users the oldest are forgotten. */
const PEOPLE = 10_000;
const EVENTS = ["signed_in", "refreshed"];

export class SignedIn {
  private readonly people = new Map<string, { event: string; providerRoles: string[] }>();

  take({ data }: OwnLine): void {
    const { rolegate, event, subject, providerRoles } = data;
    if (rolegate !== "login" || typeof subject !== "string") return;
    if (typeof event !== "string" || !EVENTS.includes(event) || providerRoles === undefined) return;
    this.people.delete(subject);
    this.people.set(subject, { event, providerRoles: textsIn(providerRoles) });
    if (this.people.size > PEOPLE) this.people.delete(this.people.keys().next().value!);
  }

  /** Adds it to a refusal. */
  complete(line: AuditLine): void {
    if (line.status !== 403 || line.subject === null || line.providerRoles !== null) return;
    const known = this.people.get(line.subject);
    if (known) line.signedIn = known;
  }
}
