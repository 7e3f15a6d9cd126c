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
