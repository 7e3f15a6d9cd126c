//! Permalinks: a value as it was shown, or an event, with the position and the hash of the log that it was read from. Whoever
//! has the log can rebuild what it showed, and see that the log is the same.

use crate::Views;
use crate::amendments::AmendmentKind;
use crate::moment::{Asked, Moment, Published};
use crate::values::{self, Value, ValueField, word};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use rapporteur_log::Hash;
use std::fmt;
use std::str::FromStr;

/// What stays as it is in a part of a path: what RFC 3986 calls unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How many bytes of a hash say what a link showed.
const SHOWN_BYTES: usize = 8;

/// A link that goes on holding: `/at/{position}/{hash}/{slug}/{FIELD}[/{subject}]?shows={digest}`, with `&published={day}`
/// where it was shown as of what the public could know; or `/event/{position}/{hash}`. A subject that a path cannot hold, `.` or
/// `..`, is `&subject=` too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permalink {
    /// The position of the last event that was known.
    pub position: u64,
    /// That event's hash, in hexadecimal.
    pub hash: String,
    /// What it leads to.
    pub to: Target,
}

/// What a permalink leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The event at the position.
    Event,
    /// The values of a field as they were shown.
    Shown(Shown),
}

/// Values as they were shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The dossier, by the slug that it had.
    pub slug: String,
    /// The field.
    pub field: ValueField,
    /// Which one of several, as people write it.
    pub subject: Option<String>,
    /// As of what the public could know.
    pub published: Option<Published>,
    /// A digest of what was shown, and as of which day: 16 hexadecimal digits.
    pub shows: String,
}

/// A text that is no permalink.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no permalink; one looks like `/at/1042/<hash>/eu-ru-18/STAGE_DATE/ADOPTED?shows=<digest>` or \
     `/event/1042/<hash>`, with or without an address before it"
)]
pub struct NoPermalink(pub String);

/// Why what a permalink showed cannot be rebuilt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The log is shorter.
    #[error("the log ends at {head}, and the link was made at {asked}: this is another store, or an older copy of it")]
    Beyond {
        /// The position of the link.
        asked: u64,
        /// The log's last position.
        head: u64,
    },
    /// The log is another.
    #[error(
        "the event at {position} has the hash {has}, and the link has another: this is another store, or it was rewritten"
    )]
    OtherHash {
        /// The position.
        position: u64,
        /// The hash that is there.
        has: String,
    },
    /// Nothing is shown.
    #[error("nothing is shown of `{slug}` there")]
    Nothing {
        /// The dossier.
        slug: String,
    },
    /// Something else is shown.
    #[error("the log is the same up to there, and what it shows is not what the link showed: {0}")]
    Otherwise(Why),
}

/// Why a log that is the same shows something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Something in the dossier was redacted since.
    Redacted(u64),
    /// Another version of the program reads it otherwise, or the link was changed; or it rests on something of another dossier
    /// that was redacted since, where anything was.
    ReadOtherwise(Option<u64>),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Redacted(position) => write!(f, "what the event at {position} said was redacted since"),
            Self::ReadOtherwise(redacted) => {
                f.write_str("this version of rapporteur reads it otherwise, or the link was changed")?;
                match redacted {
                    Some(position) => write!(
                        f,
                        ", or it rests on what the event at {position} said, which was redacted since"
                    ),
                    None => Ok(()),
                }
            }
        }
    }
}

impl Permalink {
    /// The link to an event; `None` if there is none at this position.
    #[must_use]
    pub fn to_event(views: &Views, position: u64) -> Option<Self> {
        Some(Self {
            position,
            hash: views.timeline.recorded(position)?.header.hash.to_string(),
            to: Target::Event,
        })
    }

    /// The link to values: all that these views show of one field of a dossier, or of one subject of it. `None` where there
    /// are none, or the views show what nobody recorded.
    #[must_use]
    pub fn to_these(views: &Views, slug: &str, values: &[Value], subject: Option<&str>) -> Option<Self> {
        let field = values.first()?.field;
        let (position, hash) = views.head().filter(|_| views.moment().supposed.is_none())?;
        Some(Self {
            position,
            hash: hash.to_string(),
            to: Target::Shown(Shown {
                slug: slug.to_owned(),
                field,
                subject: subject.map(str::to_owned),
                published: views.moment().published,
                shows: shows(values, views.moment().published),
            }),
        })
    }

