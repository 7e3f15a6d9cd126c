//! What lies ahead, as a list and as a calendar file.

use super::*;

/// The properties of each event, unfolded, in order.
fn events(file: &str) -> Vec<Vec<(String, String)>> {
    let whole = file.replace("\r\n ", "");
    let mut found: Vec<Vec<(String, String)>> = Vec::new();
    for line in whole.lines() {
        let (name, value) = line.split_once(':').unwrap();
        match (name, value) {
            ("BEGIN", "VEVENT") => found.push(Vec::new()),
            _ => {
                if let Some(event) = found.last_mut() {
                    event.push((name.to_owned(), value.to_owned()));
                }
            }
        }
    }
    found
}

fn of<'a>(event: &'a [(String, String)], name: &str) -> &'a str {
    let found = event.iter().find(|(known, _)| known == name);
    &found.unwrap_or_else(|| panic!("no {name} in {event:?}")).1
}

#[test]
fn a_calendar_has_whole_days_only_and_says_where_none_is_exact() {
    let desk = Desk::new();
    let evidence = json!({ "citations": [{ "source": "rferl-2026-01-06" }] });
    let window = json!({ "from": "18:00", "until": "24:00", "zone": "Europe/Kyiv" });
    for (slug, date) in [
        ("exact", json!("2026-03-05")),
        (
            "fuzzy",
            json!({ "edtf": "2026-03", "qualifier": "EARLY", "phrase": "early in March" }),
        ),
        ("about", json!("2026-03-05~")),
        ("hours", json!({ "edtf": "2026-03-06", "window": window })),
    ] {
        let title = format!("Talks, {slug}; again");
        let input = json!({ "slug": slug, "title": title, "plannedFor": date, "evidence": evidence });
        desk.says(&["record", "scheduleMeeting", &input.to_string()]);
    }
    let ask = |form: &str| desk.says(&["upcoming", "--from", "2026-03-01", "--days", "31", "--meetings", form]);
    let file = ask("--ics");
    assert!(
        file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && file.ends_with("END:VCALENDAR\r\n"),
        "{file}"
    );
    assert!(file.lines().all(|line| line.len() <= 75), "{file}");
    let found = events(&file);
    let listed = parsed(&ask("--json"));
    let count = |list: &str| listed["upcoming"][list].as_array().unwrap().len();
    assert_eq!(found.len(), count("certain") + count("possible"));
    let one = |slug: &str| {
        let uid = format!("meeting-{slug}@rapporteur");
        let event = found.iter().find(|event| of(event, "UID") == uid);
        event.unwrap_or_else(|| panic!("{slug}: {file}"))
    };
    for (slug, first, after, status, said) in [
        ("exact", "20260305", "20260306", "CONFIRMED", "When: 5 March 2026"),
        (
            "fuzzy",
            "20260301",
            "20260311",
            "TENTATIVE",
            "covers every possible day\\, from 2026-03-01 to 2026-03-10",
        ),
        (
            "hours",
            "20260306",
            "20260307",
            "CONFIRMED",
            "Hours: 18:00 to 24:00 (Europe/Kyiv)",
        ),
    ] {
        let event = one(slug);
        assert_eq!(of(event, "DTSTART;VALUE=DATE"), first, "{slug}");
        assert_eq!(of(event, "DTEND;VALUE=DATE"), after, "{slug}");
        assert_eq!(of(event, "STATUS"), status, "{slug}");
        assert_eq!(of(event, "SUMMARY"), format!("Talks\\, {slug}\\; again"));
        assert!(of(event, "DESCRIPTION").contains(said), "{slug}: {event:?}");
        assert_eq!(of(event, "SEQUENCE"), "1");
    }
    let about = one("about");
    assert_eq!(of(about, "STATUS"), "TENTATIVE");
    assert!(
        of(about, "DTSTART;VALUE=DATE") < "20260305" && of(about, "DTEND;VALUE=DATE") > "20260306",
        "{about:?}"
    );
    // A meeting that moves keeps its UID, and its SEQUENCE rises.
    let moved = json!({ "slug": "exact", "plannedFor": "2026-03-07", "evidence": evidence }).to_string();
    desk.says(&["record", "rescheduleMeeting", &moved]);
    let later = events(&ask("--ics"));
    let exact: Vec<_> = later
        .iter()
        .filter(|event| of(event, "UID") == "meeting-exact@rapporteur")
        .collect();
    assert_eq!(exact.len(), 1);
    assert_eq!(
        (of(exact[0], "SEQUENCE"), of(exact[0], "DTSTART;VALUE=DATE")),
        ("2", "20260307")
    );
}

#[test]
fn a_list_of_what_lies_ahead_says_what_is_certain() {
    let desk = Desk::new();
    let ask = ["upcoming", "--from", "2026-01-06", "--days", "14"];
    let answer = parsed(&desk.says(&[&ask[..], &["--json"]].concat()));
    let possible = answer["upcoming"]["possible"].as_array().unwrap();
    let twentieth = "eu-ru-20-presented-january";
    assert!(
        possible.iter().any(|item| item["dossier"]["slug"] == twentieth),
        "{answer}"
    );
    let table = desk.says(&[&ask[..], &["--width", "300"]].concat());
    let row = table.lines().find(|line| line.contains(twentieth)).unwrap();
    assert!(squeezed(row).contains("possible expectation"), "{row}");
    let said = desk.fails(2, &["upcoming", "--from", "tomorrow"]);
    assert!(said.contains("`tomorrow` is no day of the form YYYY-MM-DD"), "{said}");
    let (code, out, err) = told(&desk.run(&["upcoming", "--from", "2035-01-01", "--days", "1"], &[], b""));
    assert!(
        code == 0 && out.is_empty() && err.contains("nothing is recorded that falls between"),
        "{out}{err}"
    );
}
