//! Shapes that many records share: quantities, places, participants.

use crate::evidence::Hedge;
use crate::id::Slug;
use crate::text::{Country, Line, Prose};

record! {
    /// A number as a source gives it: exact, a range with open or closed ends, or only words.
    pub struct Quantity {
        /// What is counted: "multinational force".
        #[n(0)] req what: Line,
        /// The number, where one is given.
        #[n(1)] opt value: f64,
        /// The lower end of a range.
        #[n(2)] opt min: f64,
        /// The upper end of a range.
        #[n(3)] opt max: f64,
        /// The lower end itself is out: "more than 30".
        #[n(4)] flag min_exclusive,
        /// The upper end itself is out: "fewer than 100".
        #[n(5)] flag max_exclusive,
        /// The unit: "troops", "percent", "EUR".
        #[n(6)] opt unit: Line,
        /// "About", "closer to", "some".
        #[n(7)] flag approximate,
        /// The source's own words where no number is given: "several thousand".
        #[n(8)] opt words: Line,
        /// Who gives the number, where it is not the record's speaker.
        #[n(9)] opt claimant: Line,
        /// What to know about the number.
        #[n(10)] opt note: Prose,
    }
}

record! {
    /// Where something happens.
    pub struct Place {
        /// The place as people call it: "Élysée Palace, Paris".
        #[n(0)] req name: Line,
        /// Its country, where there is one.
        #[n(1)] opt country: Country,
    }
}

closed_set! {
    /// How somebody takes part. Absence is a fact too.
    pub enum Mode {
        /// In the room.
        #[n(0)] InPerson,
        /// By video.
        #[n(1)] Online,
        /// By telephone.
        #[n(2)] Phone,
        /// Asked to come; whether they do is not known.
        #[n(3)] Invited,
        /// Said to be coming.
        #[n(4)] Expected,
        /// Not there, or said not to be coming.
        #[n(5)] Absent,
        /// Named, without a word on how.
        #[n(6)] Unknown,
    }
}

record! {
    /// Who takes part, in which role on that day, and how.
    pub struct Participant {
        /// The person, state or body.
        #[n(0)] req party: Slug => Party,
        /// The role on that day: "President".
        #[n(1)] opt role: Line,
        /// On whose behalf: the state or body.
        #[n(2)] opt of: Slug => Party,
        /// How they take part; nothing means that the source does not say.
        #[n(3)] opt mode: Mode,
        /// Why they are absent or take part in this way.
        #[n(4)] opt reason: Prose,
        /// How firmly the mode is put: an expected absence is `ABSENT` with the hedge `EXPECTED`.
        #[n(5)] opt hedge: Hedge,
    }
}

record! {
    /// Who says of whom that they broke what was agreed.
    pub struct Allegation {
        /// Who says so.
        #[n(0)] req by: Slug => Party,
        /// Of whom.
        #[n(1)] req against: Slug => Party,
        /// What exactly, in our words.
        #[n(2)] opt summary: Prose,
    }
}
