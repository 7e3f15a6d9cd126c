//! What is only supposed looks as it would if it were recorded, and nothing of it is.

use super::*;
use rapporteur_desk::supposing::{Supposed, Supposition};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

fn decide(desk: &Desk, commands: &[Value]) -> Supposition {
    let proposals = commands.iter().cloned().map(Command::parse).collect();
    let mut waiting = pin!(desk.suppose(proposals, "test"));
    loop {
        match waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(supposition) => return supposition.unwrap(),
            Poll::Pending => std::thread::yield_now(),
        }
    }
}

fn suppose(desk: &Desk, commands: &[Value]) -> Supposed {
    decide(desk, commands).folded().unwrap()
}

/// Digests of every view but the timeline, which holds envelopes: their hashes are salted.
fn digests(views: &Views) -> Vec<(&'static str, String)> {
    let all = views.digests().into_iter();
    all.filter(|(name, _)| *name != "timeline")
        .map(|(name, digest)| (name, digest.to_string()))
        .collect()
}

/// What the timeline holds, without envelopes.
fn told(views: &Views) -> Vec<(u64, String)> {
    let entries = views.timeline.latest();
    entries
        .map(|entry| (entry.position(), format!("{:?}", entry.event())))
        .collect()
}

/// An outcome without hashes.
fn unsalted(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Recorded(mut receipts) => {
            receipts.iter_mut().for_each(|receipt| receipt.hash = Hash::ZERO);
            Outcome::Recorded(receipts)
        }
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_supposed_looks_as_if_it_were_recorded(steps in histories(), batch in vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()), 1..4)) {
        let (_, desk) = given(&steps);
        let batch: Vec<Value> = batch.into_iter().map(|each| step(&desk, each)).collect();
        let before = desk.views();
        let supposed = suppose(&desk, &batch);
        prop_assert_eq!(before.digests(), desk.views().digests(), "nothing is written");
        prop_assert_eq!(before.position(), desk.views().position());
        let proposals = batch.iter().cloned().map(Command::parse).collect();
        let outcome = desk.send_batch(proposals, "test").unwrap().wait().unwrap();
        prop_assert_eq!(unsalted(supposed.outcome), unsalted(outcome.clone()));
        match outcome {
            Outcome::Recorded(_) => {
                let views = supposed.views.unwrap();
                prop_assert_eq!(digests(&views), digests(&desk.views()));
                prop_assert_eq!(told(&views), told(&desk.views()));
                prop_assert_eq!(views.position(), desk.views().position());
            }
            _ => prop_assert!(supposed.views.is_none()),
        }
    }
}

#[test]
fn what_is_recorded_meanwhile_is_not_in_the_supposition_and_its_key_is_not_used_up() {
    let (_, desk) = given(&[]);
    let named = json!({ "registerTopic": { "slug": "peace", "label": "Peace", "idempotencyKey": "k" } });
    let rename = json!({ "renameDossier": { "dossier": "troops", "slug": "forces" } });
    let supposition = decide(&desk, &[rename]);
    assert!(matches!(record(&desk, named.clone()), Outcome::Recorded(_)));
    let views = supposition.folded().unwrap().views.unwrap();
    assert!(views.timeline.dossier("forces").is_some() && views.timeline.dossier("peace").is_none());
    let again = suppose(&desk, &[named]);
    let Outcome::Recorded(receipts) = again.outcome else {
        unreachable!("it was recorded")
    };
    assert!(receipts[0].already_there);
    assert!(again.views.unwrap().moment().is_present(), "nothing was added");
    assert!(desk.views().timeline.dossier("forces").is_none());
}
