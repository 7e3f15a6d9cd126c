//! Permalinks, end to end: all of a store hold, in a copy of it too, and none does once what it rests on was altered.

use crate::binary::{Server, run, told};
use rapporteur_log::EventLog;
use rapporteur_log_sled::{Options, SledLog};
use rapporteur_testkit::facts;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::tempdir;

/// How many events the store holds.
const EVENTS: usize = 1_000;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn commands() -> Vec<String> {
    let lines: String = facts::files().into_iter().map(|(_, lines)| lines).collect();
    let lines: Vec<String> = lines.lines().take(EVENTS).map(str::to_owned).collect();
    assert_eq!(lines.len(), EVENTS);
    lines
}

fn recorded(dir: &Path, lines: &[String]) {
    let (code, out, err) = told(&run(&["import", "-", "--data", text(dir)], lines.join("\n").as_bytes()));
    assert_eq!(code, 0, "{out}{err}");
}

/// The data of a document's answer.
fn ask(server: &Server, document: &str) -> Value {
    let body = json!({ "query": document }).to_string();
    let (status, answer) = server.connect().post(&body).unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert!(status == 200 && answer["errors"].is_null(), "{document}\n{answer}");
    answer["data"].clone()
}

/// Every text called `permalink` in an answer.
fn collect(answer: &Value, into: &mut BTreeSet<String>) {
    match answer {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(link) if name == "permalink" => drop(into.insert(link.clone())),
                    member => collect(member, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        _ => {}
    }
}

/// A link to every event and every value, of the present and of the public's, and to many values of earlier positions.
fn links(server: &Server) -> Vec<String> {
    let mut found = BTreeSet::new();
    let events: Vec<String> = (1..=EVENTS)
        .map(|at| format!("e{at}: event(position: {at}) {{ dossier {{ slug }} permalink }}"))
        .collect();
    let mut slugs = BTreeSet::new();
    for some in events.chunks(50) {
        let answer = ask(server, &format!("{{ {} }}", some.join(" ")));
        let dossiers = answer.as_object().unwrap().values();
        slugs.extend(dossiers.filter_map(|event| event["dossier"]["slug"].as_str().map(str::to_owned)));
        collect(&answer, &mut found);
    }
    assert_eq!(found.len(), EVENTS, "a link to each event");
    let slugs: Vec<String> = slugs.into_iter().collect();
    for moment in [
        "",
        "recorded: \"400\"",
        "recorded: \"777\"",
        "published: \"2025-07-01\"",
        "recorded: \"900\", published: \"2026-01-05\"",
    ] {
        for some in slugs.chunks(20) {
            let fields: Vec<String> = some
                .iter()
                .enumerate()
                .map(|(n, slug)| {
                    format!("d{n}: dossier(slug: \"{slug}\") {{ values(first: 200) {{ nodes {{ permalink }} }} }}")
                })
                .collect();
            let fields = fields.join(" ");
            let document = match moment {
                "" => format!("{{ {fields} }}"),
                moment => format!("{{ asOf({moment}) {{ {fields} }} }}"),
            };
            collect(&ask(server, &document), &mut found);
        }
    }
    found.into_iter().collect()
}

/// The exit code of `verify` with these links, and what it says.
fn verified(dir: &Path, links: &[String]) -> (i32, String) {
    let (code, out, err) = told(&run(
        &["verify", "--data", text(dir), "--permalink", "-"],
        links.join("\n").as_bytes(),
    ));
    (code, format!("{out}{err}"))
}

/// The files of a store.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(file, target).unwrap();
    }
}

