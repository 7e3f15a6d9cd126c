//! Sanctions rounds.

use super::act::Act;
use super::claim::Claim;
use super::data::Data;
use super::date::DateOut;
use super::entry::Entry;
use super::filter::one_of;
use super::party::Party;
use super::reference::{dossier, those};
use super::rounds::{Alignment, Forecast, PlannedDate};
use super::seen::Seen;
use super::vocabulary::Topic;
use super::words::Word;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Object, SimpleObject};
use rapporteur_domain::act::{RecordCount, RecordMeasure, RecordMirror};
use rapporteur_domain::common::Quantity;
use rapporteur_domain::evidence::Evidence;
use rapporteur_domain::id::Slug;
use rapporteur_domain::round::{RecordStage, Stage};
use rapporteur_views::days::{Days, Rank, between, held_for, rank};
use rapporteur_views::forecast::forecast;
use rapporteur_views::listings::Listing;
use rapporteur_views::rounds::{Reached as KeptStage, Round as Kept};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A round.
pub(super) struct Round {
    seen: Seen,
    kept: Arc<Kept>,
}

impl Round {
    /// The round that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let kept = Arc::clone(seen.views.rounds.get(&seen.slug)?);
        Some(Self { seen, kept })
    }
}

dossier! {
    /// A sanctions package and the stages that it passes.
    Round, Round, {
        /// Its title.
        pub(super) async fn title(&self) -> String {
            self.seen.titled(|| self.kept.opened.fact.title.to_string())
        }
        /// Its number, where it has one: an alias only.
        async fn number(&self) -> Option<u32> {
            self.kept.opened.fact.number
        }
        /// Other names it goes by.
        async fn aliases(&self) -> Vec<String> {
            self.kept.opened.fact.aliases.iter().map(ToString::to_string).collect()
        }
        /// Who imposes it.
        async fn senders(&self) -> Vec<Party> {
            those(&self.seen.views, &self.kept.opened.fact.senders, Party::of)
        }
        /// Against whom.
        async fn target(&self) -> Option<Party> {
            Party::of(Seen::new(&self.seen.views, self.kept.opened.fact.target.as_str()))
        }
        /// What it is, in our words.
        async fn summary(&self) -> Option<&str> {
            self.kept.opened.fact.summary.as_ref().map(|s| s.as_str())
        }
        /// Its topics.
        async fn topics(&self) -> Vec<Topic> {
            those(&self.seen.views, &self.kept.opened.fact.topics, Topic::of)
        }
        /// Why we believe that there is such a round.
        async fn evidence(&self) -> Option<Data<Evidence>> {
            self.kept.opened.fact.evidence.as_ref().map(|e| Data::new(&self.seen.views, e))
        }
        /// The stage that it stands at: the one reached last; null where none is recorded.
        async fn stage(&self) -> Option<Word<Stage>> {
            self.kept.stage().map(Word)
        }
        /// The stages it reached, in the order of the world; rival dates stand side by side.
        async fn path(
            &self,
            #[graphql(desc = "Only these stages, such as `BLOCKED` and `RESERVED`. Default: all.")] stages: Option<
                Vec<Word<Stage>>,
            >,
        ) -> Vec<StageReached> {
            let wanted = self.kept.path().into_iter().filter(|s| one_of(stages.as_deref(), s.stage));
            wanted.map(|s| StageReached { seen: self.seen.clone(), kept: s.clone() }).collect()
        }
        /// Days from one stage to another; null where one of them is not recorded, or has no date. Stages that may come in
        /// either order, such as `BLOCKED` and `DISCUSSED`, can be asked for both ways, and the days are negative where the
        /// second came first; for stages that cannot, such as `ADOPTED` to `PROPOSED`, the answer is an error.
        async fn days(
            &self,
            #[graphql(desc = "The stage from which to count, e.g. `PROPOSED`.")] from: Word<Stage>,
            #[graphql(desc = "The stage to which to count, e.g. `ADOPTED`: another one, and none that always comes before.")]
            to: Word<Stage>,
        ) -> Result<Option<StageDays>, ApiError> {
            in_order(from, to)?;
            let days = between(&self.kept, from.0, to.0);
            Ok(days.map(|Days { least, most, doubted }| StageDays { least, most, doubted }))
        }
        /// Where it stands among the rounds of the same senders against the same target, by the days from one stage to
        /// another, the shortest first; the stages are asked for as in `days`. Where stages may come in either order,
        /// negative days are the shortest.
        async fn rank(
            &self,
            #[graphql(desc = "The stage from which to count, e.g. `PROPOSED`.")] from: Word<Stage>,
            #[graphql(desc = "The stage to which to count, e.g. `ADOPTED`: another one, and none that always comes before.")]
            to: Word<Stage>,
        ) -> Result<Option<StageRank>, ApiError> {
            in_order(from, to)?;
            let rank = rank(&self.seen.views.rounds, &self.seen.slug, from.0, to.0);
            Ok(rank.map(|rank| StageRank { seen: self.seen.clone(), rank }))
        }
        /// What it answers.
        async fn trigger(&self) -> Option<&str> {
            self.kept.opened.fact.trigger.as_ref().map(|t| t.as_str())
        }
        /// How it is counted, and why otherwise elsewhere.
        async fn numbering(&self) -> Option<&str> {
            self.kept.opened.fact.numbering.as_ref().map(|n| n.as_str())
        }
        /// Its place among numbered rounds: its number, or what stands for it.
        async fn order(&self) -> Option<f64> {
            self.kept.opened.fact.order.or(self.kept.opened.fact.number.map(f64::from))
        }
        /// Its measures, the first recorded first.
        async fn measures(&self) -> Vec<Data<RecordMeasure>> {
            self.kept.measures.iter().map(|told| Data::new(&self.seen.views, told.fact.as_ref())).collect()
        }
        /// What was counted of it, the first recorded first; numbers of different kinds are never added up.
        async fn counts(&self) -> Vec<Data<RecordCount>> {
            self.kept.counts.iter().map(|told| Data::new(&self.seen.views, told.fact.as_ref())).collect()
        }
        /// What it put on lists and took off them, gross and net, against the totals that are stated; by kind. Unknown parts
        /// leave `agrees` null: only recorded, exact numbers are reckoned with.
        async fn listings(
            &self,
            #[graphql(desc = "Only this kind: `vessels`, `persons`. Default: all.")] kind: Option<String>,
        ) -> Vec<RoundListing> {
            let found = rapporteur_views::listings::of_round(&self.seen.views.rounds, &self.seen.slug);
            let wanted = found.into_iter().filter(|l| kind.as_deref().is_none_or(|kind| kind == l.kind.as_str()));
            wanted.map(|kept| RoundListing { seen: self.seen.clone(), kept }).collect()
        }
        /// Its acts.
        async fn acts(&self) -> Vec<Act> {
            those(&self.seen.views, self.seen.views.acts.of_round(&self.seen.slug), Act::of)
        }
        /// The rounds of other senders that it mirrors, or the rule by which it will.
        async fn mirrors(&self) -> Vec<Data<RecordMirror>> {
            self.kept.mirrors.iter().map(|told| Data::new(&self.seen.views, told.fact.as_ref())).collect()
        }
        /// The rounds of other senders that mirror it.
        async fn mirrored_by(&self) -> Vec<Round> {
            let views = &self.seen.views;
            those(views, views.rounds.mirroring(&self.seen.slug), Round::of)
        }
        /// How long after the rounds that it mirrors it came, each as often as that is recorded.
        async fn alignments(&self) -> Vec<Alignment> {
            let found = rapporteur_views::alignment::of_round(&self.seen.views.rounds, &self.seen.slug);
            found.into_iter().map(|kept| Alignment::new(&self.seen.views, kept)).collect()
        }
        /// What completed rounds of the same senders against the same target took from the stage at which it stands to
        /// another, and the days which that would give. Null where it has reached that stage, or where no stage is recorded.
        async fn forecast(
            &self,
            #[graphql(desc = "The stage to look ahead to, e.g. `ADOPTED`.")] to: Word<Stage>,
            #[graphql(desc = "A stage that it has reached, from which to count. Default: the one at which it stands.")]
            from: Option<Word<Stage>>,
        ) -> Result<Option<Forecast>, ApiError> {
            if let Some(from) = from {
                in_order(from, to)?;
            }
            let found = forecast(&self.seen.views.rounds, &self.seen.slug, from.map(|word| word.0), to.0);
            Ok(found.map(|kept| Forecast::new(&self.seen.views, kept)))
        }
        /// Planned against actual: expectations of it, and deadlines of its procedures, against when it came; the first
        /// recorded first.
        async fn planned(&self) -> Vec<PlannedDate> {
            let found = rapporteur_views::planned::of_round(&self.seen.views, &self.seen.slug);
            found.into_iter().map(|kept| PlannedDate::new(&self.seen.views, kept)).collect()
        }
        /// What is expected of it.
        async fn expectations(&self) -> Vec<Claim> {
            Claim::expected_of(&self.seen)
        }
    }
}

