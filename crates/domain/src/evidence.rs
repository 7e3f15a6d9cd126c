//! Why we believe it: citations, who said it, and how sure the desk is.

use crate::id::Slug;
use crate::text::{Language, Line, Prose};

closed_set! {
    /// How a source gives what it says.
    pub enum Wording {
        /// In quotation marks, whole.
        #[n(0)] Quote,
        /// A few quoted words inside the source's own sentence.
        #[n(1)] QuoteFragment,
        /// In the source's words, ascribed to somebody.
        #[n(2)] Paraphrase,
        /// From a document that the source has seen.
        #[n(3)] Document,
        /// The source's own narration, ascribed to nobody.
        #[n(4)] OwnNarration,
        /// The source's own judgement.
        #[n(5)] OwnAssessment,
    }
}

closed_set! {
    /// How firmly the source puts it.
    pub enum Hedge {
        /// Stated as fact.
        #[n(0)] Asserted,
        /// A judgement.
        #[n(1)] Assessed,
        /// Said to be likely.
        #[n(2)] Expected,
        /// Said to be wished for.
        #[n(3)] Hoped,
        /// Said to be possible.
        #[n(4)] Possible,
        /// Said not to be so.
        #[n(5)] Denied,
    }
}

closed_set! {
    /// Admiralty credibility (1-6) of the report, whatever its source is worth.
    pub enum Credibility {
        /// 1: confirmed by other sources.
        #[n(1)] Confirmed,
        /// 2: probably true.
        #[n(2)] ProbablyTrue,
        /// 3: possibly true.
        #[n(3)] PossiblyTrue,
        /// 4: doubtful.
        #[n(4)] Doubtful,
        /// 5: improbable.
        #[n(5)] Improbable,
        /// 6: truth cannot be judged.
        #[n(6)] CannotBeJudged,
    }
}

closed_set! {
    /// The desk's own confidence; never derived from the Admiralty grades.
    pub enum Confidence {
        /// Several sources, or a primary one.
        #[n(0)] High,
        /// One decent source, or an anonymous one.
        #[n(1)] Medium,
        /// A weak page, a known error, or no date.
        #[n(2)] Low,
    }
}

record! {
    /// To whom a source ascribes what it reports.
    pub struct Attribution {
        /// The speaker as the source describes them: "some officials", "Rustem Umerov".
        #[n(0)] req speaker: Line,
        /// The speaker as a recorded party, where known.
        #[n(1)] opt party: Slug => Party,
        /// True where the source does not name the speaker.
        #[n(2)] flag anonymous,
        /// How many people speak, where the source says so.
        #[n(3)] opt count: u32,
        /// What else is known of the speaker: "on condition of anonymity".
        #[n(4)] opt note: Prose,
    }
}

record! {
    /// The original words, in their language.
    pub struct Original {
        /// The words as spoken or written.
        #[n(0)] req text: Prose,
        /// Their language.
        #[n(1)] req language: Language,
    }
}

record! {
    /// Where a source says it.
    pub struct Citation {
        /// The publication.
        #[n(0)] req source: Slug => Source,
        /// A few words that locate the passage.
        #[n(1)] opt locator: Line,
        /// The numbers of the paragraphs, as the desk counts them in this source.
        #[n(2)] list paragraphs: u32,
        /// How the source gives it.
        #[n(3)] opt wording: Wording,
        /// To whom the source ascribes it.
        #[n(4)] opt attribution: Attribution,
        /// The original words, where quoted.
        #[n(5)] opt original: Original,
        /// The publication rests on people whom it does not name.
        #[n(6)] flag anonymous_sourcing,
    }
}

record! {
    /// Why the desk believes a record.
    pub struct Evidence {
        /// Where it is said; at least one.
        #[n(0)] list citations: Citation,
        /// Admiralty credibility of the report.
        #[n(1)] opt credibility: Credibility,
        /// The desk's own confidence.
        #[n(2)] opt confidence: Confidence,
        /// How firmly it is put; nothing means asserted without comment.
        #[n(3)] opt hedge: Hedge,
        /// The hedging words: "has indicated", "could".
        #[n(4)] opt hedge_words: Line,
        /// What to know about what the source says: "says Western countries, although Turkey is part of the plan".
        #[n(5)] opt note: Prose,
    }
}

impl Evidence {
    /// Whether there are citations and each names an anonymous speaker.
    #[must_use]
    pub fn only_anonymous(&self) -> bool {
        !self.citations.is_empty()
            && self
                .citations
                .iter()
                .all(|c| c.attribution.as_ref().is_some_and(|a| a.anonymous))
    }
}
