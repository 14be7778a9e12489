/**
 * What a security check of the guest is, as a rule over its source: wherever it says no. That is (1) a statement that
 * gives a `Reason` other than None, (2) one that calls a function which refuses (REFUSERS), (3) in the modules that
 * verify (VERIFIERS) one that returns false, null or a problem, or an operand of the `&&` of such an answer, and (4) in
 * these modules an operand of the `|` of a flag, which says whether a check has something to look at.
 *
 * Its mutants: each operand of the condition that leads there is taken as never true, one at a time; in (4) as 0. A
 * refusal that no condition leads to is left out. Where nothing but a missing value is refused, and what follows needs
 * the value, the mutant is what the language would make of it: a trap. In (3) such a condition is none of its own: it
 * passes on what another check has found, and the compiler does not let anybody forget it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { LiteralKind, newOptions, newProgram, Node, NodeKind, parse, Token } from "assemblyscript";
import { GRANTERS, INVERSE, PREDICATES, REFUSERS, SELECTORS, VERIFIERS } from "./scope.mjs";

/** Variables of these names are no references: what they stand for can be left out of a condition. */
const FLAG = /^(is|has|was|may|can|names|right|signed|expired)([A-Z]|$)/;
const COMPARISONS = new Set([
  ...[Token.Equals_Equals, Token.Exclamation_Equals, Token.LessThan, Token.GreaterThan],
  ...[Token.LessThan_Equals, Token.GreaterThan_Equals],
  ...[Token.Equals_Equals_Equals, Token.Exclamation_Equals_Equals],
]);

/** All mutants of assembly/, without a compilation. */
export function guestMutants() {
  const program = newProgram(newOptions());
  for (const file of readdirSync("assembly", { recursive: true }).sort()) {
    const path = `assembly/${file}`;
    if (path.endsWith(".ts")) parse(program, readFileSync(path, "utf8"), path, false);
  }
  return mutantsOf(program.sources).map(({ check, operand }) => ({ check, operand }));
}

/** All mutants of the sources, in their order: { check, operand, apply() }. */
export function mutantsOf(sources) {
  const found = new Finder();
  for (const source of sources) {
    const path = /^assembly\/(.*)\.ts$/.exec(source.normalizedPath)?.[1];
    if (!path || source.isLibrary) continue;
    found.file = path;
    source.statements.forEach((statement) => found.declaration(statement));
  }
  return found.mutants;
}

class Finder {
  mutants = [];
  file = "";
  function = "";
  returns = "";
  /** How many checks have a name: from the second on it gets a number. */
  #names = new Map();

  declaration(node) {
    if (node.kind === NodeKind.ClassDeclaration || node.kind === NodeKind.NamespaceDeclaration) {
      node.members.forEach((member) => this.declaration(member));
    } else if (node.kind === NodeKind.Export && node.declaration)
      this.declaration(node.declaration);
    else if (node.body) {
      this.function = node.name.text;
      this.returns = node.signature?.returnType ? textOf(node.signature.returnType) : "";
      this.body(node);
    }
  }

  body(node) {
    if (node.body.kind === NodeKind.Block) this.statements(node.body.statements);
  }

  get isVerifier() {
    const name = `${this.file}#${this.function}`;
    return VERIFIERS.has(name) || (VERIFIERS.has(this.file) && !PREDICATES.has(name));
  }

  get isInverse() {
    return INVERSE.has(`${this.file}#${this.function}`);
  }

  /** Rules are decided with a third answer, unknown, which is none of these. */
  get answersYesOrNo() {
    return this.returns === "bool" || this.returns === "Truth";
  }

  statements(list) {
    list.forEach((statement, i) => this.statement(statement, (fresh) => (list[i] = fresh)));
  }

  /** `replace`: puts another statement in its place. `led`: a condition that leads here is a check already. */
  statement(node, replace, led = false) {
    switch (node.kind) {
      case NodeKind.Block:
        return node.statements.forEach((it, i) =>
          this.statement(it, (fresh) => (node.statements[i] = fresh), led),
        );
      case NodeKind.If:
        return this.conditional(node);
      case NodeKind.For:
      case NodeKind.ForOf:
      case NodeKind.While:
      case NodeKind.Do:
        return this.statement(node.body, (fresh) => (node.body = fresh));
      case NodeKind.Switch:
        return node.cases.forEach((it) => this.statements(it.statements));
      case NodeKind.Variable:
        return node.declarations.forEach((it) => this.flag(it));
      case NodeKind.Return:
        return node.value && this.answer(node, led);
      case NodeKind.Expression:
        return this.expression(node, replace, led);
    }
  }

