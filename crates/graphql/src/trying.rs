//! Whether an object is being tried: then nothing may begin that would have to be waited for, since it would begin again.

use std::cell::Cell;
use std::future::poll_fn;
use std::task::Poll;

thread_local! {
    /// Objects are tried within one poll, so on one thread.
    static ON: Cell<bool> = const { Cell::new(false) };
}

/// An object is being tried until this is dropped.
pub(crate) struct Trying {
    before: bool,
}

impl Trying {
    pub(crate) fn begin() -> Self {
        Self {
            before: ON.replace(true),
        }
    }
}

impl Drop for Trying {
    fn drop(&mut self) {
        ON.set(self.before);
    }
}

/// Whether an object is being tried.
pub(crate) fn is_on() -> bool {
    ON.get()
}

/// Ready once the resolver that awaits it may wait. A resolver awaits it before it begins what it then waits for, or counts what it
/// does: what is only tried is done again.
pub async fn waitable() {
    poll_fn(|_| match is_on() {
        true => Poll::Pending,
        false => Poll::Ready(()),
    })
    .await;
}