    /// The moment as of which what it leads to is rebuilt.
    #[must_use]
    pub fn moment(&self) -> Moment {
        let published = match &self.to {
            Target::Event => None,
            Target::Shown(shown) => shown.published,
        };
        Moment {
            published,
            ..Moment::recorded(self.position)
        }
    }

    /// Whether the log of these views of the present is the one that the link was made from.
    ///
    /// # Errors
    /// It is shorter, or has another event at the position.
    pub fn belongs(&self, present: &Views) -> Result<(), Broken> {
        let recorded = present.timeline.recorded(self.position);
        let recorded = recorded.filter(|_| self.position <= present.position());
        let Some(recorded) = recorded else {
            let (asked, head) = (self.position, present.position());
            return Err(Broken::Beyond { asked, head });
        };
        let has = recorded.header.hash.to_string();
        if has == self.hash {
            return Ok(());
        }
        let position = self.position;
        Err(Broken::OtherHash { position, has })
    }

    /// The values that it leads to, rebuilt in views as of its moment; none for an event.
    ///
    /// # Errors
    /// They show nothing, or something else than the link did. Whether the log is the same is for [`Permalink::belongs`].
    pub fn rebuilt(&self, then: &Views, present: &Views) -> Result<Vec<Value>, Broken> {
        let Target::Shown(shown) = &self.to else {
            return Ok(Vec::new());
        };
        let values = values::of_field(then, &shown.slug, shown.field, shown.subject.as_deref());
        if !values.is_empty() && shows(&values, shown.published) == shown.shows {
            return Ok(values);
        }
        let (own, other) = self.redacted_since(present, &shown.slug);
        match own {
            Some(position) => Err(Broken::Otherwise(Why::Redacted(position))),
            None if values.is_empty() && other.is_none() => Err(Broken::Nothing {
                slug: shown.slug.clone(),
            }),
            None => Err(Broken::Otherwise(Why::ReadOtherwise(other))),
        }
    }
}

impl Permalink {
    /// The positions of events that the link could rest on and that were redacted since: the first of the dossier, and the
    /// first of any other.
    fn redacted_since(&self, present: &Views, slug: &str) -> (Option<u64>, Option<u64>) {
        let redacted = present.amendments.all().filter(|amendment| {
            amendment.kind == AmendmentKind::Redacted
                && amendment.by > self.position
                && amendment.target <= self.position
        });
        let now = present.names.moved().slug(slug).map_or(slug, |now| now.as_str());
        let of_dossier = |target: &u64| {
            let recorded = present.timeline.recorded(*target);
            recorded.is_some_and(|recorded| recorded.dossier.slug.as_str() == now)
        };
        let (own, others): (Vec<u64>, Vec<u64>) = redacted.map(|amendment| amendment.target).partition(of_dossier);
        (own.first().copied(), others.first().copied())
    }
}

/// A digest of what values say, of the events behind them, and of the day as of which they were shown.
fn shows(values: &[Value], published: Option<Published>) -> String {
    let mut said = published.map(day).unwrap_or_default();
    for value in values {
        let subject = value.subject.as_ref().map(ToString::to_string).unwrap_or_default();
        let date = value.date.as_ref().and_then(|date| date.edtf()).unwrap_or_default();
        let names: Vec<&str> = value.names.iter().map(|name| name.as_str()).collect();
        let behind: Vec<String> = value
            .behind
            .iter()
            .map(|behind| format!("{}:{}", behind.position, word(&behind.part)))
            .collect();
        let parts = [
            &word(&value.field),
            &subject,
            &value.text,
            date,
            &names.join(" "),
            &behind.join(" "),
        ];
        said.push_str(&parts.join("\u{1f}"));
        said.push('\u{1e}');
    }
    Hash::of(&[said.as_bytes()])
        .to_string()
        .chars()
        .take(SHOWN_BYTES * 2)
        .collect()
}

impl fmt::Display for Permalink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, hash, to } = self;
        let Target::Shown(shown) = to else {
            return write!(f, "/event/{position}/{hash}");
        };
        write!(f, "/at/{position}/{hash}/{}/{}", shown.slug, word(&shown.field))?;
        // Whoever follows a path takes these for the way up, encoded or not.
        let (dots, subject) = match shown.subject.as_deref() {
            Some(dots @ ("." | "..")) => (Some(dots), None),
            subject => (None, subject),
        };
        if let Some(subject) = subject {
            write!(f, "/{}", utf8_percent_encode(subject, ENCODED))?;
        }
        write!(f, "?shows={}", shown.shows)?;
        if let Some(dots) = dots {
            write!(f, "&subject={dots}")?;
        }
        match shown.published {
            Some(published) => write!(f, "&published={}", utf8_percent_encode(&day(published), ENCODED)),
            None => Ok(()),
        }
    }
}

