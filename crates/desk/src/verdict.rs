//! What speaks against a batch, gathered command by command.

use crate::outcome::{Conflict, Outcome};
use crate::state::Overlay;
use rapporteur_domain::command::{Command, Malformed};
use rapporteur_domain::creation::Creation;
use rapporteur_domain::decide::unknown_mentions;
use rapporteur_domain::id::Slug;
use rapporteur_domain::moved::Moved;
use rapporteur_domain::refusal::{Refusal, Rule};
use std::collections::HashSet;

/// Everything found against a batch so far.
pub(crate) struct Verdict<'a> {
    moved: &'a Moved,
    refusals: Vec<Refusal>,
    conflict: Option<Conflict>,
    /// Something was found against the batch, even where it was not worth telling.
    against: bool,
    /// The dossiers of commands that were not placed, and those that came with them, by the slugs of today: what later
    /// commands miss in them is no news.
    lost: HashSet<String>,
}

impl<'a> Verdict<'a> {
    /// Nothing found so far; `moved` says what former names lead to.
    pub(crate) fn knowing(moved: &'a Moved) -> Self {
        Self {
            moved,
            refusals: Vec::new(),
            conflict: None,
            against: false,
            lost: HashSet::new(),
        }
    }

    /// A command that was not written well: what is wrong with it, and what it refers to in vain.
    pub(crate) fn malformed(&mut self, known: &Overlay<'_>, malformed: &Malformed, index: usize) {
        let own = malformed.slug.as_deref();
        let unknown = unknown_mentions(known, &malformed.mentions, None);
        let unknown = unknown
            .into_iter()
            .filter(|r| r.value.as_deref() != own || own.is_none());
        let found: Vec<Refusal> = malformed.refusals.iter().cloned().chain(unknown).collect();
        self.tell(&malformed.name, None, found, index);
        malformed.lost.iter().for_each(|slug| self.lose(slug));
    }

    /// A command that was refused.
    pub(crate) fn refused(&mut self, command: &Command, found: Vec<Refusal>, index: usize) {
        let home = command.action.fact().home();
        self.tell(command.action.name(), Some(home.dossier()), found, index);
        self.lose_command(command);
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
        self.tell(command.action.name(), None, found.collect(), index);
        self.lose_command(&creation.command);
    }

    /// A command whose dossier is at another version than expected.
    pub(crate) fn conflicted(&mut self, command: &Command, conflict: Conflict) {
        let follows = self.lost.contains(&conflict.dossier);
        self.against = true;
        self.lose_command(command);
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

    /// Adds what is news; `home` is the dossier that the command tells of, where all that was found was found in the command
    /// itself.
    fn tell(&mut self, name: &str, home: Option<&str>, found: Vec<Refusal>, index: usize) {
        self.against = true;
        let news: Vec<Refusal> = found
            .into_iter()
            .filter(|refusal| !self.follows(refusal, home))
            .collect();
        let place = format!("commands[{index}]");
        let news = news.into_iter().map(|refusal| refusal.under(name).under(&place));
        self.refusals.extend(news);
    }

    /// Counts what a command would have recorded, and what it would have created, as lost.
    fn lose_command(&mut self, command: &Command) {
        self.lose(command.action.fact().home().dossier());
        for creation in &command.creates {
            self.lose(creation.command.action.fact().home().dossier());
        }
    }

    fn lose(&mut self, slug: &str) {
        self.lost.insert(self.today(slug).to_owned());
    }

    /// Whether a refusal only says that what an earlier command would have recorded is missing. A version is missed by its
    /// key alone: it is one of the command's own dossier.
    fn follows(&self, refusal: &Refusal, home: Option<&str>) -> bool {
        if !matches!(refusal.rule, Rule::UnknownReference | Rule::UnknownPoint) {
            return false;
        }
        let named = match home {
            Some(home) if refusal.field == "version" => Some(home),
            _ => refusal.value.as_deref(),
        };
        let now = named.map(|named| self.moved.reference(named).unwrap_or_else(|| named.to_owned()));
        let slug = now.as_deref().and_then(|now| now.split(['/', '#']).next());
        slug.is_some_and(|slug| self.lost.contains(slug))
    }

    fn today<'b>(&'b self, slug: &'b str) -> &'b str {
        self.moved.slug(slug).map_or(slug, Slug::as_str)
    }
}
