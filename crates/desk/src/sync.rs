//! Threads, channels and locks of the hand-over between callers, sequencer and readers. With the feature `shuttle` it is the test
//! that says which thread goes on at each of them (`crates/desk/tests/handover.rs`).

#[cfg(not(feature = "shuttle"))]
pub(crate) use std::{sync::Mutex, sync::mpsc, thread};

#[cfg(feature = "shuttle")]
pub(crate) use shuttle::{sync::Mutex, sync::mpsc, thread};

/// Waits for an answer, blocking the thread.
///
/// # Errors
/// Whoever was to answer is gone.
pub(crate) fn wait<T>(answer: oneshot::Receiver<T>) -> Result<T, oneshot::RecvError> {
    #[cfg(not(feature = "shuttle"))]
    return answer.recv();
    #[cfg(feature = "shuttle")]
    return shuttle::future::block_on(std::future::IntoFuture::into_future(answer));
}
