//! Prints how long searches take on the demo's facts: each party's names as they are typed, letter by letter, and pairs of
//! words from summaries. `cargo run --release -p rapporteur-search --example figures [-- COPIES]` records the facts' summaries
//! that many times over as happenings of their own, to see it grow.

use rapporteur_desk::Desk;
use rapporteur_desk::import::import;
use rapporteur_log::MemoryLog;
use rapporteur_search::Index;
use rapporteur_views::Views;
use rapporteur_views::timeline::Filter;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let copies: usize = std::env::args().nth(1).map_or(Ok(0), |n| n.parse())?;
    let log = Arc::new(MemoryLog::default());
    let desk = Desk::open(log, Arc::new(chrono::DateTime::default), &mut |_| {})?;
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/commands");
    let mut files: Vec<_> = fs::read_dir(dir)?
        .map(|file| file.map(|f| f.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    for file in files
        .iter()
        .filter(|file| file.extension().is_some_and(|e| e == "ndjson"))
    {
        import(&desk, fs::read(file)?.as_slice(), "desk", &mut |_| {})?;
    }
    grow(&desk, copies)?;
    let (views, index) = (desk.views(), Index::default());
    let start = Instant::now();
    index.catch_up(&views)?;
    println!("{} events read in {:?}", views.position(), start.elapsed());
    let asked = queries(&views);
    let mut took = Vec::with_capacity(asked.len() * 5);
    let mut found = 0;
    for text in asked.iter().cycle().take(asked.len() * 5) {
        let start = Instant::now();
        let answer = index.search(&views, &views, text, &Filter::default(), 50)?;
        let shown = answer.hits.iter().filter_map(|hit| answer.matched(&views, hit)).count();
        took.push(start.elapsed());
        found += shown;
    }
    report("searches with their matches shown", &mut took);
    println!("{} queries, {found} hits shown", asked.len());
    let mut after = Vec::new();
    for n in 0..200 {
        let line = format!(r#"{{"registerTopic": {{"slug": "t-{n}", "label": "Fresh topic number {n}"}}}}"#);
        import(&desk, line.as_bytes(), "desk", &mut |_| {})?;
        let views = desk.views();
        let start = Instant::now();
        let answer = index.search(&views, &views, &format!("fresh {n}"), &Filter::default(), 50)?;
        after.push(start.elapsed());
        assert!(answer.total > 0, "a search after a mutation sees it");
    }
    report("first search after a mutation", &mut after);
    Ok(())
}

fn queries(views: &Views) -> Vec<String> {
    let mut asked = Vec::new();
    for (_, party) in views.parties.all() {
        let party = &party.registered.fact;
        for name in std::iter::once(&party.name).chain(&party.aliases) {
            let ends = name.as_str().char_indices().map(|(at, c)| at + c.len_utf8());
            asked.extend(ends.map(|end| name.as_str()[..end].to_owned()));
        }
    }
    for entry in views.timeline.latest().take(500) {
        let summary = entry
            .event()
            .map(|event| event.fact().summary().into_owned())
            .unwrap_or_default();
        let words: Vec<&str> = summary.split_whitespace().collect();
        asked.extend(words.chunks(2).take(2).map(|pair| pair.join(" ")));
    }
    asked
}

fn grow(desk: &Desk, copies: usize) -> Result<(), Box<dyn Error>> {
    let views = desk.views();
    let mut lines = String::new();
    for copy in 0..copies {
        for entry in views.timeline.latest() {
            let Some(event) = entry.event() else { continue };
            let summary = format!("{} ({copy})", event.fact().summary());
            let line = serde_json::json!({ "registerTopic": {
                "slug": format!("copy-{copy}-{}", entry.position()),
                "label": format!("Copy {copy} of {}", entry.position()),
                "summary": summary,
            }});
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
    }
    import(desk, lines.as_bytes(), "desk", &mut |_| {})?;
    Ok(())
}

fn report(what: &str, took: &mut [Duration]) {
    took.sort();
    let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or_default();
    println!(
        "{what}: p50 {:?}, p95 {:?}, p99 {:?}, most {:?}",
        at(50),
        at(95),
        at(99),
        took.last()
    );
}
