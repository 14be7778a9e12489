/** The id of a heading, as GitHub makes it: a link to a section works in both places. */
export const slugger = (heading) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
