//! What every recorded fact can be asked, whatever its kind.

use crate::common::{Participant, Quantity};
use crate::date::FuzzyDate;
use crate::evidence::Evidence;
use crate::id::{DossierKind, Key, Slug};
use std::borrow::Cow;

/// Where a fact is kept: which record of which dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home<'a> {
    /// It opens a dossier of this kind, with this title.
    Opens(DossierKind, &'a Slug, Cow<'a, str>),
    /// It opens the dossier where it is not recorded yet, and tells more of it where it is. Without a title it cannot open.
    OpensOrTells(DossierKind, &'a Slug, Option<Cow<'a, str>>),
    /// It tells more of a dossier, as a whole.
    Tells(&'a str),
    /// It is a version of a plan.
    Version(&'a Slug, &'a Key),
    /// It is a record inside a version of a plan.
    InVersion(&'a Slug, &'a Key, &'a Key),
    /// It is a record inside a dossier or a part of it (`us-plan/28`), by its key, or by one made up from this prefix.
    Record(&'a str, Option<&'a Key>, &'static str),
}

impl Home<'_> {
    /// The slug of the dossier.
    #[must_use]
    pub fn dossier(&self) -> &str {
        match self {
            Self::Opens(_, slug, _) | Self::OpensOrTells(_, slug, _) => slug.as_str(),
            Self::Version(slug, _) | Self::InVersion(slug, _, _) => slug.as_str(),
            Self::Tells(slug) | Self::Record(slug, _, _) => slug.split(['/', '#']).next().unwrap_or_default(),
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

    /// What it says, in our words.
    fn summary(&self) -> Cow<'_, str>;

    /// Why we believe it; `None` for names and vocabulary, which need no evidence.
    fn evidence(&self) -> Option<&Evidence> {
        None
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

    /// Fills in the key that was made up for it.
    fn set_key(&mut self, _key: Key) {}
}

/// The parties that a participant names.
pub(crate) fn named<'a>(participant: &'a Participant, each: &mut dyn FnMut(&'a Slug)) {
    each(&participant.party);
    participant.of.iter().for_each(each);
}
