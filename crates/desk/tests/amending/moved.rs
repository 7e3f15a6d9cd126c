//! What was amended, and moved or merged afterwards.

use crate::desk::*;
use rapporteur_domain::refusal::Rule;
use rapporteur_views::contradictions;
use serde_json::{Value, json};

fn claims() -> [Value; 3] {
    [source(), claim("c", "Ten brigades."), claim("d", "Other.")]
}

fn alias(of: &str, name: &str) -> Value {
    json!({ "recordAlias": { "dossier": of, "key": "alias", "name": name, "evidence": cited() } })
}

fn move_to(from: &str, into: &str, records: &[&str]) -> Value {
    json!({ "moveRecords": { "from": from, "into": into, "records": records } })
}

impl Given {
    /// How many amendments are about what is in this dossier.
    fn amended(&self, dossier: &str) -> usize {
        let views = self.desk.views();
        let all = views.amendments.all();
        all.filter(|amendment| amendment.dossier.as_str() == dossier).count()
    }
}

#[test]
fn a_correction_goes_with_the_record_that_was_corrected() {
    let given = given(&claims());
    let wrong = given.records(alias("c", "Wrong name")).position;
    given.records(correcting(wrong, alias("c", "Right name")));
    assert_eq!((given.amended("c"), given.amended("d")), (1, 0));
    given.records(move_to("c", "d", &["c#alias"]));
    assert_eq!((given.amended("c"), given.amended("d")), (0, 1));
    assert_eq!(given.desk.views().amendments.of(wrong)[0].dossier.as_str(), "d");
    given.holds();
    given.restores();
}

#[test]
fn what_tells_of_an_amendment_is_not_moved() {
    let given = given(&claims());
    let wrong = given.records(alias("c", "Wrong name")).position;
    given.records(correcting(wrong, alias("c", "Right name")));
    let right = given.head();
    given.records(retract("c", right));
    given.records(redact("c", wrong));
    for note in ["c#corrected", "c#retracted", "c#redacted"] {
        assert_eq!(
            given.refuses(move_to("c", "d", &[note])).rule,
            Rule::NotMovable,
            "{note}"
        );
    }
}

#[test]
fn what_is_one_thing_by_now_contradicts_nothing() {
    let given = given(&claims());
    given.records(json!({ "linkRecords": { "from": "c", "link": "CONTRADICTS", "to": "d" } }));
    assert_eq!(contradictions::all(&given.desk.views()).len(), 1);
    given.records(json!({ "mergeDossiers": { "dossier": "d", "into": "c" } }));
    assert_eq!(contradictions::all(&given.desk.views()).len(), 0);
    given.holds();
}
