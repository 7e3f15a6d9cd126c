//! What every recorded fact can be asked, whatever its kind.

use crate::common::{Participant, Quantity};
use crate::date::FuzzyDate;
use crate::evidence::{Citation, Evidence};
use crate::id::{DossierKind, Key, Slug};
use std::borrow::Cow;

/// Where a fact is kept: which record of which dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home<'a> {
    /// It opens a dossier of this kind, with this title.
    Opens(DossierKind, &'a Slug, Cow<'a, str>),
    /// It opens the dossier where it is not recorded yet; without a title it cannot. Where the dossier is recorded, it is
    /// a record inside it, by its key, or by one made up from this prefix.
    OpensOrTells(
        DossierKind,
        &'a Slug,
        Option<Cow<'a, str>>,
        Option<&'a Key>,
        &'static str,
    ),
    /// It is a version of a plan.
    Version(&'a Slug, &'a Key),
    /// It is a record inside a version of a plan.
    InVersion(&'a Slug, &'a Key, &'a Key),
    /// It tells more of a version of a plan: a record inside it, by its key, or by one made up from this prefix.
    OfVersion(&'a Slug, &'a Key, Option<&'a Key>, &'static str),
    /// It is a record inside a dossier or inside a record of it (`us-plan/28#nato`), by its key, or by one made up from this prefix.
    Record(&'a str, Option<&'a Key>, &'static str),
}

impl Home<'_> {
    /// The slug of the dossier.
    #[must_use]
    pub fn dossier(&self) -> &str {
        match self {
            Self::Opens(_, slug, _) | Self::OpensOrTells(_, slug, ..) => slug.as_str(),
            Self::Version(slug, _) | Self::InVersion(slug, _, _) | Self::OfVersion(slug, ..) => slug.as_str(),
            Self::Record(slug, _, _) => slug.split(['/', '#']).next().unwrap_or_default(),
        }
    }
}

/// A recorded fact.
pub trait Fact {
    /// Where it is kept.
    fn home(&self) -> Home<'_>;

    /// When it is true in the world, where it is dated.
    fn when(&self) -> Option<&FuzzyDate> {
        None
    }

    /// When it was said or came to pass, which the public can hardly have known later: where that is not when it is true in
    /// the world.
    fn told_on(&self) -> Option<&FuzzyDate> {
        self.when()
    }

    /// Whether it has a place on a timeline: whatever is dated, and what would be if its source gave a date.
    fn on_timeline(&self) -> bool {
        self.when().is_some()
    }

    /// What it says, in our words.
    fn summary(&self) -> Cow<'_, str>;

    /// Why we believe it; `None` for names and vocabulary, which need no evidence.
    fn evidence(&self) -> Option<&Evidence> {
        None
    }

    /// Everything that it cites, in the order in which it does.
    fn citations(&self) -> Vec<&Citation> {
        self.evidence()
            .map_or(&[][..], |evidence| &evidence.citations)
            .iter()
            .collect()
    }

    /// Its topics.
    fn topics(&self) -> &[Slug] {
        &[]
    }

    /// Calls `each` with every party that has a part in it.
    fn parties<'a>(&'a self, each: &mut dyn FnMut(&'a Slug)) {
        self.participants().iter().for_each(|p| named(p, each));
    }

    /// Its participants.
    fn participants(&self) -> &[Participant] {
        &[]
    }

    /// Its quantities.
    fn quantities(&self) -> &[Quantity] {
        &[]
    }

    /// Whether it moves its dossier on: said again after something else was, it is said anew. Anything else that is said
    /// again with the same content is there already.
    fn moves(&self) -> bool {
        false
    }

    /// Where its key stands, if it is a record whose key may be made up.
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        None
    }

    /// Calls `each` with every date it gives.
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        self.when().into_iter().for_each(each);
    }
}

/// The parties that a participant names.
pub(crate) fn named<'a>(participant: &'a Participant, each: &mut dyn FnMut(&'a Slug)) {
    each(&participant.party);
    participant.of.iter().for_each(each);
}
