/** A row of the report on cryptography, with Go's times beside it where Go does the same. */

export interface Row {
  what: string;
  min: number;
  median: number;
  goMin?: number;
  goMedian?: number;
  ratio?: number;
  keyBytes?: number;
  buildTime?: number;
}
