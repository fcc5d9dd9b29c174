import { type Calendar, calendarNamed } from './cf-calendar.ts';

const DAY_MS = 86_400_000;
/** UDUNITS: the year is the tropical one, the month its twelfth part. */
const YEAR_MS = 31_556_925_974.7;
/** Beyond some millions of years a time is not told from a missing one. */
const MAX_DAYS = 1e9;

const UNIT_MS: ReadonlyMap<string, number> = new Map(
  (
    [
      [0.001, 'microsecond microseconds microsec microsecs us'],
      [1, 'millisecond milliseconds millisec millisecs msec msecs ms'],
      [1000, 'second seconds sec secs s'],
      [60_000, 'minute minutes min mins'],
      [3_600_000, 'hour hours hr hrs h'],
      [DAY_MS, 'day days d'],
      [7 * DAY_MS, 'week weeks'],
      [YEAR_MS / 12, 'month months'],
      [YEAR_MS, 'year years yr yrs'],
      [365 * DAY_MS, 'common_year common_years'],
    ] as const
  ).flatMap(([ms, names]) => names.split(' ').map((name): [string, number] => [name, ms])),
);

const SINCE = /^\s*(\w+)\s+(?:since|after|from)\s+([+-]?\d+)(?:-(\d{1,2}))?(?:-(\d{1,2}))?(?:[T\s]\s*(.*?))?\s*$/i;
const CLOCK = /^(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}(?:\.\d*)?))?\s*(.*)$/;
const ZONE = /^(?:utc|gmt|z)?\s*(?:([+-])(\d{1,2}):?(\d{2})?)?$/i;

/** A time coordinate: numbers of units since a date (CF conventions, section 4.4). */
export class CfTime {
  readonly #calendar: Calendar;
  readonly #unitMs: number;
  readonly #startDay: number;
  readonly #startMs: number;

  private constructor(calendar: Calendar, unitMs: number, startDay: number, startMs: number) {
    this.#calendar = calendar;
    this.#unitMs = unitMs;
    this.#startDay = startDay;
    this.#startMs = startMs;
  }

  /** `undefined` if `units` are not those of a time, or the calendar is none of the CF conventions. */
  static parse(units: string, calendarName = 'standard'): CfTime | undefined {
    const calendar = calendarNamed(calendarName);
    const [, unit, year, month = '1', day = '1', clock = ''] = SINCE.exec(units) ?? [];
    if (calendar === undefined || unit === undefined || year === undefined) return undefined;
    const unitMs = unitOf(unit.toLowerCase(), calendarName);
    const startMs = clockMs(clock);
    const date = { year: Number(year), month: Number(month), day: Number(day) };
    const isDate = date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31 && Math.abs(date.year) < 1e6;
    if (unitMs === undefined || startMs === undefined || !isDate) return undefined;
    return new CfTime(calendar, unitMs, calendar.toDay(date), startMs);
  }

  /** ISO 8601 to the millisecond, `undefined` if the value is no time; dates of a model's calendar keep its days. */
  toIso(value: number): string | undefined {
    const unitsPerDay = DAY_MS / this.#unitMs;
    const days = Math.floor(value / unitsPerDay);
    if (!(Math.abs(days) <= MAX_DAYS)) return undefined;
    const ms = Math.round((value - days * unitsPerDay) * this.#unitMs) + this.#startMs;
    const carriedDays = Math.floor(ms / DAY_MS);
    const { year, month, day } = this.#calendar.fromDay(this.#startDay + days + carriedDays);
    return `${isoYear(year)}-${two(month)}-${two(day)}T${isoClock(ms - carriedDays * DAY_MS)}Z`;
  }
}

function unitOf(unit: string, calendarName: string): number | undefined {
  const is360 = calendarName.toLowerCase() === '360_day';
  // A year of twelve months of thirty days is what this calendar is for.
  if (is360 && /^months?$/.test(unit)) return 30 * DAY_MS;
  if (is360 && /^(years?|yrs?)$/.test(unit)) return 360 * DAY_MS;
  return UNIT_MS.get(unit);
}

/** Milliseconds from midnight in UTC; `undefined` if it is not a time of day. */
function clockMs(clock: string): number | undefined {
  if (clock === '') return 0;
  const [, hours, minutes = '0', seconds = '0', zone = ''] = CLOCK.exec(clock) ?? [];
  const zoneParts = ZONE.exec(zone);
  if (hours === undefined || zoneParts === null) return undefined;
  const [, sign, zoneHours = '0', zoneMinutes = '0'] = zoneParts;
  const zoneMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Math.round(Number(seconds) * 1000) - zoneMs;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** ISO 8601: years outside of 0000 to 9999 have a sign and six digits. */
function isoYear(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
}

function isoClock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const rest = ms - seconds * 1000;
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return rest === 0 ? clock : `${clock}.${String(rest).padStart(3, '0')}`;
}
