/** Types for the test of it. */
export function watch(runner: number, seconds: number, say: (text: string) => void): () => void;
export function childrenOf(pid: number): string[];
