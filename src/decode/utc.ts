const DAY = 86_400

let lastSecond = -1
let lastText = ''

/** `2026-01-02T03:04:05.678901Z` of the time since 1970; nine digits only where the last three say something. */
export function formatUtc(seconds: number, nanoseconds: number): string {
  if (seconds !== lastSecond) {
    lastSecond = seconds
    lastText = wholeSecond(seconds)
  }
  const fraction = nanoseconds % 1000 === 0 ? digits(nanoseconds / 1000, 6) : digits(nanoseconds, 9)
  return `${lastText}.${fraction}Z`
}

function wholeSecond(seconds: number): string {
  const days = Math.floor(seconds / DAY)
  const rest = seconds - days * DAY
  const time = `${digits(Math.floor(rest / 3600))}:${digits(Math.floor(rest / 60) % 60)}:${digits(rest % 60)}`
  return `${dateOf(days)}T${time}`
}

/** The Gregorian date of a day since 1970-01-01, counted in eras of 400 years that begin on the first of March. */
function dateOf(days: number): string {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${digits(year, 4)}-${digits(month)}-${digits(day)}`
}

function digits(value: number, width = 2): string {
  return String(value).padStart(width, '0')
}
