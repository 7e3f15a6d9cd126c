//! Legal acts.

use super::data::Data;
use super::date::DateOut;
use super::page::{Asked, Page, Total, page};
use super::party::Party;
use super::place::Logged;
use super::reference::{dossier, those};
use super::round::Round;
use super::row::Row;
use super::seen::Seen;
use super::vocabulary::Topic;
use super::words::Word;
use crate::http::ApiError;
use async_graphql::Result;
use imbl::Vector;
use rapporteur_domain::act::{ActKind, RecordAct};
use rapporteur_domain::evidence::Evidence;
use rapporteur_views::told::Told;
use std::sync::Arc;

/// An act.
pub(super) struct Act {
    seen: Seen,
    kept: Told<RecordAct>,
}

impl Act {
    /// The act that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let kept = seen.views.acts.get(&seen.slug)?.clone();
        Some(Self { seen, kept })
    }

    fn amending(&self, asked: &Asked) -> Result<Page<Self>, ApiError> {
        let acts = &self.seen.views.acts;
        let slugs = acts.amending(&self.seen.slug);
        let row = Row {
            len: slugs.map_or(0, Vector::len),
            at: |number| Some(Logged::at(acts.get(slugs?.get(number)?.as_str())?.position)),
            item: |number| Self::of(Seen::new(&self.seen.views, slugs?.get(number)?.as_str())),
        };
        page(&row, Total::Known(row.len), asked, |act| act)
    }

    fn fact(&self) -> &Arc<RecordAct> {
        &self.kept.fact
    }
}

dossier! {
    /// A legal act: one of a round's, one between rounds, or the base act that others amend.
    Act, Act, {
        /// What people call it, or the act as it is cited.
        pub(super) async fn title(&self) -> String {
            let title = self.fact().title.as_ref().or(self.fact().number.as_ref());
            self.seen.titled(|| title.map_or_else(|| self.seen.slug.to_string(), ToString::to_string))
        }
        /// What kind of act it is; null where that is not known.
        async fn act_kind(&self) -> Option<Word<ActKind>> {
            self.fact().kind.map(Word)
        }
        /// The act as it is cited: "Council Regulation (EU) 2025/1494".
        async fn number(&self) -> Option<&str> {
            self.fact().number.as_ref().map(|n| n.as_str())
        }
        /// Its CELEX number.
        async fn celex(&self) -> Option<&str> {
            self.fact().celex.as_ref().map(|c| c.as_str())
        }
        /// Its European Legislation Identifier.
        async fn eli(&self) -> Option<&str> {
            self.fact().eli.as_ref().map(|e| e.as_str())
        }
        /// How CELEX and ELI were arrived at, where they were not looked up.
        async fn identifiers_basis(&self) -> Option<&str> {
            self.fact().identifiers_basis.as_ref().map(|b| b.as_str())
        }
        /// The acts that it amends.
        async fn amends(&self) -> Vec<Act> {
            those(&self.seen.views, &self.fact().amends, Act::of)
        }
        /// What it amends or opens, in the source's words.
        async fn amends_words(&self) -> Vec<&str> {
            self.fact().amends_words.iter().map(|w| w.as_str()).collect()
        }
        /// The acts that amend it, the first recorded first.
        async fn amended_by(
            &self,
            #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
            first: Option<i32>,
            #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
            #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
            #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        ) -> Result<Page<Act>> {
            let asked = Asked { first, after, last, before };
            Ok(self.amending(&asked)?)
        }
        /// The rounds that it belongs to; none for acts between rounds.
        async fn rounds(&self) -> Vec<Round> {
            those(&self.seen.views, &self.fact().rounds, Round::of)
        }
        /// Who made it.
        async fn by(&self) -> Vec<Party> {
            those(&self.seen.views, &self.fact().by, Party::of)
        }
        /// The date it bears: when it was adopted.
        async fn adopted_on(&self) -> Option<DateOut> {
            self.fact().adopted_on.as_ref().map(DateOut::new)
        }
        /// When it was published in the official journal.
        async fn published_on(&self) -> Option<DateOut> {
            self.fact().published_on.as_ref().map(DateOut::new)
        }
        /// From when it applies.
        async fn applies_from(&self) -> Option<DateOut> {
            self.fact().applies_from.as_ref().map(DateOut::new)
        }
        /// Until when it applies.
        async fn applies_until(&self) -> Option<DateOut> {
            self.fact().applies_until.as_ref().map(DateOut::new)
        }
        /// What it does, in our words.
        async fn summary(&self) -> Option<&str> {
            self.fact().summary.as_ref().map(|s| s.as_str())
        }
        /// Its topics.
        async fn topics(&self) -> Vec<Topic> {
            those(&self.seen.views, &self.fact().topics, Topic::of)
        }
        /// Why we believe it.
        async fn evidence(&self) -> Option<Data<Evidence>> {
            self.fact().evidence.as_ref().map(|e| Data::new(&self.seen.views, e))
        }
    }
}
