/**
 * Finds rules that can never decide, because an earlier match covers theirs. A result is certain,
 * but a match that only several rules together cover is not found.
 */
import { Argument, Node, Operator } from "./expression";

/** True if `outer` holds for every request for which `inner` holds. */
export function covers(outer: Node, inner: Node): bool {
  if (isSame(outer, inner)) return true;
  switch (inner.operator) {
    case Operator.Or:
      for (let it = inner.first; it; it = it!.next) if (!covers(outer, it)) return false;
      return true;
    case Operator.And:
      for (let it = inner.first; it; it = it!.next) if (covers(outer, it)) return true;
      break;
    default:
      break;
  }
  switch (outer.operator) {
    case Operator.Or:
      for (let it = outer.first; it; it = it!.next) if (covers(it, inner)) return true;
      return false;
    case Operator.And:
      for (let it = outer.first; it; it = it!.next) if (!covers(it, inner)) return false;
      return true;
    case Operator.Path:
      return inner.operator == Operator.Path && hasPaths(outer, inner);
    case Operator.Method:
    case Operator.Host:
      return inner.operator == outer.operator && hasAll(outer.arguments, inner.arguments);
    default:
      return false;
  }
}

function hasPaths(outer: Node, inner: Node): bool {
  for (let path = inner.patterns; path; path = path!.next) {
    let found: bool = false;
    for (let it = outer.patterns; it && !found; it = it!.next) found = it.covers(path);
    if (!found) return false;
  }
  return true;
}

function hasAll(outer: Argument | null, inner: Argument | null): bool {
  for (let word = inner; word; word = word!.next) {
    let found: bool = false;
    for (let it = outer; it && !found; it = it!.next) found = it.text.equals(word.text);
    if (!found) return false;
  }
  return true;
}

/** True if both ask the same, word for word. */
function isSame(a: Node, b: Node): bool {
  if (a.operator != b.operator || a.number != b.number || a.body || b.body) return false;
  if (a.name && !a.name!.equals(b.name!)) return false;
  if (!hasAll(a.arguments, b.arguments) || !hasAll(b.arguments, a.arguments)) return false;
  if (a.operator == Operator.Path) return hasPaths(a, b) && hasPaths(b, a);
  let left = a.first;
  let right = b.first;
  while (left && right) {
    if (!isSame(left, right)) return false;
    left = left.next;
    right = right.next;
  }
  return left === null && right === null;
}