/// A day of the public's, as moments write it.
fn day(published: Published) -> String {
    let moment = Moment::published(published).to_string();
    moment.trim_start_matches("published:").to_owned()
}

impl FromStr for Permalink {
    type Err = NoPermalink;

    /// Reads a path, or an address that ends in one.
    fn from_str(text: &str) -> Result<Self, NoPermalink> {
        read(text.trim()).ok_or_else(|| NoPermalink(text.chars().take(200).collect()))
    }
}

fn read(text: &str) -> Option<Permalink> {
    let path = match text.split_once("://") {
        Some((_, rest)) => rest.get(rest.find('/')?..)?,
        None => text,
    };
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    let decoded = |part: &str| {
        percent_decode_str(part)
            .decode_utf8()
            .ok()
            .map(|part| part.into_owned())
    };
    let (position, hash, to) = match parts.as_slice() {
        ["event", position, hash] if query.is_empty() => (position, hash, Target::Event),
        ["at", position, hash, slug, field, rest @ ..] => {
            let mut subject = match rest {
                [] => None,
                [subject] => Some(decoded(subject)?),
                _ => return None,
            };
            let field = serde_json::from_value(serde_json::Value::String((*field).to_owned())).ok()?;
            let (mut shows, mut published) = (None, None);
            for pair in query.split('&') {
                match pair.split_once('=')? {
                    ("shows", digest) if digest.len() == SHOWN_BYTES * 2 => shows = Some(digest.to_owned()),
                    ("subject", dots) if subject.is_none() => subject = Some(decoded(dots)?),
                    ("published", day) => {
                        let asked: Asked = format!("published:{}", decoded(day)?).parse().ok()?;
                        published = Some(asked.published?);
                    }
                    _ => return None,
                }
            }
            let slug = (*slug).to_owned();
            let shown = Shown {
                slug,
                field,
                subject,
                published,
                shows: shows?,
            };
            (position, hash, Target::Shown(shown))
        }
        _ => return None,
    };
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let position = position.parse().ok().filter(|position| is_hash && *position > 0)?;
    Some(Permalink {
        position,
        hash: hash.to_ascii_lowercase(),
        to,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn link(subject: Option<&str>, published: Option<Published>) -> Permalink {
        Permalink {
            position: 1042,
            hash: "ab".repeat(32),
            to: Target::Shown(Shown {
                slug: "us-plan".to_owned(),
                field: ValueField::Position,
                subject: subject.map(str::to_owned),
                published,
                shows: "0123456789abcdef".to_owned(),
            }),
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let day = Published {
            possibly: true,
            assumed: false,
            ..Published::by(NaiveDate::from_ymd_opt(2026, 1, 5).unwrap())
        };
        let event = Permalink {
            to: Target::Event,
            ..link(None, None)
        };
        let subjects = [
            None,
            Some("hungary us-plan/28#nato"),
            Some("Zahl der Schiffe, ~100 %"),
            Some(".."),
        ];
        let links = subjects
            .into_iter()
            .flat_map(|subject| [link(subject, None), link(subject, Some(day))]);
        for link in links.chain([event]) {
            let text = link.to_string();
            assert_eq!(text.parse(), Ok(link.clone()), "{text}");
            assert_eq!(format!("http://127.0.0.1:8417{text}").parse(), Ok(link), "{text}");
        }
    }

    #[test]
    fn what_is_no_permalink_is_refused() {
        let hash = "ab".repeat(32);
        for text in [
            String::new(),
            "/at/1".to_owned(),
            format!("/event/x/{hash}"),
            format!("/event/-1/{hash}"),
            format!("/event/0/{hash}"),
            "/event/1/abcd".to_owned(),
            format!("/at/1/{hash}/a/STAGE"),
            format!("/at/1/{hash}/a/NO_FIELD?shows=0123456789abcdef"),
            format!("/at/1/{hash}/a/STAGE/b/c?shows=0123456789abcdef"),
            format!("/at/1/{hash}/a/STAGE?shows=0123456789abcdef&published=2026-02-30"),
        ] {
            assert!(text.parse::<Permalink>().is_err(), "{text}");
        }
    }
}
