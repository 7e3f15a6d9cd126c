//! Stages of rounds: where a round stands, what is odd, and how many days lie between.

use super::*;

#[test]
fn a_round_stands_where_it_came_last_and_undated_stages_do_not_count_as_last() {
    let views = given([
        stage("ADOPTED", json!("2026-01-20"), json!({})),
        stage("PROPOSED", json!("2026-01-10"), json!({})),
        stage("FLOATED", json!({ "phrase": "some time ago" }), json!({})),
    ]);
    assert_eq!(round_stage(&views), "Adopted");
    let views = given([stage("FLOATED", json!({ "phrase": "some time ago" }), json!({}))]);
    assert_eq!(round_stage(&views), "Floated");
    let views = given([
        stage("AGREED", json!("2026-01"), json!({ "body": "Coreper" })),
        stage("PROPOSED", json!("2026-01-10"), json!({})),
    ]);
    assert_eq!(
        round_stage(&views),
        "Agreed",
        "of two that may be either way round, the one further along"
    );
}

#[test]
fn records_of_one_stage_stand_together_only_where_they_say_the_same() {
    let views = given([
        stage(
            "BLOCKED",
            json!("2026-01-20"),
            json!({ "by": ["fr"], "reason": "energy prices" }),
        ),
        stage(
            "BLOCKED",
            json!("2026-01-20"),
            json!({ "by": ["de"], "reason": "shipping" }),
        ),
        stage("AGREED", json!("2026-02-01"), json!({ "body": "Coreper" })),
        stage("AGREED", json!("2026-02-01"), json!({ "body": "European Council" })),
        stage(
            "AGREED",
            json!("2026-02-01"),
            json!({ "body": "Coreper", "summary": "Again." }),
        ),
        stage(
            "PROPOSED",
            json!({ "edtf": "2026-01", "qualifier": "EARLY" }),
            json!({}),
        ),
        stage("PROPOSED", json!({ "edtf": "2026-01", "qualifier": "LATE" }), json!({})),
    ]);
    let told: Vec<usize> = views
        .rounds
        .get("r")
        .unwrap()
        .stages
        .iter()
        .map(|s| s.told.len())
        .collect();
    assert_eq!(told, [1, 1, 2, 1, 1, 1]);
    assert_eq!(flags(&views, "r"), ["RivalStageDates"], "early and late January");
}

#[test]
fn dates_that_may_be_one_are_no_rivals() {
    let views = given([
        stage("PROPOSED", json!("2026-01-06"), json!({})),
        stage("PROPOSED", json!("2026-01"), json!({})),
        stage("PUBLISHED", json!("2026-02-01"), json!({})),
        stage("ADOPTED", json!("2026-02-10"), json!({})),
    ]);
    assert_eq!(flags(&views, "r"), ["PublishedBeforeAdopted"]);
}

#[test]
fn a_flag_goes_when_its_cause_does() {
    let adopted = stage("ADOPTED", json!("2026-02-01"), json!({}));
    let [open, proposed] = another_proposed(&["fr"]);
    let without = [open, proposed, adopted];
    assert_eq!(flags(&given(without.clone()), "r"), ["AdoptedWithoutProposal"]);
    let proposed = stage("PROPOSED", json!("2026-01-06"), json!({}));
    let views = given(without.into_iter().chain([proposed]));
    assert!(flags(&views, "r").is_empty());
}

/// Another round, by these senders, that was proposed.
fn another_proposed(senders: &[&str]) -> [Value; 2] {
    let open = json!({ "openRound": { "slug": "q", "title": "Another", "senders": senders, "target": "ru" } });
    let proposed = json!({ "round": "q", "stage": "PROPOSED", "reachedOn": "2025-05-01" });
    [open, with("recordStage", proposed)]
}

