//! Totals of listings, and the numbers that make them.

use super::*;

/// A round of France that was adopted on a day.
fn count(round: &str, basis: &str, quantity: &Value) -> Value {
    let mut quantity = quantity.clone();
    quantity["what"] = json!("vessels");
    with(
        "recordCount",
        json!({ "round": round, "of": "vessels", "basis": basis, "quantity": quantity }),
    )
}

fn number(round: &str, basis: &str, value: u32) -> Value {
    count(round, basis, &json!({ "value": value }))
}

/// Whether the total of round `b` agrees, and why not.
fn total(views: &Views) -> (Option<bool>, Option<String>) {
    let found = rapporteur_views::listings::of_round(&views.rounds, "b");
    assert_eq!(found.len(), 1, "{found:?}");
    let listing = &found[0];
    (listing.agrees, listing.reason.clone())
}

#[test]
fn a_total_that_the_recorded_numbers_do_not_make_is_flagged_until_they_do() {
    let ground = [round("a", "2025-01-10"), round("b", "2025-05-10")].concat();
    let short = [
        number("a", "STATED_TOTAL", 342),
        number("b", "ADDED", 105),
        number("b", "STATED_TOTAL", 444),
    ];
    let views = given([ground.clone(), short.to_vec()].concat());
    let why = "the recorded numbers make 447; 3 taken off would explain it, and not all removals are recorded";
    assert_eq!(total(&views), (None, Some(why.to_owned())));
    let odd: Vec<_> = views.flags.of("b").collect();
    assert_eq!(odd.len(), 1);
    assert_eq!(odd[0].message, format!("vessels: 444 are stated; {why}"));
    assert_eq!(odd[0].position, views.position(), "the stated total caused it");

    let removed = number("b", "REMOVED", 3);
    let views = given([ground.clone(), short.to_vec(), vec![removed]].concat());
    assert_eq!((total(&views), flags(&views, "b")), ((Some(true), None), Vec::new()));

    let removed = number("b", "REMOVED", 2);
    let views = given([ground.clone(), short.to_vec(), vec![removed]].concat());
    assert_eq!(
        total(&views),
        (Some(false), Some("the recorded numbers make 445".to_owned()))
    );
    assert_eq!(flags(&views, "b"), ["NetTotalDoesNotAddUp"]);

    let over = [
        number("a", "STATED_TOTAL", 342),
        number("b", "ADDED", 100),
        number("b", "STATED_TOTAL", 444),
    ];
    let views = given([ground, over.to_vec()].concat());
    assert_eq!(
        total(&views),
        (Some(false), Some("the recorded numbers make 442".to_owned())),
        "nothing taken off makes it more"
    );
}

#[test]
fn a_total_with_an_unknown_part_is_open_and_no_flag() {
    let ground = [
        round("a", "2025-01-10"),
        round("between", "2025-03-10"),
        round("b", "2025-05-10"),
    ]
    .concat();
    let (before, total_after) = (number("a", "STATED_TOTAL", 342), number("b", "STATED_TOTAL", 444));
    let roughly = count("b", "ADDED", &json!({ "min": 100, "minExclusive": true }));
    for (told, why) in [
        (vec![], "no earlier total of vessels is recorded"),
        (vec![before.clone()], "how many `between` added is not recorded"),
        (
            vec![before.clone(), number("between", "ADDED", 2)],
            "how many `b` added is not recorded",
        ),
        (
            vec![before.clone(), number("between", "ADDED", 2), roughly],
            "how many `b` added is given only roughly",
        ),
        (
            vec![
                before.clone(),
                number("between", "ADDED", 2),
                number("b", "ADDED", 99),
                number("b", "ADDED", 98),
            ],
            "how many `b` added is given as 98 and as 99",
        ),
        (
            vec![
                before.clone(),
                number("a", "STATED_TOTAL", 343),
                number("between", "ADDED", 2),
            ],
            "the total of `a` is given as 342 and as 343",
        ),
    ] {
        let views = given([ground.clone(), told, vec![total_after.clone()]].concat());
        assert_eq!(total(&views), (None, Some(why.to_owned())));
        assert!(flags(&views, "b").is_empty(), "{why}");
    }
    let known = [
        before,
        number("between", "ADDED", 2),
        number("b", "ADDED", 100),
        total_after,
    ];
    let views = given([ground, known.to_vec()].concat());
    assert_eq!(total(&views), (Some(true), None));
}
