//! The hours of one day, or those at the ends of a period, in the zone where they were said.

use crate::invalid::Invalid;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use serde::{Deserialize, Serialize};

const DAY_MINUTES: u16 = 24 * 60;

/// From one time of day until another, local to a zone: `18:00` until `24:00`, `Europe/Kyiv`.
/// On a single day, `until` earlier than `from` is a time of the next day; on a period, `from` is a time of its first
/// day and `until` of its last. The two are never equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct TimeWindow {
    /// Minutes after midnight, 0 to 1439.
    from: u16,
    /// Minutes after midnight, 0 to 1440.
    until: u16,
    zone: Tz,
}

impl TimeWindow {
    /// A window from its written times, `hh:mm`, and the IANA name of its zone.
    ///
    /// # Errors
    /// A time is not `00:00` to `23:59` (`until` may be `24:00`), both are the same, or the zone is unknown.
    pub fn parse(from: &str, until: &str, zone: &str) -> Result<Self, Invalid> {
        Self::new(minutes("from", from)?, minutes("until", until)?, find_zone(zone)?)
    }

    fn new(from: u16, until: u16, zone: Tz) -> Result<Self, Invalid> {
        if from >= DAY_MINUTES || until > DAY_MINUTES {
            return Err(Invalid::new(
                format!("`window` runs from {} until {}", clock(from), clock(until)),
                "`from` is 00:00 to 23:59 and `until` 00:00 to 24:00; for the start of the next day write the next date",
            ));
        }
        if from == until {
            return Err(Invalid::new(
                format!("`window` begins and ends at {}", clock(from)),
                "write a later `until`; a whole day needs no window",
            ));
        }
        Ok(Self { from, until, zone })
    }

    /// The first time of day, `hh:mm`.
    #[must_use]
    pub fn from(&self) -> String {
        clock(self.from)
    }

    /// The last time of day, `hh:mm`; `24:00` is the end of the day.
    #[must_use]
    pub fn until(&self) -> String {
        clock(self.until)
    }

    /// The zone of both times.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// Whether `until` is a time of the next day.
    #[must_use]
    pub fn is_overnight(&self) -> bool {
        self.until < self.from
    }

    /// The instant the window opens on this day. Of a local time that occurs twice the earlier is taken; for one a
    /// clock change skips, the first whole minute after it that exists. `None` only at the end of chrono's calendar.
    #[must_use]
    pub fn opens_at(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        self.instant(day, self.from)
    }

    /// The instant the window closes on this day or the next; clock changes as for [`TimeWindow::opens_at`].
    #[must_use]
    pub fn closes_at(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let minutes = if self.is_overnight() {
            DAY_MINUTES + self.until
        } else {
            self.until
        };
        self.instant(day, minutes)
    }

    /// The instant the window closes at the end of a period whose last day is this one; clock changes as for
    /// [`TimeWindow::opens_at`].
    pub(super) fn closes_on(&self, last: NaiveDate) -> Option<DateTime<Utc>> {
        self.instant(last, self.until)
    }

    /// Whether it touches the next day: midnight itself, written `24:00` or `00:00`, does not.
    pub(super) fn touches_next_day(&self) -> bool {
        self.is_overnight() && self.until > 0
    }

    pub(super) fn opening_minute(&self) -> u16 {
        self.from
    }

    fn instant(&self, day: NaiveDate, minutes: u16) -> Option<DateTime<Utc>> {
        let days = Days::new(u64::from(minutes / DAY_MINUTES));
        let time = NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minutes % DAY_MINUTES) * 60, 0)?;
        let local = day.checked_add_days(days)?.and_time(time);
        // The longest gap on record is the day that Samoa skipped in 2011.
        (0..=i64::from(DAY_MINUTES) + 60).find_map(|later| {
            let local = local.checked_add_signed(TimeDelta::minutes(later))?;
            Some(local.and_local_timezone(self.zone).earliest()?.to_utc())
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    from: String,
    until: String,
    zone: String,
}

impl TryFrom<Written> for TimeWindow {
    type Error = Invalid;

    fn try_from(written: Written) -> Result<Self, Invalid> {
        Self::parse(&written.from, &written.until, &written.zone)
    }
}

impl From<TimeWindow> for Written {
    fn from(window: TimeWindow) -> Self {
        Self {
            from: window.from(),
            until: window.until(),
            zone: window.zone.name().to_owned(),
        }
    }
}

#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
struct Stored<'a> {
    #[n(0)]
    from: u16,
    #[n(1)]
    until: u16,
    #[b(2)]
    zone: &'a str,
}

impl<C> minicbor::Encode<C> for TimeWindow {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let stored = Stored {
            from: self.from,
            until: self.until,
            zone: self.zone.name(),
        };
        stored.encode(e, ctx)
    }
}

impl<'b, C> minicbor::Decode<'b, C> for TimeWindow {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        let stored = Stored::decode(d, ctx)?;
        find_zone(stored.zone)
            .and_then(|zone| Self::new(stored.from, stored.until, zone))
            .map_err(|e| minicbor::decode::Error::message(e.message).at(at))
    }
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn minutes(field: &str, raw: &str) -> Result<u16, Invalid> {
    let digit = |b: u8| b.is_ascii_digit().then(|| u16::from(b - b'0'));
    let read = || {
        let [h1, h2, b':', m1, m2] = *raw.as_bytes() else {
            return None;
        };
        let (hour, minute) = (digit(h1)? * 10 + digit(h2)?, digit(m1)? * 10 + digit(m2)?);
        (minute < 60 && hour * 60 + minute <= DAY_MINUTES).then_some(hour * 60 + minute)
    };
    read().ok_or_else(|| {
        Invalid::new(
            format!("`window.{field}` is not a time of day"),
            "write hours and minutes such as `18:00`",
        )
    })
}

fn find_zone(raw: &str) -> Result<Tz, Invalid> {
    raw.parse().map_err(|_| {
        let meant = |zone: &&Tz| {
            let name = zone.name();
            let city = name.rsplit('/').next().unwrap_or(name);
            name.eq_ignore_ascii_case(raw) || city.eq_ignore_ascii_case(&raw.replace(' ', "_"))
        };
        let example = TZ_VARIANTS.iter().find(meant).map_or("Europe/Kyiv", |zone| zone.name());
        Invalid::new(
            "`window.zone` is not a time zone",
            format!("write its name in the IANA database, such as `{example}`"),
        )
    })
}
