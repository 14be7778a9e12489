/** A text that another file uses. */
export const ELSEWHERE = "A constant that another file has exported";
