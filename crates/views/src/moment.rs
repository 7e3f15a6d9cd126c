//! Moments of knowledge: as of which record, and as of which day of the public's.

use chrono::{DateTime, NaiveDate, Utc};
use std::fmt;
use std::str::FromStr;

/// As of when something is asked: what was recorded by then, what was published by then, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Moment {
    /// Only what was recorded up to this position; everything where nothing is given.
    pub recorded: Option<u64>,
    /// Only what was public by a day.
    pub published: Option<Published>,
    /// With what nobody recorded: a name for it, made of its hash.
    pub supposed: Option<u64>,
}

/// What the public could know by the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Published {
    /// The day.
    pub by: NaiveDate,
    /// Whether what was only possibly public by then counts: where the date of a publication is vague.
    pub possibly: bool,
    /// Whether what cites nothing dated counts from its own date on.
    pub assumed: bool,
}

impl Published {
    /// What surely was public by the end of a day, with the event's own date where no citation is dated.
    #[must_use]
    pub fn by(by: NaiveDate) -> Self {
        Self {
            by,
            possibly: false,
            assumed: true,
        }
    }
}

impl Moment {
    /// As of the event at this position.
    #[must_use]
    pub fn recorded(position: u64) -> Self {
        Self {
            recorded: Some(position),
            ..Self::default()
        }
    }

    /// As of what the public could know.
    #[must_use]
    pub fn published(published: Published) -> Self {
        Self {
            published: Some(published),
            ..Self::default()
        }
    }

    /// The present with events that nobody recorded, the last of them with this hash.
    #[must_use]
    pub fn supposed(hash: &[u8; 32]) -> Self {
        let name = hash.iter().take(8).fold(0, |name, byte| name << 8 | u64::from(*byte));
        Self {
            supposed: Some(name),
            ..Self::default()
        }
    }

    /// Whether it is the present.
    #[must_use]
    pub fn is_present(&self) -> bool {
        *self == Self::default()
    }
}

/// `recorded:1042`, `published:2026-01-05`, or both with a comma between them; `supposed:` and a name. After the day, `~` counts what was possibly
/// public, and `!` leaves out what cites nothing dated.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = self.recorded {
            write!(f, "recorded:{position}")?;
        }
        if self.recorded.is_some() && self.published.is_some() {
            f.write_str(",")?;
        }
        if let Some(Published { by, possibly, assumed }) = self.published {
            let (maybe, dated) = (if possibly { "~" } else { "" }, if assumed { "" } else { "!" });
            write!(f, "published:{by}{maybe}{dated}")?;
        }
        if let Some(name) = self.supposed {
            write!(f, "supposed:{name:016x}")?;
        }
        Ok(())
    }
}

/// A moment as people write it: an instant of recording still has to be looked up in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// As of which record.
    pub recorded: Option<Recording>,
    /// As of which day of the public's.
    pub published: Option<Published>,
}

/// A place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recording {
    /// The event at this position, 0 for none.
    Position(u64),
    /// What was recorded until this instant.
    Instant(DateTime<Utc>),
}

/// As it reads back.
impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let published = self.published.map(|published| Moment::published(published).to_string());
        let recorded = self.recorded.map(|recording| match recording {
            Recording::Position(position) => format!("recorded:{position}"),
            Recording::Instant(instant) => format!("recorded:{}", instant.to_rfc3339()),
        });
        let parts: Vec<String> = recorded.into_iter().chain(published).collect();
        f.write_str(&parts.join(","))
    }
}

/// A text that is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no moment; write `recorded:1042`, `recorded:2026-01-05T18:00:00Z`, `published:2026-01-05`, or both with a comma between them"
)]
pub struct NoMoment(pub String);

impl FromStr for Recording {
    type Err = NoMoment;

    /// Reads a position, or an instant of RFC 3339.
    fn from_str(text: &str) -> Result<Self, NoMoment> {
        let position = text.parse().map(Self::Position).ok();
        let instant = || DateTime::parse_from_rfc3339(text).ok();
        position
            .or_else(|| instant().map(|at| Self::Instant(at.with_timezone(&Utc))))
            .ok_or_else(|| NoMoment(text.to_owned()))
    }
}

impl FromStr for Asked {
    type Err = NoMoment;

    fn from_str(text: &str) -> Result<Self, NoMoment> {
        let wrong = || NoMoment(text.to_owned());
        let mut asked = Self::default();
        for part in text.split(',') {
            match part.trim().split_once(':') {
                Some(("recorded", at)) if asked.recorded.is_none() => asked.recorded = Some(at.parse()?),
                Some(("published", day)) if asked.published.is_none() => {
                    let dated = day.strip_suffix('!');
                    let sure = dated.unwrap_or(day).strip_suffix('~');
                    let day = sure.or(dated).unwrap_or(day);
                    asked.published = Some(Published {
                        by: day.parse().map_err(|_| wrong())?,
                        possibly: sure.is_some(),
                        assumed: dated.is_none(),
                    });
                }
                _ => return Err(wrong()),
            }
        }
        Ok(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_reads_back() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        for (possibly, assumed) in [(false, true), (true, true), (false, false), (true, false)] {
            let published = Some(Published {
                by: day,
                possibly,
                assumed,
            });
            for recorded in [None, Some(0), Some(1042)] {
                let moment = Moment {
                    recorded,
                    published,
                    supposed: None,
                };
                let text = moment.to_string();
                let asked: Asked = text.parse().unwrap();
                assert_eq!(asked.published, published, "{text}");
                assert_eq!(asked.recorded, recorded.map(Recording::Position), "{text}");
            }
        }
    }

    #[test]
    fn an_instant_is_read_in_its_own_zone() {
        let asked: Asked = "recorded:2026-01-05T18:00:00+02:00".parse().unwrap();
        let instant = "2026-01-05T16:00:00Z".parse().unwrap();
        assert_eq!(asked.recorded, Some(Recording::Instant(instant)));
        assert_eq!(asked.to_string().parse(), Ok(asked));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "1042",
            "recorded:",
            "recorded:-1",
            "published:2026",
            "published:2026-02-30",
            "recorded:1,recorded:2",
        ] {
            assert!(text.parse::<Asked>().is_err(), "{text}");
        }
    }
}
