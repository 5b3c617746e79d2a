//! When something runs again and again, in the words of cron.
//!
//! Kubernetes reads schedules with `robfig/cron`; what that refuses, or reads in another way than
//! [`croner`] does, is refused here: years, seconds, `L`, `W`, `#`, Sunday as 7.

use std::{fmt, str::FromStr, time::Duration};

use croner::{
    Cron, Direction,
    parser::{CronParser, Seconds, Year},
};
use jiff::{
    Zoned,
    civil::{Date, date},
    tz::TimeZone,
};

use super::Invalid;
use crate::text_value;

const FIELDS: [(&str, &str); 5] = [
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day of the month", "1 to 31"),
    ("month", "1 to 12, or jan to dec"),
    ("day of the week", "0 (Sunday) to 6, or sun to sat"),
];

/// What stands for five fields (<https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax>).
const NICKNAMES: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

const HINT: &str = "write minute, hour, day of the month, month and day of the week, such as \"30 2 * * *\" for half past two each night, or @daily";

const DAY: Duration = Duration::from_hours(24);

/// The times at which a `CronJob` makes a Job, in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    text: String,
    pause: Duration,
}

impl Schedule {
    /// The schedule as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The longest time between two runs. If there are days without any, it is counted in whole days.
    pub const fn longest_pause(&self) -> Duration {
        self.pause
    }
}

impl FromStr for Schedule {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let nickname = NICKNAMES.iter().find(|(name, _)| *name == text);
        let fields: Vec<&str> = nickname.map_or(text, |(_, fields)| fields).split_whitespace().collect();
        let fields: [&str; 5] = fields.try_into().map_err(|fields: Vec<_>| {
            let count = fields.len();
            let what = if text.starts_with('@') {
                "has a name that is not known".into()
            } else {
                format!("has {count} fields, not 5")
            };
            Invalid::new(format!("the schedule {text:?} {what}"), HINT)
        })?;
        for (place, (field, (name, range))) in fields.iter().zip(FIELDS).enumerate() {
            let mut alone = ["*"; 5];
            alone[place] = *field;
            if !is_of_both(place, field) || cron(alone).is_none() {
                let what = format!("the {name} of the schedule {text:?} cannot be {field:?}");
                return Err(Invalid::new(
                    what,
                    format!("it is {range}, `*`, a list as 1,5, a range as 1-5, or a step as */15"),
                ));
            }
        }
        let pause = cron(fields).and_then(|all| pause(&all, fields)).ok_or_else(|| {
            let [_, _, day, month, _] = fields;
            Invalid::new(format!("the schedule {text:?} never fires: no month {month} has a day {day}"), HINT)
        })?;
        Ok(Self { text: text.to_owned(), pause })
    }
}

/// Whether both readers take a field for the same.
fn is_of_both(place: usize, field: &str) -> bool {
    let known = |c: char| c.is_ascii_digit() || "*,-/".contains(c);
    // Names of months and days are words of three letters; `L` and `W` alone are no names.
    let words = field.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let numbers = field.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse::<u32>().ok());
    let mut named = words.map(|word| place >= 3 && word.len() == 3);
    let sunday = place == 4 && numbers.clone().any(|number| number == 7);
    field.chars().all(|c| known(c) || c.is_ascii_alphabetic()) && named.all(|is| is) && !sunday
}

fn cron(fields: [&str; 5]) -> Option<Cron> {
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    parser.parse(&fields.join(" ")).ok()
}

/// The longest pause; nothing for a schedule that never fires.
fn pause(all: &Cron, [_, _, day, month, weekday]: [&str; 5]) -> Option<Duration> {
    let start = date(2096, 1, 1);
    // From leap year to leap year with none between: a 29th of February comes round.
    let until = if [day, month] == ["*"; 2] { date(2096, 1, 16) } else { date(2105, 1, 1) };
    let days = longest(&cron(["0", "0", day, month, weekday])?, start, until)?;
    if days > DAY { Some(days) } else { longest(all, start, date(2096, 1, 4)) }
}

fn longest(cron: &Cron, from: Date, until: Date) -> Option<Duration> {
    let midnight = |day: Date| day.to_zoned(TimeZone::UTC).ok();
    let (from, until) = (midnight(from)?, midnight(until)?);
    let times: Vec<Zoned> = cron.iter_from(from, Direction::Forward).take_while(|time| *time < until).collect();
    let pauses = times.windows(2).map(|pair| pair[0].duration_until(&pair[1]).unsigned_abs());
    pauses.max()
}

impl fmt::Display for Schedule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

text_value!(Schedule,
    schema: "Schedule",
    about: "When it runs, in UTC: minute, hour, day of the month, month and day of the week, or @hourly, @daily, @weekly, @monthly, @yearly.",
    example: "30 2 * * *",
    pattern: r"^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|[0-9A-Za-z*,/-]+(\s+[0-9A-Za-z*,/-]+){4})$"
);

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(text: &str) -> Result<u64, String> {
        text.parse::<Schedule>().map(|it| it.longest_pause().as_secs()).map_err(|why| why.to_string())
    }

    #[test]
    fn the_longest_pause_is_told() {
        let day = DAY.as_secs();
        for (text, seconds) in [
            ("* * * * *", 60),
            ("*/15 * * * *", 900),
            ("0 1,4 * * *", 21 * 3600),
            ("@hourly", 3600),
            ("30 2 * * *", day),
            ("30  2 * * mon-fri", 3 * day),
            ("0 4 * * 0", 7 * day),
            ("@monthly", 31 * day),
            ("0 0 29 2 *", (8 * 365 + 1) * day),
            // Either of both days: cron's own rule.
            ("0 0 1 * sun", 7 * day),
        ] {
            assert_eq!(pause(text), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        for (text, words) in [
            ("", "has 0 fields, not 5"),
            ("0 2 * *", "has 4 fields, not 5"),
            ("0 0 2 * * *", "has 6 fields, not 5"),
            ("@fortnightly", "has a name that is not known"),
            ("TZ=UTC 0 2 * * *", "has 6 fields, not 5"),
            ("60 2 * * *", "the minute of the schedule \"60 2 * * *\" cannot be \"60\""),
            ("0 24 * * *", "the hour"),
            ("0 0 0 * *", "the day of the month"),
            ("0 0 1 13 *", "the month"),
            ("0 0 1 feb-jan *", "the month"),
            ("0 0 L * *", "the day of the month"),
            ("0 0 15W * *", "the day of the month"),
            ("0 0 * * 7", "the day of the week"),
            ("0 0 * * fri#2", "the day of the week"),
            ("0 0 * * montag", "the day of the week"),
            ("0/10 * * * *", "the minute"),
            ("*/0 * * * *", "the minute"),
            ("0 0 30 2 *", "never fires: no month 2 has a day 30"),
            ("0 0 31 4,6,9,nov *", "never fires"),
        ] {
            let said = pause(text).expect_err(text);
            assert!(said.contains(words) && said.contains("\n\nhint: "), "{text}: {said}");
        }
    }
}
