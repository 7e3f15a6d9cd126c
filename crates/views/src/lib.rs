//! Read models: pure folds of the log, in memory, always rebuildable.
//!
//! Start with [`Views`], all of them together: [`Views::apply`] folds one recorded event into each. Every view is made of
//! persistent maps, so a clone is a few reference counts: readers keep a clone and never meet a half-applied event.

pub mod acts;
pub mod ahead;
pub mod alignment;
pub mod amendments;
pub mod changes;
pub mod claims;
pub mod commitments;
pub mod contradictions;
pub mod days;
pub mod diff;
pub mod digest;
pub mod entry;
pub mod expectations;
pub mod flags;
pub mod forecast;
pub mod issues;
pub mod leads;
pub mod links;
pub mod listings;
pub mod matrix;
pub mod meetings;
mod merged;
pub mod moment;
pub mod names;
pub mod origins;
pub mod parties;
pub mod permalink;
pub mod planned;
pub mod plans;
pub mod public;
pub mod rivals;
mod rough;
pub mod rounds;
mod sorted;
pub mod sources;
mod standing;
pub mod timeline;
pub mod told;
pub mod track;
pub mod values;
pub mod vocabulary;

use digest::Digest;
use moment::Moment;
use rapporteur_domain::event::Event;
use rapporteur_domain::fact::Home;
use rapporteur_log::{Hash, Recorded};
use std::sync::Arc;

/// A read model.
pub trait View: Clone + Default {
    /// Its name, for digests and messages.
    const NAME: &'static str;
    /// Raised whenever the same log would give other content.
    const VERSION: u32;

    /// Folds one event into the view. Events come once each, in the order of their positions, but for those of records that
    /// were moved: where the dossier that they are in now was opened later, they come right after what opened it.
    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event);

    /// Folds in what opened a dossier that was merged into the one it belongs to today, which is open already. By default
    /// nothing is learned from it: what the one that stays says of itself stands.
    fn apply_merged(&mut self, _recorded: &Arc<Recorded>, _event: &Event) {}

    /// One hash over every visible field.
    fn digest(&self) -> Digest;
}

/// How an event is folded into the views that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By [`View::apply`].
    Applied,
    /// By [`View::apply_merged`].
    Merged,
    /// Not at all: it does not stand.
    Passed,
}

