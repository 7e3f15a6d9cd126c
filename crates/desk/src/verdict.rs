//! What speaks against a batch, gathered command by command.

use crate::sequencer::{Conflict, Outcome};
use crate::state::Overlay;
use rapporteur_domain::command::{Command, Malformed};
use rapporteur_domain::creation::Creation;
use rapporteur_domain::decide::unknown_mentions;
use rapporteur_domain::refusal::{Refusal, Rule};
use std::collections::HashSet;

/// Everything found against a batch so far.
#[derive(Default)]
pub(crate) struct Verdict {
    refusals: Vec<Refusal>,
    conflict: Option<Conflict>,
    /// Something was found against the batch, even where it was not worth telling.
    against: bool,
    /// The dossiers of commands that were not placed: what later commands miss in them is no news.
    lost: HashSet<String>,
}

impl Verdict {
    /// A command that was not written well: what is wrong with it, and what it refers to in vain.
    pub(crate) fn malformed(&mut self, known: &Overlay<'_>, malformed: &Malformed, index: usize) {
        let own = malformed.slug.as_deref();
        let unknown = unknown_mentions(known, &malformed.mentions, None);
        let unknown = unknown
            .into_iter()
            .filter(|r| r.value.as_deref() != own || own.is_none());
        let found: Vec<Refusal> = malformed.refusals.iter().cloned().chain(unknown).collect();
        self.lost.extend(malformed.slug.clone());
        self.tell(&malformed.name, found, index);
    }

    /// A command that was refused.
    pub(crate) fn refused(&mut self, command: &Command, found: Vec<Refusal>, index: usize) {
        let fact = command.action.fact();
        let dossier = fact.home().dossier().to_owned();
        self.tell(command.action.name(), found, index);
        self.lost.insert(dossier);
    }

    /// A registration that came with a command and was refused.
    pub(crate) fn refused_creation(
        &mut self,
        command: &Command,
        creation: &Creation,
        found: Vec<Refusal>,
        index: usize,
    ) {
        let found = found.into_iter().map(|refusal| refusal.under(&creation.path));
        self.tell(command.action.name(), found.collect(), index);
        let dossier = creation.command.action.fact().home().dossier().to_owned();
        self.lost.insert(dossier);
    }

    /// A command whose dossier is at another version than expected.
    pub(crate) fn moved(&mut self, conflict: Conflict) {
        let follows = self.lost.contains(&conflict.dossier);
        self.against = true;
        self.lost.insert(conflict.dossier.clone());
        if !follows {
            self.conflict.get_or_insert(conflict);
        }
    }

    /// The answer to the whole batch; `None` where nothing speaks against it.
    pub(crate) fn answer(self) -> Option<Outcome> {
        match self.conflict {
            Some(conflict) if self.refusals.is_empty() => Some(Outcome::Conflict(conflict)),
            _ if self.against => Some(Outcome::Refused(self.refusals)),
            _ => None,
        }
    }

    fn tell(&mut self, name: &str, found: Vec<Refusal>, index: usize) {
        self.against = true;
        let lost = &self.lost;
        let news = found.into_iter().filter(|refusal| !follows(lost, refusal));
        let place = format!("commands[{index}]");
        self.refusals
            .extend(news.map(|refusal| refusal.under(name).under(&place)));
    }
}

/// Whether a refusal only says that what an earlier command would have recorded is missing.
fn follows(lost: &HashSet<String>, refusal: &Refusal) -> bool {
    let named = refusal
        .value
        .as_deref()
        .and_then(|value| value.split(['/', '#']).next());
    matches!(refusal.rule, Rule::UnknownReference | Rule::UnknownPoint) && named.is_some_and(|slug| lost.contains(slug))
}