/// Refuses stages between which there are no days to be had.
pub(super) fn in_order(from: Word<Stage>, to: Word<Stage>) -> Result<(), ApiError> {
    let (first, second) = (from.text(), to.text());
    let message = if from == to {
        format!("`from` and `to` are both `{first}`; name two stages")
    } else if to.0.precedes(from.0) {
        format!("`to`: a round reaches `{second}` before `{first}`, never after it; swap `from` and `to`")
    } else {
        return Ok(());
    };
    Err(ApiError::new(ErrorCode::BadUserInput, message))
}

/// Days from one stage to another, over all dates recorded of either.
#[derive(SimpleObject)]
pub(super) struct StageDays {
    /// The least that the dates allow; null where one of them is open on that side. Negative where the second may come first.
    pub(super) least: Option<i64>,
    /// The most that the dates allow; null where one of them is open on that side.
    pub(super) most: Option<i64>,
    /// A source doubts one of the dates, so that the days may be others altogether.
    pub(super) doubted: bool,
}

/// The median of days, as far as fuzzy dates tell.
#[derive(SimpleObject)]
pub(super) struct MedianDays {
    /// The least that it can be.
    pub(super) least: f64,
    /// The most that it can be.
    pub(super) most: f64,
}

/// A place among rounds.
pub(super) struct StageRank {
    seen: Seen,
    rank: Rank,
}

