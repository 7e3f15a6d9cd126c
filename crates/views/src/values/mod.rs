//! The values that are shown of a dossier, each with the events behind it: which of them decides, which say the same, and
//! which say otherwise and do not stand.

mod behind;
mod course;
mod meeting;
mod round;
mod told;

pub use behind::{Behind, Part};

use crate::Views;
use rapporteur_domain::act::CountBasis;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::id::{Key, RecordRef, Slug};
use rapporteur_domain::moved::Moved;
use rapporteur_domain::round::Stage;
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;

/// What a value is of.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ValueField {
    /// Its title, name or label.
    Title,
    /// What is told in one record of it, in our words; of each record.
    Record,
    /// A number; of each thing that is counted.
    Quantity,
    /// A position on it, or on a record in it; of each party.
    Position,
    /// A link from it, or from a record in it; to each record.
    Link,
    /// The stage at which a round stands.
    Stage,
    /// When a round reached a stage; of each stage, rival dates side by side.
    StageDate,
    /// What was counted of a round; of each kind and basis.
    Count,
    /// How far it has come: a version of a plan, a commitment.
    Status,
    /// Where it stands: a meeting, an issue.
    State,
    /// When a meeting is planned for.
    PlannedFor,
    /// When a meeting was held, or is being held.
    HeldOn,
    /// Where a meeting was held, or is to be held.
    Places,
    /// The series that a meeting belongs to.
    Series,
    /// The number of a meeting in its series.
    Number,
    /// What a meeting is, in our words.
    Summary,
    /// How somebody takes part in a meeting, or stays away; of each party.
    Attendance,
    /// A position that was looked for and not found; of each party.
    UnknownPosition,
    /// What became of an expectation.
    Outcome,
    /// The date that an act bears.
    AdoptedOn,
    /// When an act or a source was published.
    PublishedOn,
    /// From when an act applies.
    AppliesFrom,
    /// Until when an act applies.
    AppliesUntil,
}

impl ValueField {
    /// Its word: `STAGE_DATE`.
    #[must_use]
    pub fn word(self) -> String {
        word(&self)
    }
}

/// Which one of several values of a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A stage: `ADOPTED`.
    Stage(Stage),
    /// A kind of thing and what the count says: `vessels ADDED`.
    Count(Key, CountBasis),
    /// What is counted, in words.
    What(String),
    /// A dossier or a record.
    Record(RecordRef),
    /// A party.
    Party(Slug),
    /// A party, and the record on which it holds a position: `hungary us-plan/28#nato`.
    PartyOn(Slug, RecordRef),
}

/// A value that is shown of a dossier.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// What it is of.
    pub field: ValueField,
    /// Which one of several; `None` where a field has one value alone.
    pub subject: Option<Subject>,
    /// The value in words or numbers.
    pub text: String,
    /// The date that it is, or bears.
    pub date: Option<FuzzyDate>,
    /// Whom or what else it names, by slug: who blocked, on whose behalf, which series.
    pub names: Vec<Slug>,
    /// The events behind it, in the order of recording.
    pub behind: Vec<Behind>,
}

/// By which values are told apart and found again.
pub type ValueKey = (ValueField, Option<Subject>);

impl Value {
    /// The value of a field that has one value alone.
    pub(crate) fn of(field: ValueField, text: impl Into<String>, behind: Vec<Behind>) -> Self {
        Self {
            field,
            subject: None,
            text: text.into(),
            date: None,
            names: Vec::new(),
            behind,
        }
    }

    pub(crate) fn on(self, subject: Subject) -> Self {
        let subject = Some(subject);
        Self { subject, ..self }
    }

    pub(crate) fn dated(self, date: Option<&FuzzyDate>) -> Self {
        let date = date.cloned();
        Self { date, ..self }
    }

    pub(crate) fn naming<'a>(self, names: impl IntoIterator<Item = &'a Slug>) -> Self {
        let names = names.into_iter().cloned().collect();
        Self { names, ..self }
    }

    /// By which it is told apart and found again.
    #[must_use]
    pub fn key(&self) -> ValueKey {
        (self.field, self.subject.clone())
    }

    /// Whether two say the same of the same, whoever says it.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.field == other.field && self.subject == other.subject && self.agrees(other)
    }

    /// Whether two values of one field and subject are the same.
    fn agrees(&self, other: &Self) -> bool {
        self.text == other.text && self.names == other.names && self.date == other.date
    }

    /// What it says, and whom or what else it names: `18 July 2025 (hungary, slovakia)`.
    pub(crate) fn said_with_names(&self) -> String {
        let names: Vec<&str> = self.names.iter().map(Slug::as_str).collect();
        match self.text.is_empty() || names.is_empty() {
            true => self.said(),
            false => format!("{} ({})", self.said(), names.join(", ")),
        }
    }

    /// What it says, in one line: its text, or what it names where it has none, with its date where that is another thing.
    #[must_use]
    pub fn said(&self) -> String {
        let names: Vec<&str> = self.names.iter().map(Slug::as_str).collect();
        let text = match self.text.as_str() {
            "" => names.join(", "),
            text => text.to_owned(),
        };
        match self.date.as_ref().map(FuzzyDate::label) {
            Some(on) if on != text => format!("{text} [{on}]"),
            _ => text,
        }
    }

    /// The positions of the events that say it, in the order of recording.
    pub fn told_by(&self) -> impl Iterator<Item = u64> {
        let say_so = self.behind.iter().filter(|behind| behind.part != Part::Outweighed);
        say_so.map(|behind| behind.position)
    }

    /// The same in the names of today.
    #[must_use]
    pub fn renamed(mut self, moved: &Moved) -> Self {
        if !moved.is_empty() {
            self.subject = self.subject.map(|subject| subject.renamed(moved));
            self.names.iter_mut().for_each(|name| rename(name, moved));
        }
        self
    }
}

