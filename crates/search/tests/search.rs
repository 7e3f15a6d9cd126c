//! Parties are found by every name in any spelling, also as it is typed; what was just recorded is found.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, Utc};
use rapporteur_desk::Desk;
use rapporteur_desk::import::import;
use rapporteur_domain::date::Within;
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_log::{EventLog, MemoryLog};
use rapporteur_search::{Answer, Field, Found, Index, MOST};
use rapporteur_views::Views;
use rapporteur_views::timeline::Filter;
use std::fs;
use std::path::Path;
use std::sync::Arc;

fn desk(log: Arc<dyn EventLog>) -> Desk {
    let morning: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    Desk::open(log, Arc::new(move || morning), &mut |_| {}).unwrap()
}

/// Everything in `fixtures/commands`, in the order of the files' names.
fn commands() -> Vec<String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/commands");
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "ndjson"));
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

fn record(desk: &Desk, lines: &str) {
    let report = import(desk, lines.as_bytes(), "desk", &mut |_| {}).unwrap();
    assert_eq!(
        report.refused,
        0,
        "{:?}",
        report.lines.first().map(|line| &line.refusals)
    );
}

fn demo() -> Desk {
    let desk = desk(Arc::new(MemoryLog::default()));
    commands().iter().for_each(|lines| record(&desk, lines));
    desk
}

fn ask(index: &Index, views: &Arc<Views>, text: &str) -> Answer {
    index.search(views, views, text, &Filter::default(), MOST).unwrap()
}

/// The rank, from 0, of the dossier that this slug names.
fn rank(answer: &Answer, wanted: &Slug) -> Option<usize> {
    let is = |found: &Found| found.opens && found.dossier == *wanted;
    answer.hits.iter().position(|hit| is(&hit.found))
}

fn slugs(answer: &Answer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.found.dossier.as_str()).collect()
}

#[test]
fn every_party_is_found_first_by_its_name_and_among_five_by_each_alias_also_begun() {
    let (desk, index) = (demo(), Index::default());
    let views = desk.views();
    let mut asked = 0;
    for (slug, party) in views.parties.all() {
        let party = &party.registered.fact;
        let first = rank(&ask(&index, &views, party.name.as_str()), slug);
        assert_eq!(first, Some(0), "{}", party.name);
        for name in std::iter::once(&party.name).chain(&party.aliases) {
            let answer = ask(&index, &views, name.as_str());
            assert!(
                rank(&answer, slug).is_some_and(|rank| rank < 5),
                "{name}: {:?}",
                answer.hits
            );
            let letters: Vec<char> = name.as_str().chars().collect();
            for typed in 4..letters.len() {
                let typed: String = letters[..typed].iter().collect();
                let found = rank(&ask(&index, &views, &typed), slug);
                assert!(found.is_some(), "{typed} of {name}");
                asked += 1;
            }
        }
    }
    println!("{} parties, {asked} beginnings", views.parties.all().len());
}

#[test]
fn one_man_in_any_spelling() {
    let (desk, index) = (demo(), Index::default());
    let views = desk.views();
    let man = Slug::parse("volodymyr-zelenskyy").unwrap();
    for written in [
        "Zelensky",
        "Zelenskyy",
        "zelenskij",
        "ZELENSKIY",
        "Зеленський",
        "зеленский",
        "Зеленс",
        "Volodymyr Zelens",
        "Володимир Зеленський",
    ] {
        let answer = ask(&index, &views, written);
        assert_eq!(rank(&answer, &man), Some(0), "{written}");
        let (field, _) = answer.matched(&views, &answer.hits[0]).unwrap();
        assert_eq!(field, Field::Name, "{written}");
    }
    for (written, slug) in [
        ("Путін", "vladimir-putin"),
        ("Макрон", "emmanuel-macron"),
        ("Кушнер", "jared-kushner"),
    ] {
        let slug = Slug::parse(slug).unwrap();
        assert_eq!(rank(&ask(&index, &views, written), &slug), Some(0), "{written}");
    }
}

const LATE: &str = concat!(
    r#"{"registerParty": {"slug": "xi-jinping", "kind": "PERSON", "name": "Xi Jinping", "aliases": ["习近平"]}}"#,
    "\n",
    r#"{"registerTopic": {"slug": "grain", "label": "Grain corridor", "summary": "Who ships what past whom."}}"#,
    "\n",
);

