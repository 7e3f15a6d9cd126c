//! How much of an answer was resolved: it is bounded, and others get their turn.

use async_graphql::{Context, ServerError};
use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

/// Values resolved before other work gets its turn: some milliseconds.
const VALUES_PER_TURN: usize = 2048;

/// The count of one execution, in its request's data; of a subscription, of one event after the other.
#[derive(Debug)]
pub struct Tally {
    values_max: usize,
    errors_max: usize,
    values: AtomicUsize,
    /// Values resolved since the execution was last polled.
    turn: AtomicUsize,
    errors: AtomicUsize,
    beyond: fn(usize) -> ServerError,
}

/// The error of an answer that has more values than this.
pub type Beyond = fn(usize) -> ServerError;

impl Tally {
    /// A count of at most so many values, and so many errors beside the data; further errors are not kept.
    #[must_use]
    pub fn new(values_max: usize, errors_max: usize, beyond: Beyond) -> Self {
        Self {
            values_max,
            errors_max,
            values: AtomicUsize::new(0),
            turn: AtomicUsize::new(0),
            errors: AtomicUsize::new(0),
            beyond,
        }
    }

    /// Begins anew: the next event of a subscription.
    pub fn begin(&self) {
        self.values.store(0, Ordering::Relaxed);
        self.errors.store(0, Ordering::Relaxed);
        self.begin_turn();
    }

    /// The execution is polled again.
    pub fn begin_turn(&self) {
        self.turn.store(0, Ordering::Relaxed);
    }

    /// The error of an answer that has too many values; none while it has not.
    #[must_use]
    pub fn outgrown(&self) -> Option<ServerError> {
        (self.values.load(Ordering::Relaxed) > self.values_max).then(|| (self.beyond)(self.values_max))
    }

    /// Counts one value. Waits for others to have had their turn where it is time for that.
    ///
    /// # Errors
    /// The answer has too many values.
    pub(crate) async fn count(&self) -> Result<(), ServerError> {
        if self.values.fetch_add(1, Ordering::Relaxed) >= self.values_max {
            return Err((self.beyond)(self.values_max));
        }
        while self.turn.fetch_add(1, Ordering::Relaxed) >= VALUES_PER_TURN {
            give_way().await;
        }
        Ok(())
    }

    /// Counts one value, unless it is time for others to have their turn: then it says false.
    ///
    /// # Errors
    /// The answer has too many values.
    pub(crate) fn count_at_once(&self) -> Result<bool, ServerError> {
        if self.turn.fetch_add(1, Ordering::Relaxed) >= VALUES_PER_TURN {
            return Ok(false);
        }
        match self.values.fetch_add(1, Ordering::Relaxed) >= self.values_max {
            true => Err((self.beyond)(self.values_max)),
            false => Ok(true),
        }
    }

    /// How many values were counted.
    pub(crate) fn values(&self) -> usize {
        self.values.load(Ordering::Relaxed)
    }

    /// Forgets what was counted since there were so many values and errors.
    pub(crate) fn go_back(&self, values: usize, errors: usize) {
        self.values.store(values, Ordering::Relaxed);
        self.errors.store(errors, Ordering::Relaxed);
    }

    /// Whether one more error is kept.
    fn keeps_error(&self) -> bool {
        self.errors.fetch_add(1, Ordering::Relaxed) < self.errors_max
    }
}

/// Puts an error beside the data, unless there are enough.
pub(crate) fn keep(ctx: &Context<'_>, error: ServerError) {
    if ctx
        .data_opt::<std::sync::Arc<Tally>>()
        .is_none_or(|tally| tally.keeps_error())
    {
        ctx.add_error(error);
    }
}

/// Is pending once, and ready at once.
async fn give_way() {
    let mut gave = false;
    poll_fn(|context| match std::mem::replace(&mut gave, true) {
        true => Poll::Ready(()),
        false => {
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}