fn rename(slug: &mut Slug, moved: &Moved) {
    if let Some(now) = moved.slug(slug.as_str()) {
        *slug = now.clone();
    }
}

impl Subject {
    fn renamed(mut self, moved: &Moved) -> Self {
        let record = |record: &mut RecordRef| {
            let now = moved.reference(record.as_str());
            if let Some(now) = now.and_then(|now| RecordRef::parse(&now).ok()) {
                *record = now;
            }
        };
        match &mut self {
            Self::Stage(_) | Self::Count(..) | Self::What(_) => {}
            Self::Record(reference) => record(reference),
            Self::Party(party) => rename(party, moved),
            Self::PartyOn(party, reference) => {
                rename(party, moved);
                record(reference);
            }
        }
        self
    }
}

/// As people write it to ask for it: `ADOPTED`, `vessels ADDED`, `us-plan/28`, `hungary us-plan/28#nato`.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stage(stage) => f.write_str(&word(stage)),
            Self::Count(of, basis) => write!(f, "{of} {}", word(basis)),
            Self::What(what) => f.write_str(what),
            Self::Record(record) => write!(f, "{record}"),
            Self::Party(party) => write!(f, "{party}"),
            Self::PartyOn(party, record) => write!(f, "{party} {record}"),
        }
    }
}

/// A word of a closed set: `IN_PERSON`.
pub(crate) fn word(of: &impl Serialize) -> String {
    match serde_json::to_value(of) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Values in the making.
#[derive(Default)]
struct Found {
    values: Vec<Value>,
    /// Where the values are that say this of that.
    saying: HashMap<(ValueKey, String), Vec<usize>>,
}

impl Found {
    /// Adds a value with the events behind it.
    fn add(&mut self, value: Value) {
        let saying = self.saying.entry((value.key(), value.text.clone())).or_default();
        saying.push(self.values.len());
        self.values.push(value);
    }

    /// Adds what an event tells: where it is told already, the event agrees.
    fn tell(&mut self, value: Value, position: u64) {
        let known = self
            .saying
            .get(&(value.key(), value.text.clone()))
            .into_iter()
            .flatten();
        let known = known
            .copied()
            .find(|at| self.values.get(*at).is_some_and(|other| other.agrees(&value)));
        match known.and_then(|at| self.values.get_mut(at)) {
            Some(known) => known.behind.push(Behind {
                position,
                part: Part::Agrees,
            }),
            None => self.add(Value {
                behind: behind::deciding([position]),
                ..value
            }),
        }
    }
}

/// Every value that is shown of a dossier, by field, then by what they are of, then in the order of recording. Empty where
/// there is no such dossier.
#[must_use]
pub fn of_dossier(views: &Views, slug: &str) -> Vec<Value> {
    let Some((slug, _)) = views.timeline.dossier(slug).filter(|(_, mark)| !mark.gone) else {
        return Vec::new();
    };
    let mut found = Found::default();
    told::find(views, slug, &mut found);
    course::of(views, slug).into_iter().for_each(|value| found.add(value));
    if let Some(round) = views.rounds.get(slug.as_str()) {
        round::find(round, &mut found);
    }
    if let Some(meeting) = views.meetings.get(slug.as_str()) {
        meeting::of(views, meeting)
            .into_iter()
            .for_each(|value| found.add(value));
    }
    let mut values = found.values;
    values.iter_mut().for_each(|value| behind::sort(&mut value.behind));
    values.sort_by_cached_key(|value| (value.key(), value.told_by().next()));
    values
}

/// The values of a field of a dossier: all, or those of one subject as people write it. Where no subject is written so, its
/// case does not matter.
#[must_use]
pub fn of_field(views: &Views, slug: &str, field: ValueField, subject: Option<&str>) -> Vec<Value> {
    let mut found = of_dossier(views, slug);
    found.retain(|value| value.field == field);
    let Some(subject) = subject else {
        return found;
    };
    let own = |value: &Value| value.subject.as_ref().map(ToString::to_string).unwrap_or_default();
    let is_written_so = found.iter().any(|value| own(value) == subject);
    found.retain(|value| match is_written_so {
        true => own(value) == subject,
        false => own(value).eq_ignore_ascii_case(subject),
    });
    found
}