  conditional(node) {
    const yes = this.refusal(node.ifTrue);
    const no = node.ifFalse ? this.refusal(node.ifFalse) : null;
    if (yes) this.guard(node, "condition", yes, true, node);
    else if (this.grants(node.ifTrue)) this.operands(node, "condition", true, "", true);
    else if (no) this.guard(node, "condition", no, false);
    this.statement(node.ifTrue, (fresh) => (node.ifTrue = fresh), yes !== null);
    if (node.ifFalse) {
      this.statement(node.ifFalse, (fresh) => (node.ifFalse = fresh), !yes && no !== null);
    }
  }

  /** Whether a branch takes something as good, in a statement of its own. */
  grants(node) {
    if (node.kind === NodeKind.Block) return node.statements.some((it) => this.grants(it));
    return node.kind === NodeKind.Expression && calls(node.expression, this.file, GRANTERS);
  }

  /** What a branch refuses with, in its own statements: { label, passesOn }. */
  refusal(node) {
    if (node.kind === NodeKind.Block) {
      for (const it of node.statements) {
        const found = it.kind === NodeKind.If ? null : this.refusal(it);
        if (found) return found;
      }
      return null;
    }
    if (node.kind === NodeKind.Expression) return this.says(node.expression);
    if (node.kind === NodeKind.Continue && SELECTORS.has(`${this.file}#${this.function}`)) {
      return { label: "", passesOn: true };
    }
    if (node.kind !== NodeKind.Return || !node.value) return null;
    return this.says(node.value) ?? this.saysNo(node.value);
  }

  /** (1) and (2). */
  says(node) {
    const reason = reasonIn(node);
    if (reason) return { label: reason, passesOn: false };
    const call = refuserIn(node, this.file);
    return call ? { label: call, passesOn: false } : null;
  }

  /** (3): an answer that is no, in a module that verifies. */
  saysNo(node) {
    if (!this.isVerifier) return null;
    const { kind } = strip(node);
    const no = this.isInverse ? NodeKind.True : NodeKind.False;
    const isNo =
      kind === NodeKind.Null ||
      (this.answersYesOrNo && kind === no) ||
      (this.returns === "string" && isText(node)) ||
      /^(malformed|.*\.failed\(.*\))$/s.test(textOf(node));
    if (!isNo) return null;
    return { label: this.returns === "string" ? labelOf(node) : "", passesOn: true };
  }

  /** (4): each operand is taken as 0, one at a time. */
  flag(node) {
    const isSum = node.initializer && isBinary(node.initializer, Token.Bar);
    if (!this.isVerifier || !isSum || !FLAG.test(node.name.text)) return;
    const parts = [];
    split(node, "initializer", Token.Bar, parts);
    const check = { name: null };
    for (const { holder, at } of parts) {
      const part = holder[at];
      const label = `: ${node.name.text}`;
      this.add(label, textOf(strip(part)), (n) => (holder[at] = orZero(n, part)), check);
    }
  }

  /** A return: of a ternary, of an answer made of operands, or of a refusal that nothing leads to. */
  answer(node, led) {
    const value = strip(node.value);
    if (value.kind === NodeKind.Ternary) {
      const yes = this.says(value.ifThen) ?? this.saysNo(value.ifThen);
      const no = this.says(value.ifElse) ?? this.saysNo(value.ifElse);
      if (yes && !no) return this.guard(value, "condition", yes, true);
      if (no && !yes) return this.guard(value, "condition", no, false);
    }
    if (led) return;
    const said = this.says(value);
    if (said && reasonIn(value) && this.returns === "Reason") {
      return this.add(`:${said.label}`, textOf(node), (n) => {
        node.value = ternary(held(n, node), node.value, none(node));
      });
    }
    if (!this.isVerifier || !this.answersYesOrNo) return;
    // Of three answers neither is no.
    const isThree = value.kind === NodeKind.Ternary || value.kind === NodeKind.Call;
    if (this.returns !== "bool" && isThree && !/^(is|has)[A-Z]/.test(textOf(value))) return;
    const no = this.isInverse ? NodeKind.True : NodeKind.False;
    const yes = this.isInverse ? NodeKind.False : NodeKind.True;
    if (value.kind === yes) return;
    if (value.kind === no) {
      return this.add(`: ${textOf(node)}`, textOf(node), (n) => {
        node.value = this.isInverse ? held(n, node) : not(held(n, node));
      });
    }
    this.operands(node, "value", !this.isInverse, "", true);
  }