#[test]
fn every_permalink_of_a_thousand_events_holds_and_none_once_a_payload_is_altered() {
    let dir = tempdir().unwrap();
    let store = dir.path().join("store");
    let lines = commands();
    recorded(&store, &lines);
    let server = Server::start(&store, &[]);
    let links = links(&server);
    opened(&server, &links);
    assert_eq!(server.stop(), 0);
    assert!(links.len() > 4 * EVENTS, "{} links", links.len());
    println!("{} permalinks of {EVENTS} events", links.len());

    let (code, said) = verified(&store, &links);
    assert_eq!(
        code,
        0,
        "{}",
        said.lines()
            .filter(|line| line.starts_with("broken"))
            .take(5)
            .collect::<String>()
    );
    assert_eq!(
        said.lines().filter(|line| line.starts_with("holds: ")).count(),
        links.len()
    );
    let more = r#"{"registerTopic": {"slug": "later", "label": "Later"}}"#.to_owned();
    recorded(&store, &[more]);
    assert_eq!(
        verified(&store, &links).0,
        0,
        "what is recorded later takes nothing from them"
    );

    let day = "published=2025-07-01";
    let of_another_day: Vec<String> = links
        .iter()
        .filter(|link| link.contains(day))
        .map(|link| link.replace(day, "published=2025-07-02"))
        .collect();
    let (code, said) = verified(&store, &of_another_day);
    assert!(
        code == 5 && of_another_day.len() > 100,
        "{} links",
        of_another_day.len()
    );
    assert_eq!(said.matches("broken: ").count(), of_another_day.len());

    let again = dir.path().join("again");
    let export = run(&["export", "--data", text(&store)], b"").stdout;
    assert_eq!(told(&run(&["restore", "-", "--data", text(&again)], &export)).0, 0);
    assert_eq!(verified(&again, &links).0, 0, "a restored copy has the same history");

    altered_on_disk(&store, dir.path(), &links);

    let taken = dir.path().join("taken");
    copy(&store, &taken);
    SledLog::open(&taken, &Options::default()).unwrap().redact(500).unwrap();
    let (code, said) = verified(&taken, &links);
    assert_eq!(code, 5, "a payload that was taken out without a word: {said}");
    assert!(said.contains("the event at position 500"), "{said}");
}

/// Links as somebody opens them in a browser.
fn opened(server: &Server, links: &[String]) {
    let find = |part: &str| links.iter().find(|link| link.contains(part)).unwrap();
    let page = |link: &str| server.connect().get(link).unwrap();
    let (status, text) = page(find("/eu-ru-18/STAGE_DATE/ADOPTED?"));
    assert_eq!(status, 200, "{text}");
    assert!(
        text.contains("STAGE_DATE ADOPTED: 18 July 2025\n  decides: 659, recorded 20")
            && text.contains("This link holds")
    );
    let (status, text) = page(find("/event/7/"));
    assert!(status == 200 && text.starts_with("7, recorded 20"), "{text}");
    assert_eq!(page(find("%20ADDED?")).0, 200, "what has to be encoded is");
    let (status, text) = page(&find("/event/7/").replace("/7/", "/8/"));
    assert!(
        status == 409 && text.contains("this is another store, or it was rewritten"),
        "{text}"
    );
    let (status, text) = page("/at/1/somewhere");
    assert!(status == 404 && text.contains("is no permalink"), "{text}");
}

/// A payload that was altered on disk, wherever its text stands: refused, or what is shown is as it was.
fn altered_on_disk(store: &Path, dir: &Path, links: &[String]) {
    let needle = b"Eighteenth package";
    let exported = |dir: &Path| run(&["export", "--data", text(dir)], b"").stdout;
    let whole = exported(store);
    let (mut tried, mut refused) = (0, 0);
    for file in files(store) {
        let bytes = fs::read(&file).unwrap();
        let places: Vec<usize> = bytes
            .windows(needle.len())
            .enumerate()
            .filter(|(_, window)| window == needle)
            .map(|(at, _)| at)
            .collect();
        for at in places {
            let altered = dir.join(format!("altered-{tried}"));
            copy(store, &altered);
            let mut bytes = bytes.clone();
            bytes[at] ^= 1;
            fs::write(altered.join(file.strip_prefix(store).unwrap()), bytes).unwrap();
            let (code, said) = verified(&altered, links);
            assert!(code == 5 || exported(&altered) == whole, "{} at {at}", file.display());
            fs::remove_dir_all(altered).unwrap();
            tried += 1;
            // Sled leaves copies behind that nothing reads any more.
            match code {
                5 => assert!(said.contains("damaged"), "{said}"),
                _ => assert!(code == 0 && said.contains("/eu-ru-18/TITLE?") && said.contains(": Eighteenth package")),
            }
            refused += usize::from(code == 5);
        }
    }
    assert!(refused > 0, "of {tried} places where the text stands, none is read");
}

