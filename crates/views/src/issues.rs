//! Issues with who holds what about them; and positions on anything else.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::sorted::put;
use crate::standing::standing;
use crate::told::Told;
use imbl::{OrdMap, OrdSet, Vector};
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_domain::issue::{ChangeIssue, NoteUnknownPosition, OpenIssue, TakePosition};
use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// Where an issue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IssueState {
    /// Not settled.
    Open,
    /// Less is open than before.
    Narrowed,
    /// Settled.
    Resolved,
    /// Open again.
    Reopened,
}

/// An open question.
#[derive(Debug, Clone, Serialize)]
pub struct Issue {
    /// How it was opened.
    pub opened: Told<OpenIssue>,
    /// How those were opened that were merged into it, in the order of recording.
    pub again: Vec<Told<OpenIssue>>,
    /// The wider issue that it is part of. Where it does not say, one that was merged into it may.
    pub part_of: Option<Slug>,
    /// Where it stands: as last told, but for what is surely of before. Where one was merged into it, the opening of that
    /// one says too that it was open then.
    pub state: IssueState,
    /// Every change, in the order of recording.
    pub changes: Vec<(IssueState, Told<ChangeIssue>)>,
    /// Parties whose position was looked for and not found.
    pub unknown: Vec<Told<NoteUnknownPosition>>,
}

/// What one event says of where an issue stands.
#[derive(Debug, Clone, Copy)]
pub struct IssueStep<'a> {
    /// The event's position.
    pub position: u64,
    place: u64,
    /// Where it says that the issue stands.
    pub state: IssueState,
    /// When it did.
    pub on: &'a FuzzyDate,
}

impl Issue {
    /// What each event says of where it stands, in the order of recording.
    #[must_use]
    pub fn told(&self) -> Vec<IssueStep<'_>> {
        let opened = std::iter::once(&self.opened).chain(&self.again);
        let opened = opened.map(|told| IssueStep {
            position: told.position,
            place: told.place,
            state: IssueState::Open,
            on: &told.fact.open_on,
        });
        let changes = self.changes.iter().map(|(state, told)| IssueStep {
            position: told.position,
            place: told.place,
            state: *state,
            on: &told.fact.changed_on,
        });
        let mut told: Vec<IssueStep<'_>> = opened.chain(changes).collect();
        told.sort_by_key(|step| step.place);
        told
    }

    /// What says where it stands.
    #[must_use]
    pub fn stands(&self) -> Option<IssueStep<'_>> {
        standing(self.told().into_iter().map(|step| (Some(step.on), step)))
    }

    fn standing(&self) -> IssueState {
        self.stands().map_or(self.state, |step| step.state)
    }
}

/// All issues by slug, and all positions by the dossier that they are on.
#[derive(Clone, Default)]
pub struct Issues {
    issues: OrdMap<Slug, Arc<Issue>>,
    parts: OrdMap<Slug, OrdSet<Slug>>,
    positions: OrdMap<String, Vector<Told<TakePosition>>>,
}