  expression(node, replace, led) {
    const said = led ? null : this.says(node.expression);
    const choice = ternaryIn(node.expression);
    if (choice) {
      const yes = this.says(choice.ifThen);
      const no = this.says(choice.ifElse);
      if (yes && !no) return this.guard(choice, "condition", yes, true);
      if (no && !yes) return this.guard(choice, "condition", no, false);
    }
    if (!said) return;
    this.add(`:${said.label}`, textOf(node), (n) => {
      replace(Node.createIfStatement(held(n, node), node, null, node.range));
    });
  }

  /** `leads`: the condition leads to the refusal; else away from it. `branch`: where a trap can be put. */
  guard(owner, key, { label, passesOn }, leads, branch = null) {
    if (leads) this.operands(owner, key, false, label, passesOn, branch);
    else this.operands(owner, key, true, label, passesOn);
  }

  /** Mutants of the operands of owner[key]. `grants`: each is needed to go on (`&&`); else each one refuses (`||`). */
  operands(owner, key, grants, label, passesOn, branch = null) {
    const operator = grants ? Token.Ampersand_Ampersand : Token.Bar_Bar;
    const parts = [];
    split(owner, key, operator, parts);
    const whole = textOf(owner[key]);
    const name = label ? `:${label}` : `: ${whole}`;
    const check = { name: null };
    for (const { holder, at } of parts) {
      const part = strip(holder[at]);
      const text = textOf(part);
      if (isNullTest(part, grants)) {
        if (passesOn || !branch) continue;
        const subject = part;
        this.add(
          name,
          text,
          (n) => {
            const trap = Node.createExpressionStatement(call("__mutant_lost", n, part));
            const guarded = Node.createIfStatement(subject, trap, null, part.range);
            branch.ifTrue = Node.createBlockStatement([guarded, branch.ifTrue], branch.range);
          },
          check,
        );
      } else {
        this.add(
          name,
          text,
          (n) => {
            const inner = Node.createParenthesizedExpression(holder[at], part.range);
            const changed = grants
              ? or(inner, not(held(n, part)), part)
              : and(inner, held(n, part), part);
            holder[at] = Node.createParenthesizedExpression(changed, part.range);
          },
          check,
        );
      }
    }
  }

