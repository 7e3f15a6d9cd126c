//! What a whole check of a log found.

use crate::chain::check;
use crate::engine::EventLog;
use crate::envelope::Head;

/// The most damages that are listed one by one.
const LISTED_MAX: usize = 100;
/// How many events are read at once.
const PAGE: usize = 1_000;

/// What a whole check of a log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// The head that the log was checked up to.
    pub head: Head,
    /// How many events were found whole.
    pub events: u64,
    /// How many chunks were found whole; 0 where the engine has none.
    pub chunks: u64,
    /// What is wrong, in words; at most 100, then one that says that there is more. Empty: the log is whole.
    pub damages: Vec<String>,
}

impl VerifyReport {
    /// A report that begins, on a log that ends there.
    #[must_use]
    pub fn new(head: Head) -> Self {
        Self {
            head,
            events: 0,
            chunks: 0,
            damages: Vec::new(),
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.damages.is_empty()
    }

    /// Adds what is wrong.
    pub fn damage(&mut self, what: String) {
        match self.damages.len() {
            0..LISTED_MAX => self.damages.push(what),
            LISTED_MAX => self.damages.push("and more".to_owned()),
            _ => {}
        }
    }

    /// What can be said of a log by reading all of it.
    pub(crate) fn by_reading<L: EventLog + ?Sized>(log: &L, progress: &mut dyn FnMut(u64)) -> Self {
        let mut report = Self::new(Head::EMPTY);
        match log.head() {
            Ok(head) => report.head = head,
            Err(error) => report.damage(error.to_string()),
        }
        let (mut at, end) = (Head::EMPTY, report.head);
        while at.position < end.position && report.is_whole() {
            let most = usize::try_from(end.position - at.position).unwrap_or(PAGE).min(PAGE);
            match log.read(at.position, most) {
                Err(error) => report.damage(error.to_string()),
                Ok(page) if page.is_empty() => {
                    report.damage(format!("the log gives no events after position {}", at.position));
                }
                Ok(page) => match check(&at, &page) {
                    Err(damage) => report.damage(damage.to_string()),
                    Ok(head) => {
                        at = head;
                        report.events = head.position;
                        progress(head.position);
                    }
                },
            }
        }
        if report.is_whole() && at != end {
            report.damage(format!(
                "the log ends at position {} with another hash than it says",
                end.position
            ));
        }
        report
    }
}
