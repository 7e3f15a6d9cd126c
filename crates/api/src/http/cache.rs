use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use super::validate::Validated;

/// Documents that were validated in full, by their text; the oldest leaves first.
///
/// Safe to share between clients: validity depends on the text and the schema, never on who asks or with which
/// variables. Refused documents are not kept.
pub(super) struct Cache {
    entries_max: usize,
    text_bytes_max: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    by_text: HashMap<Arc<str>, Arc<Validated>>,
    oldest_first: VecDeque<Arc<str>>,
}

impl Cache {
    pub(super) fn new(entries_max: usize, text_bytes_max: usize) -> Self {
        Self {
            entries_max,
            text_bytes_max,
            kept: Mutex::default(),
        }
    }

    /// The document of that text, from the cache or from `validate`, which runs outside the lock.
    pub(super) fn get_or<E>(
        &self,
        text: &str,
        validate: impl FnOnce() -> Result<Validated, E>,
    ) -> Result<Arc<Validated>, E> {
        if self.entries_max == 0 || text.len() > self.text_bytes_max {
            return validate().map(Arc::new);
        }
        if let Some(found) = self.lock().by_text.get(text) {
            return Ok(Arc::clone(found));
        }
        let validated = Arc::new(validate()?);
        let text: Arc<str> = Arc::from(text);
        let mut kept = self.lock();
        if kept.by_text.insert(Arc::clone(&text), Arc::clone(&validated)).is_none() {
            kept.oldest_first.push_back(text);
        }
        while kept.oldest_first.len() > self.entries_max {
            if let Some(oldest) = kept.oldest_first.pop_front() {
                kept.by_text.remove(&oldest);
            }
        }
        Ok(validated)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
