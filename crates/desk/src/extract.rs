//! Extracts: what was public at a moment, as lines of CloudEvents. An extract is no log: it has no payloads in their stored
//! form and no chain, and cannot be restored.

use crate::cloud_event;
use crate::export::{ExportError, PAGE, put};
use crate::history::History;
pub use cloud_event::extract_ended;
use rapporteur_views::Views;
use std::sync::Arc;

/// The lines of an extract, some at a time: first the moment, then each event as it is read at that moment, with the citations
/// that were public, then how many there were. What stands nowhere any more, and what was redacted, is not among them; once
/// something is redacted, an extract under way breaks off.
pub struct Extract {
    views: Arc<Views>,
    history: Arc<History>,
    /// The position of the present that it was folded from.
    present: u64,
    /// The last position whose line was given; `None` before the opening line.
    done: Option<u64>,
    given: u64,
    ended: bool,
}

impl Extract {
    /// An extract of what these views show, folded from those of the present by this history.
    #[must_use]
    pub fn of(views: &Arc<Views>, present: &Views, history: &Arc<History>) -> Self {
        Self {
            views: Arc::clone(views),
            history: Arc::clone(history),
            present: present.position(),
            done: None,
            given: 0,
            ended: false,
        }
    }

    /// The views that it is made of.
    #[must_use]
    pub fn views(&self) -> &Arc<Views> {
        &self.views
    }

    /// How many events were given.
    #[must_use]
    pub fn given(&self) -> u64 {
        self.given
    }

    fn page(&mut self) -> Result<Vec<u8>, ExportError> {
        let mut lines = Vec::new();
        if self.history.forgot_since(self.present) {
            return Err(ExportError::Redacted);
        }
        if self.done.is_none() {
            put(&mut lines, 0, cloud_event::write_extract_began(&self.views))?;
        }
        let after = self.done.unwrap_or_default();
        self.done = Some(after);
        let views = Arc::clone(&self.views);
        for entry in views.timeline.after(after).take(PAGE) {
            let position = entry.position();
            put(&mut lines, position, cloud_event::write_extracted(&entry.recorded))?;
            self.done = Some(position);
            self.given += 1;
        }
        if self.done == Some(after) {
            put(&mut lines, after, cloud_event::write_extract_ended(self.given))?;
            self.ended = true;
        }
        Ok(lines)
    }
}

impl Iterator for Extract {
    type Item = Result<Vec<u8>, ExportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let page = self.page();
        self.ended |= page.is_err();
        Some(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extract_of_nothing_says_of_when_and_that_it_is_whole() {
        let pages: Vec<Vec<u8>> = Extract::of(&Arc::default(), &Views::default(), &Arc::default())
            .collect::<Result<_, _>>()
            .unwrap();
        let text = String::from_utf8(pages.concat()).unwrap();
        let kinds: Vec<bool> = text.lines().map(|line| line.contains("rapporteur.extract.")).collect();
        assert_eq!(kinds, [true, true], "{text}");
    }
}
