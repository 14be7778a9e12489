/**
 * What of a sign-in under way is too large for its cookie and for `state`: a long return address,
 * and the provider's tokens while the keys that verify them are fetched. It is sealed for one
 * transaction, in chunks, and browsers send it to the relying party's path only.
 */
import { Cookies } from "../http/cookie";
import { isToken } from "../http/header";
import { Response } from "../http/response";
import { COOKIES_CLEARED, TRANSACTION_DATA_BYTES, TRANSACTION_SECONDS } from "../limits";
import { clearSealed, readSealed, writeSealed } from "../session/cookies";
import { FieldReader, Fields } from "../session/fields";
import { Purpose } from "../session/keys";
import { open, seal } from "../session/seal";
import { Bytes } from "../text/bytes";
import { Context } from "./context";
import { TokenAnswer } from "./token-endpoint";

@final
export class TransactionData {
  returnTo: Bytes = Bytes.empty();
  /** Not verified. Null before the code was used. */
  answer: TokenAnswer | null = null;
  /** When the answer came, in seconds. */
  received: i64 = 0;

  /** False: it is too large for cookies, and nothing is kept. */
  keep(context: Context, id: Bytes, response: Response): bool {
    const fields = new Fields().bytes(this.returnTo).i64(this.received);
    const answer = this.answer;
    if (answer) {
      fields
        .bytes(answer.idToken || Bytes.empty())
        .bytes(answer.accessToken || Bytes.empty())
        .bytes(answer.refreshToken || Bytes.empty())
        .i64(answer.expiresIn);
    }
    const name = nameOf(context, id);
    const sealed = seal(context.ring, Purpose.Transaction, name, context.nanoseconds, fields.all);
    const attributes = context.laxAttributes(context.login.path, TRANSACTION_SECONDS);
    const cookies = writeSealed(context.cookies, name, sealed, attributes);
    if (!cookies) return false;
    makeRoom(context, name, sealed.length, response);
    response.cookies(cookies);
    return true;
  }
}

/** The data of the transaction of that id; null: there is none that this application sealed. */
export function transactionData(context: Context, id: Bytes): TransactionData | null {
  const name = nameOf(context, id);
  const sealed = readSealed(context.cookies, name);
  const text = sealed ? open(context.ring, Purpose.Transaction, name, sealed) : null;
  if (!text) return null;
  const fields = new FieldReader(text);
  const result = new TransactionData();
  result.returnTo = fields.bytes();
  result.received = fields.i64();
  if (fields.done) return result;
  const answer = new TokenAnswer();
  answer.idToken = filled(fields.bytes());
  answer.accessToken = filled(fields.bytes());
  answer.refreshToken = filled(fields.bytes());
  answer.expiresIn = fields.i64();
  result.answer = answer;
  return fields.done ? result : null;
}

export function clearTransactionData(context: Context, id: Bytes, response: Response): void {
  const attributes = context.laxAttributes(context.login.path, 0);
  response.cookies(clearSealed(context.cookies, nameOf(context, id), attributes));
}

/** What the names of these cookies begin with. */
export function transactionDataPrefix(context: Context): Bytes {
  const prefix = context.settings.isSecure ? "__Secure-" : "";
  return Bytes.of(`${prefix}${context.sessionSettings.cookieName.toString()}-data-`);
}

function nameOf(context: Context, id: Bytes): Bytes {
  return transactionDataPrefix(context).concat(id);
}

function filled(bytes: Bytes): Bytes | null {
  return bytes.length > 0 ? bytes : null;
}

/**
 * Proxies commonly take 16 KiB of headers, so what older transactions have kept goes if there is
 * too much. They end at the start page.
 */
function makeRoom(context: Context, name: Bytes, length: i32, response: Response): void {
  const header = context.cookies;
  if (!header) return;
  const prefix = transactionDataPrefix(context);
  const others: Array<Bytes> = [];
  // The response clears cookies of other sign-ins already.
  const most = COOKIES_CLEARED - response.headers.length;
  for (const cookies = new Cookies(header); cookies.next();) {
    const other = cookies.name;
    if (!other.startsWith(prefix) || other.startsWith(name)) continue;
    length += cookies.value.length;
    if (others.length < most && isToken(other)) others.push(other);
  }
  if (length <= TRANSACTION_DATA_BYTES) return;
  const attributes = context.laxAttributes(context.login.path, 0);
  for (let i = 0; i < others.length; i++) response.cookie(attributes.clear(others[i]));
}