#[test]
fn adoption_without_a_proposal_is_odd_only_for_senders_that_propose() {
    let adopted = || stage("ADOPTED", json!("2026-02-01"), json!({}));
    assert!(
        flags(&given([adopted()]), "r").is_empty(),
        "no proposal of this sender is recorded"
    );
    let [open, proposed] = another_proposed(&["us", "fr"]);
    assert!(
        flags(&given([open, proposed, adopted()]), "r").is_empty(),
        "a joint round is another procedure"
    );
    let [open, proposed] = another_proposed(&["fr"]);
    let views = given([adopted(), open.clone(), proposed.clone(), adopted()]);
    let odd: Vec<u64> = views.flags.of("r").map(|f| f.position).collect();
    let first_proposal = views.timeline.of_record("q#proposed")[0].position();
    assert_eq!(odd, [first_proposal], "the same adoption again is recorded once");
    let views = given([
        adopted(),
        stage("PROPOSED", json!("2026-01-06"), json!({})),
        open,
        proposed,
    ]);
    assert!(flags(&views, "r").is_empty());
}

#[test]
fn days_between_stages_are_as_fuzzy_as_their_dates_and_places_as_open() {
    use rapporteur_domain::round::Stage::{Adopted, Proposed};
    use rapporteur_views::days::{Days, between, rank};
    let proposed = |slug: &str, on: &str| {
        with(
            "recordStage",
            json!({ "round": slug, "stage": "PROPOSED", "reachedOn": on }),
        )
    };
    let views = given(
        [
            round("short", "2025-01-10").to_vec(),
            round("month", "2025-02-28").to_vec(),
            round("long", "2025-03-31").to_vec(),
            round("doubted", "2025-04-30").to_vec(),
            round("open", "2025-05-30").to_vec(),
            round("unproposed", "2025-06-30").to_vec(),
            vec![
                proposed("short", "2025-01-05"),
                proposed("month", "2025-02"),
                proposed("long", "2025-03-01"),
                proposed("long", "2025-03-11"),
                proposed("doubted", "2025-04-01?"),
                proposed("open", "[..2025-05-01]"),
            ],
        ]
        .concat(),
    );
    let days = |slug: &str| between(views.rounds.get(slug).unwrap(), Proposed, Adopted);
    let sure = |least, most| {
        Some(Days {
            least,
            most,
            doubted: false,
        })
    };
    assert_eq!(days("short"), sure(Some(5), Some(5)));
    assert_eq!(days("month"), sure(Some(0), Some(27)));
    assert_eq!(days("long"), sure(Some(20), Some(30)), "rival dates are all counted");
    assert_eq!(days("open"), sure(Some(29), None));
    assert!(days("doubted").unwrap().doubted);
    assert_eq!(days("unproposed"), None);
    let places = |slug: &str| {
        let rank = rank(&views.rounds, slug, Proposed, Adopted).unwrap();
        assert_eq!((rank.of, rank.median), (3, Some((5.0, 27.0))));
        assert_eq!(
            rank.left_out.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["doubted", "open"]
        );
        rank.best.zip(rank.worst)
    };
    assert_eq!(places("short"), Some((1, 2)));
    assert_eq!(places("month"), Some((1, 3)));
    assert_eq!(places("long"), Some((2, 3)));
    assert_eq!(places("doubted"), None);
}

#[test]
fn what_lifts_a_block_comes_after_it_and_concerns_the_same_party() {
    let views = given([
        stage("BLOCKED", json!("2026-01-10"), json!({ "by": ["fr"] })),
        stage("BLOCKED", json!("2026-01-20"), json!({ "by": ["de"] })),
        stage("UNBLOCKED", json!("2026-01-15"), json!({ "by": ["fr"] })),
        stage("UNBLOCKED", json!("2026-01-05"), json!({})),
        stage("UNBLOCKED", json!("2026-01"), json!({})),
    ]);
    let stages = &views.rounds.get("r").unwrap().stages;
    let lifting = |block: usize| -> Vec<_> {
        let found = stages.iter().filter(|other| stages[block].may_be_lifted_by(other));
        found.map(|s| s.reached_on.edtf().unwrap()).collect()
    };
    assert_eq!(lifting(0), ["2026-01-15", "2026-01"]);
    assert_eq!(lifting(1), ["2026-01"]);
    assert!(lifting(2).is_empty(), "what lifts is not lifted");
}
