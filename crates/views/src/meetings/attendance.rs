//! Who takes part in a meeting, who was to, and who stayed away.

use super::Meeting;
use crate::told::At;
use rapporteur_domain::common::{Mode, Participant};
use rapporteur_domain::id::Slug;
use serde::Serialize;

/// How one party takes part, all statements about it together.
#[derive(Debug, Clone, Serialize)]
pub struct Attendance {
    /// As last told; what a later statement leaves out is kept from the earlier one, but for the reason of another mode, and a
    /// mode that was stated is not replaced by one that is only expected or possible. What a plan says gives way to what a report says, whichever was
    /// recorded first: whoever a report names came, though a plan only expected it.
    pub participant: Participant,
    /// The events that speak of it, in the order of recording.
    pub positions: Vec<u64>,
    /// Only the plan of the meeting, or what calls it off, names it: no report of the meeting and no record of participation
    /// does.
    pub only_planned: bool,
    #[serde(skip)]
    statements: Vec<Statement>,
}

/// What one event says of a party.
#[derive(Debug, Clone)]
struct Statement {
    at: At,
    planned: bool,
    told: Participant,
}

/// Who has to be at a meeting.
#[derive(Debug, Clone, Default)]
pub struct With {
    /// All of these.
    pub parties: Vec<Slug>,
    /// In one of these ways; where nothing is given, in whatever way: absent, invited and expected ones were not there.
    /// Nobody was there in person, online or by phone where the meeting did not take place.
    pub modes: Vec<Mode>,
    /// Whoever takes part on behalf of a party counts as that party.
    pub on_behalf: bool,
}

impl Attendance {
    fn new(party: &Slug) -> Self {
        Self {
            participant: Participant {
                party: party.clone(),
                role: None,
                of: None,
                mode: None,
                reason: None,
                hedge: None,
            },
            positions: Vec::new(),
            only_planned: true,
            statements: Vec::new(),
        }
    }

    /// The positions of the events that speak of it, each with the mode that it gives.
    pub(crate) fn told(&self) -> impl Iterator<Item = (u64, Option<Mode>)> {
        self.statements.iter().map(|said| (said.at.position, said.told.mode))
    }

    fn hear(&mut self, statement: Statement) {
        let at = self.statements.partition_point(|s| s.at.place <= statement.at.place);
        self.statements.insert(at, statement);
        self.positions = self.statements.iter().map(|s| s.at.position).collect();
        self.only_planned = self.statements.iter().all(|s| s.planned);
        let party = &self.participant.party;
        let told = |planned| {
            let statements = self.statements.iter().filter(move |s| s.planned == planned);
            together(party, statements.map(|s| &s.told))
        };
        self.participant = match (told(true), told(false)) {
            (plan, None) => plan.unwrap_or_else(|| self.participant.clone()),
            (plan, Some(mut report)) => {
                if let Some(plan) = plan {
                    report.role = report.role.or(plan.role);
                    report.of = report.of.or(plan.of);
                }
                report
            }
        };
    }
}

/// Statements about a party, the first recorded first, as one; `None` where there is none.
fn together<'a>(party: &Slug, told: impl Iterator<Item = &'a Participant>) -> Option<Participant> {
    let told = told.filter(|told| told.party == *party).cloned();
    told.reduce(|mut kept, told| {
        let says_less = told.hedge.is_some() && kept.mode.is_some() && kept.hedge.is_none();
        if told.mode.is_some() && !says_less {
            // A reason is one for the mode that it came with.
            kept.reason = kept.reason.filter(|_| kept.mode == told.mode);
            (kept.mode, kept.hedge) = (told.mode, told.hedge);
        }
        kept.role = told.role.or(kept.role);
        kept.of = told.of.or(kept.of);
        kept.reason = told.reason.or(kept.reason);
        kept
    })
}

impl Meeting {
    /// Those who take part, in whatever way. Nobody takes part in a meeting that is not recorded as under way or held, and
    /// absent, invited and expected ones do not count, nor those whom only the plan names. Everybody else counts who is
    /// named without a word on how.
    pub fn present(&self) -> impl Iterator<Item = &Attendance> {
        self.attendance.iter().filter(|a| self.was_there(a))
    }

    fn was_there(&self, attendance: &Attendance) -> bool {
        let elsewhere = matches!(
            attendance.participant.mode,
            Some(Mode::Invited | Mode::Expected | Mode::Absent)
        );
        self.took_place() && !attendance.only_planned && !elsewhere
    }

    /// Whether all of those were there; or, asked for those who were invited, expected or absent, whether they were that.
    #[must_use]
    pub fn brings_together(&self, with: &With) -> bool {
        let there = |a: &Attendance| {
            let mode = a.participant.mode.unwrap_or(Mode::Unknown);
            let stayed_away = matches!(mode, Mode::Invited | Mode::Expected | Mode::Absent);
            match with.modes.as_slice() {
                [] => self.was_there(a),
                modes => modes.contains(&mode) && (stayed_away || self.was_there(a)),
            }
        };
        with.parties.iter().all(|party| {
            let is = |p: &Participant| p.party == *party || (with.on_behalf && p.of.as_ref() == Some(party));
            self.attendance.iter().any(|a| is(&a.participant) && there(a))
        })
    }

    /// Takes what an event says of a party: a plan of the meeting or what calls it off, or a report of it or of
    /// participation.
    pub(super) fn attend(&mut self, event: At, told: &Participant, planned: bool) {
        let known = self.attendance.iter().position(|a| a.participant.party == told.party);
        let at = known.unwrap_or_else(|| {
            self.attendance.push(Attendance::new(&told.party));
            self.attendance.len() - 1
        });
        if let Some(attendance) = self.attendance.get_mut(at) {
            attendance.hear(Statement {
                at: event,
                planned,
                told: told.clone(),
            });
        }
    }
}
