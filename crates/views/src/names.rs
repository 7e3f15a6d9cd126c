//! Names: what dossiers are called elsewhere, and what they are called from now on.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::told::Told;
use imbl::{OrdMap, Vector};
use rapporteur_domain::event::Event;
use rapporteur_domain::fact::Home;
use rapporteur_domain::id::Slug;
use rapporteur_domain::moved::Moved;
use rapporteur_domain::naming::{RecordAlias, RetitleDossier};
use rapporteur_domain::renaming::MoveRecords;
use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// The names that dossiers were given after they were opened.
#[derive(Clone, Default)]
pub struct Names {
    aliases: OrdMap<Slug, Vector<Told<RecordAlias>>>,
    titles: OrdMap<Slug, Vector<Told<RetitleDossier>>>,
    merged: OrdMap<Slug, Vector<Merged>>,
    moves: Vector<Told<MoveRecords>>,
    moved: Moved,
    namings: Vector<u64>,
}

/// What opened a dossier that was merged into another.
#[derive(Debug, Clone, Serialize)]
pub struct Merged {
    /// The position of the event.
    pub position: u64,
    /// The slug that it had.
    pub slug: Slug,
    /// The title or name that it had.
    pub title: String,
}

impl Names {
    /// Other names of a dossier, in the order of recording.
    pub fn aliases(&self, dossier: &str) -> impl Iterator<Item = &Told<RecordAlias>> {
        self.aliases.get(dossier).into_iter().flatten()
    }

    /// What was merged into a dossier, in the order of recording.
    pub fn merged_into(&self, dossier: &str) -> impl Iterator<Item = &Merged> {
        self.merged.get(dossier).into_iter().flatten()
    }

    /// What was moved out of a dossier or into it, in the order of recording, in the names of that time.
    pub fn moves(&self, dossier: &str) -> impl Iterator<Item = &Told<MoveRecords>> {
        self.moves.iter().filter(move |told| {
            [&told.fact.from, &told.fact.into]
                .into_iter()
                .any(|end| self.today(end) == dossier)
        })
    }

    /// The slug today of a dossier.
    fn today<'a>(&'a self, slug: &'a Slug) -> &'a str {
        self.moved.slug(slug.as_str()).unwrap_or(slug).as_str()
    }

    /// Where things are found that were renamed, merged or moved.
    #[must_use]
    pub fn moved(&self) -> &Moved {
        &self.moved
    }

    /// The positions of the events that renamed, merged or moved, in order.
    pub fn namings(&self) -> impl DoubleEndedIterator<Item = &u64> {
        self.namings.iter()
    }

    /// The titles that a dossier was given since it was opened; the last one stands.
    pub fn titles(&self, dossier: &str) -> impl DoubleEndedIterator<Item = &Told<RetitleDossier>> {
        self.titles.get(dossier).into_iter().flatten()
    }
}

/// The slug and the title of what an event opens.
fn opens<'a>(home: &'a Home<'_>) -> Option<(&'a Slug, Option<&'a str>)> {
    match home {
        Home::Opens(_, slug, title) => Some((slug, Some(title.as_ref()))),
        Home::OpensOrTells(_, slug, title, None, _) => Some((slug, title.as_deref())),
        _ => None,
    }
}

impl View for Names {
    const NAME: &'static str = "names";
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        match event {
            Event::AliasRecorded(told) => {
                let aliases = self.aliases.entry(told.dossier.clone()).or_default();
                aliases.push_back(Told::new(recorded, told));
            }
            Event::DossierRetitled(told) => {
                let titles = self.titles.entry(told.dossier.clone()).or_default();
                titles.push_back(Told::new(recorded, told));
            }
            Event::DossierRenamed(_) | Event::DossiersMerged(_) | Event::RecordsMoved(_) => {
                let written = recorded.as_written().unwrap_or(event);
                self.moved.learn(written, recorded.header.position);
                self.namings.push_back(recorded.header.position);
                if let Event::RecordsMoved(told) = written {
                    self.moves.push_back(Told::new(recorded, told));
                }
            }
            _ => {}
        }
    }

    /// Keeps the name of the dossier that was merged into another.
    fn apply_merged(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        let written = recorded.as_written().unwrap_or(event).fact().home();
        if let (Some((slug, _)), Some((_, Some(title)))) = (opens(&event.fact().home()), opens(&written)) {
            self.merged.entry(slug.clone()).or_default().push_back(Merged {
                position: recorded.header.position,
                slug: recorded.header.dossier.slug.clone(),
                title: title.to_string(),
            });
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.aliases.values().flatten().for_each(|told| digest.add(told));
        self.titles.values().flatten().for_each(|told| digest.add(told));
        self.merged.values().flatten().for_each(|merged| digest.add(merged));
        self.moves.iter().for_each(|told| digest.add(told));
        self.moved.all().for_each(|item| digest.add(&item));
        digest.finish()
    }
}
