//! Who was at meetings together with whom, how often and how.

use super::{Attendance, Meeting, With};
use rapporteur_domain::common::Mode;
use rapporteur_domain::id::Slug;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A party that was at meetings together with another.
#[derive(Debug, Clone)]
pub struct CoAttendance {
    /// The party.
    pub party: Slug,
    /// The meetings, by slug.
    pub meetings: Vec<Arc<Meeting>>,
    /// How it took part, and in how many of them: by how often.
    pub modes: Vec<(Mode, usize)>,
}

/// Who was at these meetings beside the one asked for, by slug. `modes` are those in which they have to take part; where
/// none are given, absent, invited and expected ones do not count.
#[must_use]
pub fn beside<'a>(meetings: impl Iterator<Item = &'a Arc<Meeting>>, party: &str, modes: &[Mode]) -> Vec<CoAttendance> {
    let mut found: BTreeMap<Slug, CoAttendance> = BTreeMap::new();
    for meeting in meetings {
        for attendance in meeting
            .attendance
            .iter()
            .filter(|a| a.participant.party.as_str() != party)
        {
            let other = &attendance.participant.party;
            let with = With {
                parties: vec![other.clone()],
                modes: modes.to_vec(),
                on_behalf: false,
            };
            if meeting.brings_together(&with) {
                let met = found.entry(other.clone()).or_insert_with(|| CoAttendance {
                    party: other.clone(),
                    meetings: Vec::new(),
                    modes: Vec::new(),
                });
                met.add(meeting, attendance);
            }
        }
    }
    found.into_values().collect()
}

impl CoAttendance {
    fn add(&mut self, meeting: &Arc<Meeting>, attendance: &Attendance) {
        self.meetings.push(Arc::clone(meeting));
        let mode = attendance.participant.mode.unwrap_or(Mode::Unknown);
        match self.modes.iter_mut().find(|(other, _)| *other == mode) {
            Some((_, count)) => *count += 1,
            None => self.modes.push((mode, 1)),
        }
        self.modes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    }
}
