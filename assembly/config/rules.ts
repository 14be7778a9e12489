/** Reads the rules. */
import { Writer } from "../json/writer";
import { EXPRESSION_BYTES, PATHS, RULES } from "../limits";
import { Node, Operator } from "../policy/expression";
import { NameCheck } from "../policy/names";
import { Parser } from "../policy/parser";
import { covers } from "../policy/reach";
import { Allow, nameOfAllow, Rule } from "../policy/rule";
import { Prefilter } from "../policy/prefilter";
import { mark, release, request } from "../runtime/arena";
import { characterOf } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { Audit, Default, LogLevel, RuleOptions, TopOptions, Unclear } from "./options";
import { Section } from "./section";
import { Settings } from "./settings";

/** How a rule without a name is called, and room for it with a position below RULES. */
const PLACE = "rules[";
const PLACE_BYTES = 12;
const EMPTY = "is empty; leave it out, and every valid token may pass";

export function readRules(top: Section, settings: Settings): void {
  // Nothing keeps what reads them.
  const before = request.enter();
  const start = mark();
  before.enter();
  readAll(top, settings);
  request.enter();
  release(start);
  before.enter();
}

function readAll(top: Section, settings: Settings): void {
  const encodedPath = TopOptions.encodedPath(top);
  const entries = top.sections("rules");
  // Without rules every authenticated caller passes; with rules a request that matches none is
  // denied.
  const fallback = TopOptions.default_(top, entries ? Default.Deny : Default.Authenticated);
  settings.defaultRule = new Rule(
    Bytes.of("default"),
    null,
    fallback == Default.Authenticated ? Allow.Authenticated : Allow.Deny,
    null,
    Bytes.empty(),
    encodedPath == Unclear.Allow,
  );
  if (top.isNull("rules")) top.error("rules", "empty", EMPTY);
  if (!entries) return;
  if (entries.length == 0) {
    top.error("rules", "empty", EMPTY);
  }
  if (entries.length > RULES) top.error("rules", "too_many", `more than ${RULES} rules`);
  const before = request.enter();
  const parser = new Parser(settings.vocabulary, settings.logLevel == LogLevel.Debug);
  const names = new NameCheck();
  const orders: Array<i64> = [];
  before.enter();
  for (let i = 0; i < entries.length && i < RULES; i++) {
    const entry = unchecked(entries[i]);
    const order = RuleOptions.order(entry);
    const rule = readRule(entry, i, settings, parser, names, encodedPath);
    if (order >= 0) orders.push(order);
    if (rule) settings.rules.push(rule);
  }
  if (countPaths(settings.rules) > PATHS)
    top.error("rules", "too_many", `more than ${PATHS} paths`);
  if (top.report.errors == 0) sort(top, settings, orders);
  if (top.report.errors > 0) return;
  settings.prefilter = new Prefilter(settings.rules);
  warnOfUnreachable(top, settings);
}

function countPaths(rules: Array<Rule>): i32 {
  let count = 0;
  for (let i = 0; i < rules.length; i++) count += unchecked(rules[i]).match!.countPaths();
  return count;
}

/** Call it when all roles and scopes are known: makes the sets that rules ask for. */
export function closeRules(settings: Settings): void {
  const vocabulary = settings.vocabulary;
  for (let i = 0; i < settings.rules.length; i++) {
    const rule = unchecked(settings.rules[i]);
    if (rule.match) rule.match!.close(vocabulary);
    if (rule.expression) rule.expression!.close(vocabulary);
  }
}

/**
 * Traefik sorts label indices as text, so rules[10] comes before rules[1]: `order` restores the
 * intended order.
 */
function sort(top: Section, settings: Settings, orders: Array<i64>): void {
  if (orders.length == 0) return;
  const rules = settings.rules;
  if (orders.length != rules.length) {
    top.error("rules", "order_incomplete", "some rules have an `order`; give one to each");
    return;
  }
  for (let i = 1; i < rules.length; i++) {
    const order = orders[i];
    const rule = rules[i];
    let j = i - 1;
    for (; j >= 0 && orders[j] > order; j--) {
      orders[j + 1] = orders[j];
      rules[j + 1] = rules[j];
    }
    orders[j + 1] = order;
    rules[j + 1] = rule;
    if (j >= 0 && orders[j] == order) {
      top.error("rules", "order_duplicate", `two rules have the order ${order}`);
    }
  }
}

function readRule(
  entry: Section,
  index: i32,
  settings: Settings,
  parser: Parser,
  names: NameCheck,
  encodedPath: Unclear,
): Rule | null {
  const name = RuleOptions.name(entry);
  const matchText = RuleOptions.match(entry);
  const allowText = RuleOptions.allow(entry);
  const encoded = RuleOptions.encodedPath(entry, encodedPath) == Unclear.Allow;
  const audit = RuleOptions.audit(entry, <Audit>-1);
  const detail = readDetail(entry);
  entry.refuseOthers(RuleOptions.KEYS);
  if (!matchText && !entry.has("match"))
    entry.error("match", "missing", "expected which requests it is for, as in PathPrefix(`/`)");
  if (!allowText && !entry.has("allow"))
    entry.error(
      "allow",
      "missing",
      "expected who may: public, optional, authenticated, deny or an expression",
    );
  const match = matchText ? expression(entry, "match", matchText, true, parser) : null;
  if (!allowText || !match) return null;
  let node = parser.knownAllow(allowText);
  let allow = node ? Allow.Expression : Allow.Public;
  while (allow < Allow.Expression && !allowText.is(nameOfAllow(allow))) allow++;
  if (!node && allow == Allow.Expression) {
    node = expression(entry, "allow", allowText, false, parser);
    if (!node) return null;
  }
  if (allow <= Allow.Optional && !match.isNarrow()) {
    entry.error(
      "match",
      "public_too_wide",
      "a public rule names its paths: each alternative needs a Path or PathPrefix other than `/`, and not behind `!`",
    );
  }
  if (settings.vocabulary.captures) checkNames(entry, match, node, names);
  if (node) checkCaptures(entry, match, node, settings);
  const called = name ? name : placeOf(index);
  const rule = new Rule(called, match, allow, node, scopesOf(node), encoded);
  rule.audit = audit;
  rule.detail = detail;
  return rule;
}

