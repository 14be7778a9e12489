/** What bulk-memory instructions are made of when a module may have them: a test compiles it so, and must find them. */

export function copied(to: usize, from: usize, length: usize): void {
  memory.copy(to, from, length);
}

export function filled(to: usize, length: usize): void {
  memory.fill(to, 7, length);
}
