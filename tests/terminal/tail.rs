//! A tail that follows a log.

use super::*;

#[test]
fn a_tail_that_follows_shows_what_is_recorded_and_ends_when_asked() {
    let desk = Desk::new();
    let server = Server::start(&desk.store(), &[]);
    let url = format!("http://{}", server.address);
    let mut tail = desk.command(rapporteur().to_str().unwrap());
    tail.args(["log", "tail", "--follow", "-n", "2", "--endpoint", &url]);
    let mut tail = tail.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(tail.stdout.take().unwrap()).lines();
    let mut next = || lines.next().unwrap().unwrap();
    assert!(next().trim_start().starts_with(&format!("{}  ", desk.facts - 1)));
    assert!(next().trim_start().starts_with(&format!("{}  ", desk.facts)));
    for (slug, position) in [("one", desk.facts + 1), ("two", desk.facts + 2)] {
        let input = json!({ "slug": slug, "label": "A label" }).to_string();
        desk.says(&["record", "registerTopic", &input, "--endpoint", &url]);
        let line = next();
        assert!(
            line.trim_start().starts_with(&position.to_string())
                && line.contains(&format!("topic.registered            {slug}  A label")),
            "{line}"
        );
    }
    let (code, err) = stopped(tail, "-INT");
    let all = desk.shell(&format!("rapporteur export --endpoint {url} > all.ndjson"));
    assert_eq!(told(&all).0, 0, "{}", told(&all).2);
    let all = fs::read_to_string(desk.dir.path().join("all.ndjson")).unwrap();
    assert!(all.lines().count() > desk.facts, "{}", all.lines().count());
    assert_eq!(code, 130, "{err}");
    assert!(
        err.contains(&format!("stopped after position {}", desk.facts + 2)),
        "{err}"
    );
}

#[test]
fn a_tail_says_what_became_of_an_event() {
    let desk = Desk::new();
    let topic = |label: &str, more: Value| {
        let mut input = json!({ "slug": "one", "label": label });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        desk.says(&["record", "registerTopic", &input.to_string()]);
    };
    let first = desk.facts + 1;
    topic("Wrong", json!({}));
    topic(
        "Right",
        json!({ "corrects": { "position": first, "reason": "Misread." } }),
    );
    let tail = desk.says(&["log", "tail", "-n", "3"]);
    let lines: Vec<String> = tail.lines().map(squeezed).collect();
    assert!(
        lines[0].ends_with(&format!("topic.registered one (corrected by {}) Wrong", first + 1)),
        "{tail}"
    );
    assert!(lines[1].ends_with("dossier.record-corrected one Misread."), "{tail}");
    assert!(lines[2].ends_with("topic.registered one Right"), "{tail}");
}

/// Reads on until a line holds `text`, and gives all positions that were shown until then.
fn shown(lines: &mut impl Iterator<Item = std::io::Result<String>>, text: &str) -> Vec<usize> {
    let mut positions = Vec::new();
    for line in lines {
        let line = line.unwrap();
        positions.push(line.split_whitespace().next().unwrap().parse().unwrap());
        if line.contains(text) {
            return positions;
        }
    }
    panic!("`{text}` was never shown; {positions:?} were");
}

#[test]
fn a_tail_goes_on_over_restarts_without_a_gap_and_without_a_repeat() {
    let desk = Desk::new();
    let mut server = Server::start(&desk.store(), &[]);
    let address = server.address.clone();
    let url = format!("http://{address}");
    let mut tail = desk.command(rapporteur().to_str().unwrap());
    tail.args(["log", "tail", "--follow", "-n", "1", "--endpoint", &url]);
    let mut tail = tail.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(tail.stdout.take().unwrap()).lines();
    let record = |slug: &str, more: &[&str]| {
        let input = json!({ "slug": slug, "label": format!("Label of {slug}") }).to_string();
        desk.says(&[&["record", "registerTopic", &input], more].concat());
    };
    let mut positions = Vec::new();
    for (round, kill) in [false, true].into_iter().enumerate() {
        let there = ["--endpoint", url.as_str()];
        record(&format!("before-{round}"), &there);
        positions.extend(shown(&mut lines, &format!("Label of before-{round}")));
        // One that was just recorded, perhaps not yet shown when the server goes.
        record(&format!("just-{round}"), &there);
        if kill {
            drop(server);
        } else {
            assert_eq!(server.stop(), 0);
        }
        // Recorded while nobody serves.
        record(&format!("between-{round}"), &[]);
        record(&format!("again-{round}"), &[]);
        server = Server::start_at(&address, &desk.store());
        record(&format!("after-{round}"), &there);
        positions.extend(shown(&mut lines, &format!("Label of after-{round}")));
    }
    assert_eq!(positions, (desk.facts..=desk.facts + 10).collect::<Vec<_>>());
    let (code, err) = stopped(tail, "-INT");
    assert_eq!(code, 130, "{err}");
    assert!(err.contains("asking again after position "), "{err}");
    assert_eq!(server.stop(), 0);
}