/**
 * It goes into responses: a long text, or one with control characters, is no sentence for people.
 */
function readDetail(entry: Section): Bytes {
  const detail = RuleOptions.detail(entry);
  if (!detail) return Bytes.empty();
  let isPlain = detail.length <= RuleOptions.DETAIL_BYTES;
  for (let i = 0; i < detail.length; i++) if (detail.at(i) < 0x20) isPlain = false;
  if (isPlain) return detail;
  entry.error(
    "detail",
    "wrong_value",
    `expected a sentence of at most ${RuleOptions.DETAIL_BYTES} bytes, in one line`,
  );
  return Bytes.empty();
}

/** `rules[3]`, written from its end on. */
function placeOf(index: i32): Bytes {
  const start = heap.alloc(PLACE_BYTES);
  const end = start + PLACE_BYTES;
  let at = end - 1;
  store<u8>(at, Char.CloseBracket);
  do {
    store<u8>(--at, <u8>(0x30 + (index % 10)));
    index /= 10;
  } while (index > 0);
  for (let i = PLACE.length - 1; i >= 0; i--) store<u8>(--at, <u8>characterOf(PLACE, i));
  return new Bytes(at, <i32>(end - at));
}

/** Reports each rule once, with the first rule that covers it. */
function warnOfUnreachable(top: Section, settings: Settings): void {
  if (!top.report.warns) return;
  const before = request.enter();
  const start = mark();
  const first = firstThatCover(settings);
  before.enter();
  const rules = settings.rules;
  for (let i = 0; i < rules.length; i++) {
    if (unchecked(first[i]) == i) continue;
    const earlier = rules[first[i]].name.toString();
    const name = rules[i].name.toString();
    top.report.warning(
      "rules",
      "unreachable",
      `${name} can never decide: ${earlier} is before it and matches all that it does`,
    );
  }
  request.enter();
  release(start);
  before.enter();
}

/** For each rule the position of the first one that covers it, or its own. */
function firstThatCover(settings: Settings): StaticArray<i32> {
  const rules = settings.rules;
  const prefilter = settings.prefilter;
  const found = new StaticArray<i32>(rules.length);
  for (let i = 1; i < rules.length; i++) {
    const inner = unchecked(rules[i]).match!;
    // A pattern is also a path that it matches itself: a rule that can match none of these paths
    // covers nothing here.
    const paths: Array<Bytes> = [];
    inner.collectPaths(paths);
    if (paths.length == 0) paths.push(Bytes.empty());
    let first = i;
    for (let k = 0; k < paths.length; k++) {
      const path = unchecked(paths[k]);
      for (let j = prefilter.first(path); j < first; j = prefilter.next(j + 1)) {
        if (covers(unchecked(rules[j]).match!, inner)) first = j;
      }
    }
    unchecked((found[i] = first));
  }
  return found;
}

function checkNames(entry: Section, match: Node, node: Node | null, names: NameCheck): void {
  const inMatch = names.find(match);
  const name = inMatch || !node ? inMatch : names.findBeside(node);
  if (!name) return;
  const key = inMatch ? "match" : "allow";
  entry.error(
    key,
    "captured_twice",
    `{${name.toString()}} is at two places of the rule; give each a name of its own, or write \`*\``,
  );
}

/** A value with `{name}` needs a path that captures the name in every alternative of the match. */
function checkCaptures(entry: Section, match: Node, node: Node, settings: Settings): void {
  if (settings.vocabulary.captured.length == 0) return;
  const names: Array<Bytes> = [];
  node.collectCaptures(settings.vocabulary.captured, names);
  for (let i = 0; i < names.length; i++) {
    if (match.captures(names[i])) continue;
    const name = names[i].toString();
    entry.error(
      "allow",
      "not_captured",
      `{${name}} is captured by no Path of \`match\`, or not by each of its alternatives`,
    );
  }
}

/** The scopes that an expression names, with spaces between. */
function scopesOf(node: Node | null): Bytes {
  if (!node || !node.uses(Operator.Scope)) return Bytes.empty();
  const scopes: Array<Bytes> = [];
  node.collectScopes(scopes);
  return Bytes.join(scopes, 0x20);
}

function expression(
  entry: Section,
  key: string,
  text: Bytes,
  requestOnly: bool,
  parser: Parser,
): Node | null {
  if (text.length > EXPRESSION_BYTES) {
    entry.error(key, "wrong_value", `is longer than ${EXPRESSION_BYTES} bytes`);
    return null;
  }
  const node = requestOnly ? parser.parse(text, true) : parser.parseAllow(text);
  if (!node) entry.report.error(entry.pathOf(key), "syntax", parser.message, parser.column);
  else if (parser.records) entry.report.expressions.push(partsLine(text, parser.parts));
  return node;
}

/** `{"rolegate":"expression","text":…,"parts":[…]}`: docs/trace.md says in which order. */
function partsLine(text: Bytes, parts: Array<Bytes>): Bytes {
  const writer = new Writer().open().text("rolegate", "expression").bytes("text", text);
  writer.openArray("parts");
  for (let i = 0; i < parts.length; i++) writer.element(parts[i]);
  return writer.closeArray().close().done();
}