/// Where a round stands among others by the days between two stages.
#[Object]
impl StageRank {
    /// Its place, from 1; equals share one. Null where fuzzy dates allow several, or where the round cannot be compared.
    async fn place(&self) -> Option<usize> {
        self.rank.best.filter(|best| Some(*best) == self.rank.worst)
    }
    /// The best place that the dates allow; null where the round cannot be compared.
    async fn best_place(&self) -> Option<usize> {
        self.rank.best
    }
    /// The worst place that the dates allow; null where the round cannot be compared.
    async fn worst_place(&self) -> Option<usize> {
        self.rank.worst
    }
    /// How many rounds are compared.
    async fn of(&self) -> usize {
        self.rank.of
    }
    /// The median of all that are compared; null where there are none.
    async fn median(&self) -> Option<MedianDays> {
        self.rank.median.map(|(least, most)| MedianDays { least, most })
    }
    /// Rounds with both stages that are not compared: a date is doubted, or open on one side.
    async fn left_out(&self) -> Vec<Round> {
        those(&self.seen.views, &self.rank.left_out, Round::of)
    }
}

/// A listing.
pub(super) struct RoundListing {
    seen: Seen,
    kept: Listing,
}

/// What a round did to the list of one kind of thing: gross, net, and whether the stated total adds up.
#[Object]
impl RoundListing {
    /// What is listed: `vessels`, `persons`, `entities`.
    async fn kind(&self) -> &str {
        self.kept.kind.as_str()
    }
    /// Put on the list: gross; null where no one exact number is recorded.
    async fn added(&self) -> Option<f64> {
        self.kept.added.exact()
    }
    /// Taken off it: gross; null where no one exact number is recorded.
    async fn removed(&self) -> Option<f64> {
        self.kept.removed.exact()
    }
    /// Put on minus taken off; null where either is null.
    async fn net(&self) -> Option<f64> {
        self.kept.net()
    }
    /// All that are listed afterwards, as stated; null where no one exact number is recorded.
    async fn stated_total(&self) -> Option<f64> {
        self.kept.stated.exact()
    }
    /// The last round of the same senders against the same target, adopted before, whose total is stated.
    async fn total_before_of(&self) -> Option<Round> {
        let (slug, _) = self.kept.before.as_ref()?;
        Round::of(Seen::new(&self.seen.views, slug.as_str()))
    }
    /// That total.
    async fn total_before(&self) -> Option<f64> {
        self.kept.before.as_ref().map(|(_, total)| *total)
    }
    /// The total that the recorded numbers make: the one before, plus what was added since, minus what was taken off as far
    /// as that is recorded; null where a number is missing.
    async fn running_total(&self) -> Option<f64> {
        self.kept.sum
    }
    /// Whether the stated total is the running one; null where that is open.
    async fn agrees(&self) -> Option<bool> {
        self.kept.agrees
    }
    /// Why that is open, or what differs; null where it agrees.
    async fn reason(&self) -> Option<&str> {
        self.kept.reason.as_deref()
    }
    /// The counts behind it, the first recorded first.
    async fn counts(&self) -> Vec<Data<RecordCount>> {
        let round = self.seen.views.rounds.get(&self.seen.slug);
        let counts = round.into_iter().flat_map(|r| &r.counts);
        let ours = counts.filter(|c| c.fact.of == self.kept.kind);
        ours.map(|told| Data::new(&self.seen.views, told.fact.as_ref()))
            .collect()
    }
}