  add(label, operand, apply, check = { name: null }) {
    if (check.name === null) {
      const name = `${this.file}#${this.function}${label}`;
      const count = (this.#names.get(name) ?? 0) + 1;
      this.#names.set(name, count);
      check.name = count > 1 ? `${name} (${count})` : name;
    }
    this.mutants.push({ check: check.name, operand, apply });
  }
}

function split(holder, at, operator, parts) {
  const node = holder[at];
  if (node.kind === NodeKind.Parenthesized && isBinary(node.expression, operator)) {
    return split(node, "expression", operator, parts);
  }
  if (!isBinary(node, operator)) return parts.push({ holder, at });
  split(node, "left", operator, parts);
  split(node, "right", operator, parts);
}

function isBinary(node, operator) {
  return node.kind === NodeKind.Binary && node.operator === operator;
}

/** Whether it asks for nothing but whether a value is there, which what follows needs. */
function isNullTest(node, grants) {
  if (grants) {
    const isSame = node.kind === NodeKind.Binary && isNull(node.right);
    return isSame || (node.kind === NodeKind.Identifier && !FLAG.test(node.text));
  }
  if (node.kind !== NodeKind.UnaryPrefix || node.operator !== Token.Exclamation) return false;
  const operand = strip(node.operand);
  return operand.kind === NodeKind.Identifier && !FLAG.test(operand.text);
}

function isNull(node) {
  return strip(node).kind === NodeKind.Null;
}

/** The name of a reason in an expression, unless it is only compared with. */
function reasonIn(node) {
  if (node.kind === NodeKind.Binary && COMPARISONS.has(node.operator)) return null;
  if (node.kind === NodeKind.Ternary) return reasonIn(node.ifThen) ?? reasonIn(node.ifElse);
  if (node.kind === NodeKind.PropertyAccess) {
    const isReason =
      node.expression.kind === NodeKind.Identifier && node.expression.text === "Reason";
    if (isReason) return node.property.text === "None" ? null : node.property.text;
  }
  for (const child of children(node)) {
    const found = reasonIn(child);
    if (found) return found;
  }
  return null;
}

/** What a call of a function that refuses says, or that function's name. */
function refuserIn(node, file) {
  if (calls(node, file, REFUSERS))
    return labelOf(node) || textOf(node.expression).replace(/^this\./, "");
  for (const child of children(node)) {
    const found = refuserIn(child, file);
    if (found) return found;
  }
  return null;
}

function calls(node, file, table) {
  if (node.kind !== NodeKind.Call) return false;
  const callee = textOf(node.expression).replace(/^this\./, "");
  return table.some((it) => it.files.test(file) && it.callee.test(callee));
}

function ternaryIn(node) {
  if (node.kind === NodeKind.Ternary) return node;
  if (node.kind === NodeKind.Binary) return ternaryIn(strip(node.right));
  return null;
}

/** What an expression says: its words, such as an event or the key and the code of an error; else its first text. */
function labelOf(node) {
  const texts = [];
  const visit = (it) => {
    if (it.kind === NodeKind.Literal && it.literalKind === LiteralKind.String) texts.push(it.value);
    children(it).forEach(visit);
  };
  visit(node);
  const words = texts.filter((text) => /^[\w.$]+$/.test(text)).slice(0, 2);
  return words.join(" ") || (texts[0] ?? "");
}

function isText(node) {
  const value = strip(node);
  return (
    value.kind === NodeKind.Literal &&
    value.literalKind === LiteralKind.String &&
    value.value !== ""
  );
}

function* childrenOf(node) {
  for (const key of ["expression", "left", "right", "operand", "condition", "ifThen", "ifElse"]) {
    if (node[key]?.range) yield node[key];
  }
  for (const key of ["args", "elementExpressions", "expressions"]) yield* node[key] ?? [];
}

function children(node) {
  return [...childrenOf(node)];
}

function strip(node) {
  return node.kind === NodeKind.Parenthesized ? strip(node.expression) : node;
}

/** As it is written, in one line. */
function textOf(node) {
  const { source, start, end } = node.range;
  return source.text
    .slice(start, end)
    .replace(/\/\/.*$/gm, "")
    .replace(/\s+/g, " ")
    .replace(/;$/, "");
}

function call(name, n, { range }) {
  const index = Node.createIntegerLiteralExpression(i64_new(n), range);
  return Node.createCallExpression(
    Node.createIdentifierExpression(name, range),
    null,
    [index],
    range,
  );
}

/** Unless it is the mutant: true. */
function held(n, node) {
  return call("__mutant_held", n, node);
}

function not(expression) {
  return Node.createUnaryPrefixExpression(Token.Exclamation, expression, expression.range);
}

function ternary(condition, yes, no) {
  return Node.createTernaryExpression(condition, yes, no, condition.range);
}

function orZero(n, part) {
  const zero = Node.createIntegerLiteralExpression(i64_new(0), part.range);
  const chosen = ternary(held(n, part), part, zero);
  return Node.createParenthesizedExpression(chosen, part.range);
}

function and(left, right, { range }) {
  return ternary(left, right, Node.createFalseExpression(range));
}

function or(left, right, { range }) {
  return ternary(left, Node.createTrueExpression(range), right);
}

function none({ range }) {
  const reason = Node.createIdentifierExpression("Reason", range);
  return Node.createPropertyAccessExpression(
    reason,
    Node.createIdentifierExpression("None", range),
    range,
  );
}
