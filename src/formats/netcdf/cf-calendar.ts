/** A date of some calendar; `month` and `day` count from 1, year 0 is the one before year 1. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Counts days from a fixed but arbitrary day, which differs from calendar to calendar. */
export interface Calendar {
  toDay(date: CalendarDate): number;
  fromDay(day: number): CalendarDate;
}

const MONTHS_365 = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MONTHS_366 = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MONTHS_360 = MONTHS_365.map(() => 30);
/** The first day of the Gregorian calendar, 1582-10-15, as a Julian day number; the day before is 1582-10-04. */
const FIRST_GREGORIAN_DAY = 2_299_161;

/** A calendar whose years are all alike. */
function uniform(monthDays: readonly number[]): Calendar {
  const yearDays = monthDays.reduce((sum, days) => sum + days, 0);
  return {
    toDay: ({ year, month, day }) =>
      year * yearDays + monthDays.slice(0, month - 1).reduce((sum, days) => sum + days, 0) + day - 1,
    fromDay: (day) => {
      const year = Math.floor(day / yearDays);
      let rest = day - year * yearDays;
      let month = 0;
      while (rest >= monthDays[month]!) rest -= monthDays[month++]!;
      return { year, month: month + 1, day: rest + 1 };
    },
  };
}

/*
 * Julian day numbers, by years that begin in March: then the leap day is the last of its year, and the lengths of
 * the months follow 153 days in five months (Richards, Explanatory Supplement to the Astronomical Almanac, 15.11).
 */
const EPOCH_JULIAN = 1_721_118;
const EPOCH_GREGORIAN = 1_721_120;
const dayOfMarchYear = (month: number, day: number): number => Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;

function fromMarchYear(marchYear: number, dayOfYear: number): CalendarDate {
  const index = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * index + 2) / 5) + 1;
  return { year: marchYear + (index >= 10 ? 1 : 0), month: ((index + 2) % 12) + 1, day };
}

const JULIAN: Calendar = {
  toDay: ({ year, month, day }) => {
    const marchYear = month <= 2 ? year - 1 : year;
    return EPOCH_JULIAN + Math.floor(marchYear * 365.25) + dayOfMarchYear(month, day);
  },
  fromDay: (day) => {
    const days = day - EPOCH_JULIAN;
    const marchYear = Math.floor((4 * days + 3) / 1461);
    return fromMarchYear(marchYear, days - Math.floor(marchYear * 365.25));
  },
};

const GREGORIAN: Calendar = {
  toDay: ({ year, month, day }) => {
    const marchYear = month <= 2 ? year - 1 : year;
    const century = Math.floor(marchYear / 100);
    return (
      EPOCH_GREGORIAN +
      Math.floor((century * 146_097) / 4) +
      Math.floor(((marchYear - century * 100) * 1461) / 4) +
      dayOfMarchYear(month, day)
    );
  },
  fromDay: (day) => {
    const days = day - EPOCH_GREGORIAN;
    const century = Math.floor((4 * days + 3) / 146_097);
    const dayOfCentury = days - Math.floor((century * 146_097) / 4);
    const yearOfCentury = Math.floor((4 * dayOfCentury + 3) / 1461);
    return fromMarchYear(century * 100 + yearOfCentury, dayOfCentury - Math.floor((yearOfCentury * 1461) / 4));
  },
};

const MIXED: Calendar = {
  toDay: (date) => {
    const day = GREGORIAN.toDay(date);
    return day >= FIRST_GREGORIAN_DAY ? day : JULIAN.toDay(date);
  },
  fromDay: (day) => (day >= FIRST_GREGORIAN_DAY ? GREGORIAN : JULIAN).fromDay(day),
};

/** CF conventions, section 4.4.1. */
const CALENDARS: ReadonlyMap<string, Calendar> = new Map([
  ['standard', MIXED],
  ['gregorian', MIXED],
  ['proleptic_gregorian', GREGORIAN],
  ['julian', JULIAN],
  ['noleap', uniform(MONTHS_365)],
  ['365_day', uniform(MONTHS_365)],
  ['all_leap', uniform(MONTHS_366)],
  ['366_day', uniform(MONTHS_366)],
  ['360_day', uniform(MONTHS_360)],
]);

/** The calendar of this name, if it is one of the CF conventions that counts days. */
export function calendarNamed(name: string): Calendar | undefined {
  return CALENDARS.get(name.toLowerCase());
}