#[test]
fn what_was_just_recorded_is_found_and_an_older_snapshot_does_not_see_it() {
    let (desk, index) = (demo(), Index::default());
    let before = desk.views();
    assert_eq!(ask(&index, &before, "习近").total, 0);
    record(&desk, LATE);
    let after = desk.views();
    for written in ["习近平", "习", "近平", "平", "xi jin"] {
        assert_eq!(
            slugs(&ask(&index, &after, written)).first(),
            Some(&"xi-jinping"),
            "{written}"
        );
        let seen = ask(&index, &before, written);
        assert!(
            !slugs(&seen).contains(&"xi-jinping") && seen.total == seen.hits.len(),
            "{written}"
        );
    }
    let answer = ask(&index, &after, "past corridor");
    assert_eq!(slugs(&answer), ["grain"], "words in different fields");
    assert_eq!(ask(&index, &after, "past corridors").total, 0, "every word is needed");
}

#[test]
fn nothing_asked_finds_nothing() {
    let (desk, index) = (demo(), Index::default());
    for written in ["", "  ", "—", "…", "zzzzqqq", "Зеленський zzzzqqq"] {
        let answer = ask(&index, &desk.views(), written);
        assert_eq!((answer.total, answer.hits.len()), (0, 0), "{written}");
    }
}

#[test]
fn filters_work_as_on_the_timeline() {
    let (desk, index) = (demo(), Index::default());
    let views = desk.views();
    let all = ask(&index, &views, "security");
    assert!(all.total > 3);
    let kinds = Filter {
        kinds: vec![DossierKind::Meeting],
        ..Filter::default()
    };
    let party = Filter {
        parties: vec![Slug::parse("fr").unwrap()],
        ..Filter::default()
    };
    let window = Filter {
        within: Some(Within::parse("2026-01-06").unwrap()),
        ..Filter::default()
    };
    for filter in [kinds, party, window] {
        let some = index.search(&views, &views, "security", &filter, MOST).unwrap();
        let kept: Vec<_> = all.hits.iter().filter(|hit| some.hits.contains(hit)).cloned().collect();
        assert_eq!(kept, some.hits, "a filter leaves the order alone");
        for hit in &all.hits {
            let of_dossier = views.timeline.of_dossier(hit.found.dossier.as_str());
            let any = of_dossier.iter().any(|entry| filter.admits(entry));
            let itself = filter.admits(views.timeline.entry(hit.found.position).unwrap());
            let passes = itself || (hit.found.opens && any);
            assert_eq!(passes, some.hits.contains(hit), "{:?}", hit.found);
        }
        assert!(some.total < all.total, "{filter:?} filters");
    }
}

#[test]
fn ranks_fall_from_names_over_titles_and_quotes_to_summaries() {
    let (desk, index) = (demo(), Index::default());
    let views = desk.views();
    for written in ["Paris", "Ukraine", "security", "Trump", "sanctions"] {
        let answer = ask(&index, &views, written);
        let fields: Vec<Field> = answer
            .hits
            .iter()
            .map(|hit| answer.matched(&views, hit).unwrap().0)
            .collect();
        assert!(fields.is_sorted(), "{written}: {fields:?}");
        let scores = answer.hits.iter().map(|hit| hit.score);
        assert!(scores.is_sorted_by(|a, b| a >= b), "{written}");
    }
}

#[test]
fn an_index_from_zero_answers_as_one_that_followed() {
    let desk = desk(Arc::new(MemoryLog::default()));
    let following = Index::default();
    for lines in commands() {
        for line in lines.lines() {
            record(&desk, line);
            following.catch_up(&desk.views()).unwrap();
        }
    }
    let (views, fresh) = (desk.views(), Index::default());
    for written in [
        "Zelensky",
        "sec",
        "Paris",
        "гривня",
        "the",
        "a",
        "2026",
        "EU sanctions",
        "coalition of the",
    ] {
        let (a, b) = (ask(&following, &views, written), ask(&fresh, &views, written));
        assert_eq!((a.total, &a.hits), (b.total, &b.hits), "{written}");
    }
}

#[test]
fn every_summary_is_searched() {
    let views = demo().views();
    let mut words = 0;
    for entry in views.timeline.latest() {
        let texts = rapporteur_search::texts::texts(&views, entry);
        let data = entry.event().unwrap().to_json().unwrap();
        if let Some(summary) = data["summary"].as_str() {
            assert!(texts.iter().any(|(_, text)| text == summary), "{summary}: {texts:?}");
        }
        words += texts.len();
    }
    println!("{words} texts in {} events", views.position());
}
