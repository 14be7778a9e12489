/** Short texts of a folder that most guests need nothing of. */
const GIVEN = "atTheTopOfTheFile";

export function seldom(index: i32): string {
  switch (index) {
    case 0:
      return "onlyInThisFolder";
    case 1:
      return "onlyHereToo";
    case 2:
      return "NamesOfOptionsAreUsedByEveryGuest";
    case 3:
      return "onlyInThisFolder" + "_joined";
    case 4:
      return `in${index}Template`;
    case 5:
      return GIVEN + "atTheTopOfTheFile";
    default:
      return "–";
  }
}