#[test]
fn a_history_that_was_written_anew_has_other_hashes() {
    let dir = tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| dir.path().join(name));
    let lines = &commands()[..60];
    recorded(&first, lines);
    let server = Server::start(&first, &[]);
    let answer = ask(
        &server,
        "{ event(position: 50) { permalink dossier { values(first: 200) { nodes { permalink } } } } }",
    );
    assert_eq!(server.stop(), 0);
    let mut links = BTreeSet::new();
    collect(&answer, &mut links);
    let links: Vec<String> = links.into_iter().collect();
    assert!(links.len() > 1);
    assert_eq!(verified(&first, &links).0, 0);

    recorded(&second, lines);
    let (code, said) = verified(&second, &links);
    assert_eq!(code, 5, "{said}");
    assert_eq!(said.matches("broken: ").count(), links.len(), "{said}");
    assert!(said.contains("this is another store, or it was rewritten"), "{said}");

    let short = dir.path().join("short");
    recorded(&short, &lines[..10]);
    let (code, said) = verified(&short, &links[..1]);
    assert!(code == 5 && said.contains("the log ends at 10"), "{said}");

    let (code, _, err) = told(&run(&["verify", "--data", text(&first), "--permalink", "/at/1/x"], b""));
    assert!(code == 2 && err.contains("`/at/1/x` is no permalink"), "{err}");
    let wrong = links.iter().find(|link| link.starts_with("/at/")).unwrap();
    let wrong = format!(
        "{}{}",
        &wrong[..wrong.len() - 1],
        if wrong.ends_with('0') { '1' } else { '0' }
    );
    let (code, said) = verified(&first, &[wrong]);
    assert!(code == 5 && said.contains("reads it otherwise"), "{said}");
}

#[test]
fn a_link_with_one_other_digit_breaks_and_one_to_what_was_redacted_says_so() {
    let dir = tempdir().unwrap();
    let store = dir.path().join("store");
    recorded(&store, &commands()[..60]);
    let server = Server::start(&store, &[]);
    let answer = ask(&server, "{ event(position: 50) { permalink dossier { slug } } }");
    assert_eq!(server.stop(), 0);
    let link = answer["event"]["permalink"].as_str().unwrap().to_owned();
    let slug = &answer["event"]["dossier"]["slug"];
    let (code, said) = verified(&store, std::slice::from_ref(&link));
    assert!(
        code == 0 && said.contains(&format!("holds: {link}: the event is there\n")),
        "{said}"
    );

    let start = link.rfind('/').unwrap() + 1;
    for at in [start, link.len() - 1] {
        let mut other = link.clone();
        let digit = if link[at..].starts_with('0') { "1" } else { "0" };
        other.replace_range(at..=at, digit);
        let (code, said) = verified(&store, std::slice::from_ref(&other));
        assert!(code == 5 && said.contains(&format!("broken: {other}: ")), "{said}");
    }

    let input = json!({ "dossier": slug, "position": 50, "reason": "Test." }).to_string();
    let redaction = run(&["record", "redactRecord", &input, "--data", text(&store)], b"");
    assert_eq!(told(&redaction).0, 0, "{:?}", told(&redaction));
    let (code, said) = verified(&store, std::slice::from_ref(&link));
    let redacted = format!("holds: {link}: the event is there, and what it said was redacted by the one at 61\n");
    assert!(code == 0 && said.contains(&redacted), "{said}");
}
