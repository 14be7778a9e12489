/** Points in time as RFC 3339 writes them, in UTC. */

function two(value: i64): string {
  return value < 10 ? "0" + value.toString() : value.toString();
}

/** As in `2026-11-24T08:45:14Z`. */
export function timestamp(seconds: i64): string {
  const days = seconds / 86400;
  const second = seconds % 86400;
  // Days since 0000-03-01 in the Gregorian calendar, so that the leap day is a year's last.
  const shifted = days + 719468;
  const era = shifted / 146097;
  const dayOfEra = shifted % 146097;
  const year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100);
  const month = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * month + 2) / 5 + 1;
  const calendarMonth = month < 10 ? month + 3 : month - 9;
  const calendarYear = year + era * 400 + (calendarMonth <= 2 ? 1 : 0);
  const date = `${calendarYear}-${two(calendarMonth)}-${two(day)}`;
  return `${date}T${two(second / 3600)}:${two((second % 3600) / 60)}:${two(second % 60)}Z`;
}