impl Issues {
    /// The issue of this slug.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Arc<Issue>> {
        self.issues.get(slug)
    }

    /// The map of all issues by slug, for a look at a part of it.
    #[must_use]
    pub fn by_slug(&self) -> &OrdMap<Slug, Arc<Issue>> {
        &self.issues
    }

    /// All issues, by slug.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Slug, &Arc<Issue>)> + ExactSizeIterator {
        self.issues.iter()
    }

    /// The issues that are part of this one, by slug.
    pub fn parts(&self, slug: &str) -> impl Iterator<Item = &Slug> {
        self.parts.get(slug).into_iter().flatten()
    }

    /// The parties whose position on the issue was looked for and not found, each once: unless one was taken since.
    pub fn unknown(&self, slug: &str) -> Vec<&Slug> {
        let mut parties: Vec<&Slug> = Vec::new();
        for noted in self.get(slug).into_iter().flat_map(|issue| &issue.unknown) {
            let NoteUnknownPosition { party, noted_on, .. } = noted.fact.as_ref();
            let taken = |p: &Told<TakePosition>| p.fact.by.contains(party) && !p.fact.taken_on.surely_before(noted_on);
            if !parties.contains(&party) && !self.positions_on(slug).any(taken) {
                parties.push(party);
            }
        }
        parties
    }

    /// The positions on a dossier or anything in it, in the order of recording.
    pub fn positions_on(&self, dossier: &str) -> impl Iterator<Item = &Told<TakePosition>> {
        self.row_of_positions(dossier).into_iter().flatten()
    }

    /// The same, to be entered anywhere.
    #[must_use]
    pub fn row_of_positions(&self, dossier: &str) -> Option<&Vector<Told<TakePosition>>> {
        self.positions.get(dossier)
    }

    fn change(&mut self, told: &Told<ChangeIssue>, state: IssueState) {
        if let Some(issue) = self.issues.get_mut(&told.fact.slug) {
            let issue = Arc::make_mut(issue);
            issue.changes.push((state, told.clone()));
            issue.state = issue.standing();
        }
    }

    fn part(&mut self, slug: &Slug, wider: &Slug) {
        self.parts.entry(wider.clone()).or_default().insert(slug.clone());
    }

    /// What an issue says it is part of, unless that is part of the issue itself since others were merged.
    fn wider(&self, told: &OpenIssue) -> Option<Slug> {
        let wider = told.part_of.as_ref();
        wider
            .filter(|wider| self.widening(wider).all(|slug| *slug != told.slug))
            .cloned()
    }

    /// An issue and the wider ones that it is part of.
    fn widening<'a>(&'a self, slug: &'a Slug) -> impl Iterator<Item = &'a Slug> {
        std::iter::successors(Some(slug), |slug| self.issues.get(*slug)?.part_of.as_ref())
    }
}

impl View for Issues {
    const NAME: &'static str = "issues";
    const VERSION: u32 = 4;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        match event {
            Event::IssueOpened(told) => {
                let opened = Told::new(recorded, told);
                let issue = Issue {
                    opened,
                    again: Vec::new(),
                    part_of: self.wider(told),
                    state: IssueState::Open,
                    changes: Vec::new(),
                    unknown: Vec::new(),
                };
                if let Some(wider) = &issue.part_of {
                    self.part(&told.slug, wider);
                }
                self.issues.insert(told.slug.clone(), Arc::new(issue));
            }
            Event::IssueNarrowed(told) => self.change(&Told::new(recorded, told), IssueState::Narrowed),
            Event::IssueResolved(told) => self.change(&Told::new(recorded, told), IssueState::Resolved),
            Event::IssueReopened(told) => self.change(&Told::new(recorded, told), IssueState::Reopened),
            Event::PositionTaken(told) => {
                let row = self.positions.entry(told.on.dossier().to_owned()).or_default();
                put(row, Told::new(recorded, told), |told| told.position);
            }
            Event::PositionUnknown(told) => {
                if let Some(issue) = self.issues.get_mut(&told.issue) {
                    Arc::make_mut(issue).unknown.push(Told::new(recorded, told));
                }
            }
            _ => {}
        }
    }

    fn apply_merged(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        let Event::IssueOpened(told) = event else { return };
        let wider = self.wider(told);
        let Some(issue) = self.issues.get_mut(&told.slug) else {
            return;
        };
        let issue = Arc::make_mut(issue);
        issue.again.push(Told::new(recorded, told));
        issue.state = issue.standing();
        if let Some(wider) = wider.filter(|_| issue.part_of.is_none()) {
            issue.part_of = Some(wider.clone());
            self.part(&told.slug, &wider);
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.issues.iter().for_each(|item| digest.add(&item));
        self.parts
            .iter()
            .for_each(|(wider, parts)| digest.add_row(wider, parts));
        for (dossier, positions) in &self.positions {
            digest.add_row(dossier, positions);
        }
        digest.finish()
    }
}