/// A stage reached.
pub(super) struct StageReached {
    seen: Seen,
    kept: KeptStage,
}

impl StageReached {
    /// What the first record to say so says.
    fn first<'a, T>(&'a self, what: impl Fn(&'a RecordStage) -> Option<&'a T>) -> Option<&'a T> {
        self.kept.told.iter().find_map(|told| what(&told.fact))
    }

    /// The parties of every record, each once.
    fn everybody(&self, who: impl Fn(&RecordStage) -> &Vec<Slug>) -> Vec<Party> {
        let slugs: BTreeSet<&Slug> = self.kept.told.iter().flat_map(|told| who(&told.fact)).collect();
        those(&self.seen.views, slugs, Party::of)
    }
}

/// A stage that a round reached on one occasion: on a date, by whom and where. Records that say the same stand together,
/// others are stages reached of their own.
#[Object]
impl StageReached {
    /// The stage.
    async fn stage(&self) -> Word<Stage> {
        Word(self.kept.stage)
    }
    /// When it was reached, or the day on which the source says so.
    async fn reached_on(&self) -> DateOut {
        DateOut::new(&self.kept.reached_on)
    }
    /// Where: "Coreper".
    async fn body(&self) -> Option<&str> {
        self.first(|t| t.body.as_ref()).map(|b| b.as_str())
    }
    /// Who acted: the proposer, the blockers.
    async fn by(&self) -> Vec<Party> {
        self.everybody(|t| &t.by)
    }
    /// Why.
    async fn reason(&self) -> Option<&str> {
        self.first(|t| t.reason.as_ref()).map(|r| r.as_str())
    }
    /// What may have lifted it, where it held the round up: the recorded liftings that do not come surely before it and
    /// name one of the same parties, as far as both name any. Empty: no record of what lifted it.
    async fn lifted_by(&self) -> Vec<Self> {
        let round = self.seen.views.rounds.get(&self.seen.slug);
        let path = round.map(|round| round.path()).unwrap_or_default();
        let lifting = path.into_iter().filter(|other| self.kept.may_be_lifted_by(other));
        lifting
            .map(|kept| Self {
                seen: self.seen.clone(),
                kept: kept.clone(),
            })
            .collect()
    }
    /// Days for which it held the round up: from it to the first that may have lifted it. Null where it held nothing up,
    /// and where no lifting is recorded.
    async fn held_for(&self) -> Option<StageDays> {
        let round = self.seen.views.rounds.get(&self.seen.slug)?;
        held_for(round, &self.kept).map(|Days { least, most, doubted }| StageDays { least, most, doubted })
    }
    /// Who reserves a position.
    async fn reservations(&self) -> Vec<Party> {
        self.everybody(|t| &t.reservations)
    }
    /// The numbers in it.
    async fn quantities(&self) -> Vec<Data<Quantity>> {
        let quantities = self.kept.told.iter().flat_map(|told| &told.fact.quantities);
        quantities
            .map(|quantity| Data::new(&self.seen.views, quantity))
            .collect()
    }
    /// Who voiced concerns.
    async fn concerns(&self) -> Vec<Party> {
        self.everybody(|t| &t.concerns)
    }
    /// Until when a procedure runs.
    async fn deadline(&self) -> Option<DateOut> {
        self.first(|t| t.deadline.as_ref()).map(DateOut::new)
    }
    /// What the source says, in our words.
    async fn summary(&self) -> Option<&str> {
        self.first(|t| t.summary.as_ref()).map(|s| s.as_str())
    }
    /// Why we believe it: one for each record that says so.
    async fn evidence(&self) -> Vec<Data<Evidence>> {
        self.kept
            .told
            .iter()
            .map(|t| Data::new(&self.seen.views, &t.fact.evidence))
            .collect()
    }
    /// The entries that say so.
    async fn entries(&self) -> Vec<Entry> {
        let views = &self.seen.views;
        let lines = self.kept.told.iter().filter_map(|t| views.timeline.entry(t.position));
        lines.map(|line| Entry::new(views, line)).collect()
    }
}