macro_rules! views {
    (
        leading { $($(#[$lead_doc:meta])* $lead:ident: $lead_view:ty,)* }
        following { $($(#[$doc:meta])* $field:ident: $view:ty,)* }
    ) => {
        /// All read models at one position of the log.
        #[derive(Clone, Default)]
        pub struct Views {
            position: u64,
            hash: Option<Hash>,
            moment: Moment,
            $($(#[$lead_doc])* pub $lead: $lead_view,)*
            $($(#[$doc])* pub $field: $view,)*
        }

        /// The views that only follow: nobody asks them anything while events are folded, so they can be folded elsewhere.
        #[derive(Default)]
        pub struct Following {
            $($field: $view,)*
        }

        impl Following {
            /// Folds one event into each of them.
            pub fn apply(&mut self, recorded: &Arc<Recorded>, how: How) {
                match (&recorded.event, how) {
                    (Some(event), How::Applied) => {
                        $(self.$field.apply(recorded, event);)*
                    }
                    (Some(event), How::Merged) => {
                        $(self.$field.apply_merged(recorded, event);)*
                    }
                    (None, _) | (_, How::Passed) => {}
                }
            }
        }

        impl Views {
            /// Folds one event into every view. One that does not stand only moves the position.
            pub fn apply(&mut self, recorded: &Arc<Recorded>) {
                match (&recorded.event, self.lead(recorded)) {
                    (Some(event), How::Applied) => {
                        $(self.$field.apply(recorded, event);)*
                    }
                    (Some(event), How::Merged) => {
                        $(self.$field.apply_merged(recorded, event);)*
                    }
                    (None, _) | (_, How::Passed) => {}
                }
            }

            /// Folds one event into the views that lead: those that are asked how events are folded. Says how it goes into those
            /// that follow.
            pub fn lead(&mut self, recorded: &Arc<Recorded>) -> How {
                let how = match &recorded.event {
                    Some(event) if self.opens_again(event) => {
                        $(self.$lead.apply_merged(recorded, event);)*
                        How::Merged
                    }
                    Some(event) => {
                        $(self.$lead.apply(recorded, event);)*
                        How::Applied
                    }
                    None => How::Passed,
                };
                self.timeline.keep(recorded);
                self.amendments.keep(recorded);
                if recorded.header.position >= self.position {
                    self.position = recorded.header.position;
                    self.hash = Some(recorded.header.hash);
                }
                how
            }

            /// Takes out the views that follow, to be folded elsewhere.
            #[must_use]
            pub fn take_following(&mut self) -> Following {
                Following {
                    $($field: std::mem::take(&mut self.$field),)*
                }
            }

            /// Puts them back.
            pub fn put_following(&mut self, following: Following) {
                $(self.$field = following.$field;)*
            }

            /// Every view's name and digest.
            #[must_use]
            pub fn digests(&self) -> Vec<(&'static str, Digest)> {
                vec![
                    $((<$lead_view as View>::NAME, self.$lead.digest()),)*
                    $((<$view as View>::NAME, self.$field.digest()),)*
                ]
            }

            /// Every view's version, in the order of [`Views::digests`].
            #[must_use]
            pub fn versions(&self) -> Vec<u32> {
                vec![
                    $(<$lead_view as View>::VERSION,)*
                    $(<$view as View>::VERSION,)*
                ]
            }
        }
    };
}

views! {
    leading {
        /// Every dated or cited fact in the order of the world.
        timeline: timeline::Timeline,
        /// Names given later.
        names: names::Names,
        /// Corrections, retractions and redactions.
        amendments: amendments::Amendments,
    }
    following {
        /// Sanctions rounds.
        rounds: rounds::Rounds,
        /// Legal acts.
        acts: acts::Acts,
        /// Plans with their versions.
        plans: plans::Plans,
        /// Meetings and calls.
        meetings: meetings::Meetings,
        /// Issues, and positions on anything.
        issues: issues::Issues,
        /// Commitments.
        commitments: commitments::Commitments,
        /// Claims, expectations and happenings.
        claims: claims::Claims,
        /// Parties with their offices.
        parties: parties::Parties,
        /// Sources.
        sources: sources::Sources,
        /// Values that compete.
        rivals: rivals::Rivals,
        /// Leads.
        leads: leads::Leads,
        /// Links between records.
        links: links::Links,
        /// Topics and series.
        vocabulary: vocabulary::Vocabulary,
        /// What lies ahead.
        outlook: ahead::Outlook,
        /// What is odd.
        flags: flags::Flags,
        /// Since when the public could know.
        public: public::Publicity,
    }
}

impl Views {
    /// Whether an event opens a dossier that is open: one that was merged into it.
    fn opens_again(&self, event: &Event) -> bool {
        match event.fact().home() {
            Home::Opens(_, slug, _) | Home::OpensOrTells(_, slug, _, None, _) => {
                let known = self.timeline.dossier(slug.as_str());
                known.is_some_and(|(_, mark)| !mark.gone)
            }
            _ => false,
        }
    }

    /// The position of the last event folded in, or looked at and left out; 0 before the first.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The position and the hash of the last event folded in, or looked at and left out; `None` before the first.
    #[must_use]
    pub fn head(&self) -> Option<(u64, &Hash)> {
        Some((self.position, self.hash.as_ref()?))
    }

    /// Leaves out an event: only the head moves.
    pub fn pass(&mut self, position: u64, hash: Hash) {
        if position >= self.position {
            (self.position, self.hash) = (position, Some(hash));
        }
    }

    /// The moment that they show; the present unless [`Views::shown_as_of`] says otherwise.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// The same, known to show a moment that is not the present.
    #[must_use]
    pub fn shown_as_of(self, moment: Moment) -> Self {
        Self { moment, ..self }
    }
}
