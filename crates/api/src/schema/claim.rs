//! Claims, expectations and happenings.

use super::at::At;
use super::data::Data;
use super::date::DateOut;
use super::day::Day;
use super::entry::Entry;
use super::reference::{Reference, dossier, those};
use super::seen::Seen;
use super::vocabulary::Topic;
use super::words::Word;
use async_graphql::{Context, Object, SimpleObject};
use rapporteur_domain::claim::{HappeningKind, RecordHappening, Trend};
use rapporteur_domain::common::{Participant, Place, Quantity};
use rapporteur_domain::evidence::Evidence;
use rapporteur_domain::fact::{Fact, Home};
use rapporteur_domain::id::RecordRef;
use rapporteur_domain::round::Stage;
use rapporteur_views::Views;
use rapporteur_views::claims::Claim as Kept;
use rapporteur_views::expectations::{ExpectationState, Settled, overdue, settled};
use rapporteur_views::told::Told;
use std::sync::Arc;

/// A claim or an expectation.
pub(super) struct Claim {
    seen: Seen,
    kept: Kept,
}

impl Claim {
    /// The claim that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let kept = seen.views.claims.get(&seen.slug)?.clone();
        Some(Self { seen, kept })
    }

    /// What is expected of a dossier or anything in it, in the order of recording.
    pub(super) fn expected_of(seen: &Seen) -> Vec<Self> {
        let about = seen.views.claims.about(&seen.slug);
        let expected = about.filter(|(_, kept)| matches!(kept, Kept::Expected(_)));
        expected
            .map(|(slug, kept)| Self {
                seen: Seen::new(&seen.views, slug.as_str()),
                kept: kept.clone(),
            })
            .collect()
    }

    fn fact(&self) -> &dyn Fact {
        match &self.kept {
            Kept::Asserted(told) => &*told.fact,
            Kept::Expected(told) => &*told.fact,
        }
    }

    fn targets(&self) -> &[RecordRef] {
        match &self.kept {
            Kept::Asserted(told) => &told.fact.about,
            Kept::Expected(told) => std::slice::from_ref(&told.fact.of),
        }
    }
}

/// The title of a fact that opens its dossier.
fn title_of(fact: &dyn Fact) -> String {
    match fact.home() {
        Home::Opens(_, _, title) => title.into_owned(),
        _ => fact.summary().into_owned(),
    }
}

/// What became of an expectation.
pub(super) struct ExpectationOutcome {
    views: Arc<Views>,
    settled: Settled,
    overdue: Option<i64>,
}

/// What became of an expectation.
#[Object]
impl ExpectationOutcome {
    /// In one word. `OPEN` and overdue are told apart by `daysOverdue`.
    async fn state(&self) -> Word<ExpectationState> {
        Word(self.settled.state)
    }
    /// Days between the nearest end of its window and the day on which it came: 0 inside the window, negative before it
    /// opened. Null where nothing came, where it was called off, and where a source doubts the dates. An `OPEN` one with a
    /// slip came on a day that may lie in the window and may not.
    async fn slip(&self) -> Option<DayRange> {
        self.settled.slip.map(|slip| DayRange {
            least: slip.least,
            most: slip.most,
        })
    }
    /// Days from the end of its window to the nearest possible day, where it was missed.
    async fn missed_by_days(&self) -> Option<i64> {
        let missed = self.settled.state == ExpectationState::Missed;
        self.settled.slip.filter(|_| missed)?.least
    }
    /// For how many days it is overdue: its window is surely over, and nothing says that it came. Null where it is not.
    async fn days_overdue(&self) -> Option<i64> {
        self.overdue
    }
    /// A record calls it off or ends it, and none says that it came.
    async fn called_off(&self) -> bool {
        self.settled.called_off
    }
    /// The entries that say that it came, or that call it off, the first recorded first: stages of the round, and what is
    /// linked to it as fulfilling, cancelling or ending it.
    async fn settled_by(&self) -> Vec<Entry> {
        let lines = self.settled.by.iter().filter_map(|p| self.views.timeline.entry(*p));
        lines.map(|line| Entry::new(&self.views, line)).collect()
    }
}

/// Days, as far as fuzzy dates tell.
#[derive(SimpleObject)]
pub(super) struct DayRange {
    /// The least that they can be; null where a date is open on that side.
    pub(super) least: Option<i64>,
    /// The most that they can be; null where a date is open on that side.
    pub(super) most: Option<i64>,
}

dossier! {
    /// An attributed assertion; with a window, an expectation. Who says it stands in the evidence's attributions.
    Claim, Claim, {
        /// Its title, or its summary cut short.
        pub(super) async fn title(&self) -> String {
            self.seen.titled(|| title_of(self.fact()))
        }
        /// What is claimed, in our words.
        async fn summary(&self) -> String {
            self.fact().summary().into_owned()
        }
        /// What it is about; of what it is expected.
        async fn about(&self) -> Vec<Reference> {
            self.targets().iter().map(|r| Reference::new(&self.seen.views, r.as_str())).collect()
        }
        /// When it was said or reported.
        async fn claimed_on(&self) -> DateOut {
            DateOut::new(match &self.kept {
                Kept::Asserted(told) => &told.fact.claimed_on,
                Kept::Expected(told) => &told.fact.claimed_on,
            })
        }
        /// The window within which it is expected; null for a claim that is no expectation.
        async fn expected_in(&self) -> Option<DateOut> {
            match &self.kept {
                Kept::Expected(told) => Some(DateOut::new(&told.fact.expected_in)),
                Kept::Asserted(_) => None,
            }
        }
        /// The stage that a round is expected to reach.
        async fn stage(&self) -> Option<Word<Stage>> {
            match &self.kept {
                Kept::Expected(told) => told.fact.stage.map(Word),
                Kept::Asserted(_) => None,
            }
        }
        /// What became of the expectation; null for a claim that is none.
        async fn outcome(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The day on which it is overdue or not. Default: today, in the desk's time zone.")] on: Option<Day>,
        ) -> async_graphql::Result<Option<ExpectationOutcome>> {
            let Kept::Expected(told) = &self.kept else { return Ok(None) };
            let day = At::of(&self.seen.views).day(ctx, on)?;
            let settled = settled(&self.seen.views, &told.fact);
            let overdue = overdue(&told.fact, &settled, day);
            Ok(Some(ExpectationOutcome { views: Arc::clone(&self.seen.views), settled, overdue }))
        }
        /// Who else has a part in it.
        async fn participants(&self) -> Vec<Data<Participant>> {
            Data::all(&self.seen.views, self.fact().participants())
        }
        /// The numbers claimed.
        async fn quantities(&self) -> Vec<Data<Quantity>> {
            Data::all(&self.seen.views, self.fact().quantities())
        }
        /// The places it speaks of.
        async fn places(&self) -> Vec<Data<Place>> {
            match &self.kept {
                Kept::Asserted(told) => Data::all(&self.seen.views, &told.fact.places),
                Kept::Expected(_) => Vec::new(),
            }
        }
        /// Which way it is said to be going.
        async fn trend(&self) -> Option<Word<Trend>> {
            match &self.kept {
                Kept::Asserted(told) => told.fact.trend.map(Word),
                Kept::Expected(_) => None,
            }
        }
        /// Said several times.
        async fn recurring(&self) -> bool {
            matches!(&self.kept, Kept::Asserted(told) if told.fact.recurring)
        }
        /// Its topics.
        async fn topics(&self) -> Vec<Topic> {
            those(&self.seen.views, self.fact().topics(), Topic::of)
        }
        /// Why we believe that it was said.
        async fn evidence(&self) -> Option<Data<Evidence>> {
            self.fact().evidence().map(|e| Data::new(&self.seen.views, e))
        }
        /// What contradicts it. Values are never merged.
        async fn contradicted_by(&self) -> Vec<Entry> {
            let entry = self.seen.views.timeline.entry(self.kept.position());
            entry.map(|line| Entry::new(&self.seen.views, line).contradicting()).unwrap_or_default()
        }
    }
}

/// A happening.
pub(super) struct Happening {
    seen: Seen,
    told: Told<RecordHappening>,
}

impl Happening {
    /// The happening that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let told = seen.views.claims.happening(&seen.slug)?.clone();
        Some(Self { seen, told })
    }
}

dossier! {
    /// Whatever else is dated: a truce, an exchange, a vote, a statement, background.
    Happening, Happening, {
        /// Its title, or its summary cut short.
        pub(super) async fn title(&self) -> String {
            self.seen.titled(|| title_of(&*self.told.fact))
        }
        /// What kind of happening it is.
        async fn happening_kind(&self) -> Word<HappeningKind> {
            Word(self.told.fact.kind)
        }
        /// What happened, in our words.
        async fn summary(&self) -> &str {
            self.told.fact.summary.as_str()
        }
        /// When it happened.
        async fn happened_on(&self) -> DateOut {
            DateOut::new(&self.told.fact.happened_on)
        }
        /// Where.
        async fn places(&self) -> Vec<Data<Place>> {
            Data::all(&self.seen.views, &self.told.fact.places)
        }
        /// Who had a part in it.
        async fn participants(&self) -> Vec<Data<Participant>> {
            Data::all(&self.seen.views, &self.told.fact.participants)
        }
        /// How much, how many.
        async fn quantities(&self) -> Vec<Data<Quantity>> {
            Data::all(&self.seen.views, &self.told.fact.quantities)
        }
        /// What else it is about.
        async fn about(&self) -> Vec<Reference> {
            self.told.fact.about.iter().map(|r| Reference::new(&self.seen.views, r.as_str())).collect()
        }
        /// It happened several times.
        async fn recurring(&self) -> bool {
            self.told.fact.recurring
        }
        /// Its topics.
        async fn topics(&self) -> Vec<Topic> {
            those(&self.seen.views, &self.told.fact.topics, Topic::of)
        }
        /// Why we believe it.
        async fn evidence(&self) -> Data<Evidence> {
            Data::new(&self.seen.views, &self.told.fact.evidence)
        }
    }
}
