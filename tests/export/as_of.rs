//! Exports as of a moment: the log of then, or an extract.

use super::*;

#[test]
fn an_export_as_of_a_position_is_the_log_of_then_and_restores() {
    let dir = tempdir().unwrap();
    let [store, copy] = ["store", "copy"].map(|name| dir.path().join(name));
    let lines: String = facts::files().into_iter().map(|(_, lines)| lines).collect();
    recorded(&store, &lines);
    let whole = exported(&store);
    let (code, part, err) = told(&run(
        &["export", "--data", text(&store), "--as-of", "recorded:400"],
        b"",
    ));
    assert_eq!(code, 0, "{err}");
    let first = |text: &str| text.lines().take(400).map(str::to_owned).collect::<Vec<String>>();
    assert_eq!(first(&part), first(&whole), "line by line the same");
    assert_eq!(part.lines().count(), 401);
    let (code, out, err) = restored(&part, &copy);
    assert_eq!(code, 0, "{out}{err}");
    let event: Value = serde_json::from_str(whole.lines().nth(399).unwrap()).unwrap();
    assert_eq!(
        head(&verified(&copy)),
        format!("400 {}", event["hash"].as_str().unwrap())
    );
    let (code, _, err) = told(&run(
        &["export", "--data", text(&store), "--as-of", "recorded:99999"],
        b"",
    ));
    assert!(code == 2 && err.contains("the log ends at"), "{err}");
    let server = Server::start(&store, &[]);
    let url = format!("http://{}", server.address);
    let (code, served, err) = told(&run(&["export", "--endpoint", &url, "--as-of", "recorded:400"], b""));
    assert_eq!(code, 0, "{err}");
    assert!(served == part, "the same from a server");
    assert_eq!(server.stop(), 0);
    redact(&store, 300);
    let then = ["export", "--data", text(&store), "--as-of", "recorded:400"];
    let (code, part, err) = told(&run(&then, b""));
    assert!(
        code == 0 && err.contains("note: 1 of these events were redacted later"),
        "{err}"
    );
    let redacted = dir.path().join("redacted");
    assert_eq!(restored(&part, &redacted).0, 0);
    let (code, out, err) = told(&run(&["verify", "--data", text(&redacted)], b""));
    assert!(
        code == 5 && format!("{out}{err}").contains("the event at position 300"),
        "{out}{err}"
    );
}

#[test]
fn an_export_as_of_a_day_is_an_extract_of_what_was_public_and_no_log() {
    let dir = tempdir().unwrap();
    let [store, copy] = ["store", "copy"].map(|name| dir.path().join(name));
    let lines: String = facts::files().into_iter().map(|(_, lines)| lines).collect();
    recorded(&store, &lines);
    let june = ["export", "--data", text(&store), "--as-of", "published:2025-06-30"];
    let before = told(&run(&june, b"")).1;
    let (gone, words) = before.lines().skip(200).find_map(words_of).unwrap();
    assert_eq!(before.matches(&words).count(), 1, "{words}");
    redact(&store, gone);
    let server = Server::start(&store, &[]);
    let url = format!("http://{}", server.address);
    for moment in [
        "published:2025-06-30",
        "published:2025-06-30~!",
        "recorded:900,published:2025-06-30",
    ] {
        let (code, served, err) = told(&run(&["export", "--endpoint", &url, "--as-of", moment], b""));
        assert_eq!(code, 0, "{err}");
        let lines: Vec<Value> = served.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let (began, rest) = lines.split_first().unwrap();
        let (ended, events) = rest.split_last().unwrap();
        assert_eq!(
            (&began["moment"], &began["restorable"]),
            (&json!(moment), &json!(false))
        );
        assert_eq!(ended["events"], events.len().to_string());
        assert!(events.len() > 100 && events.len() < 1_000, "{}", events.len());
        let positions: Vec<u64> = events
            .iter()
            .map(|event| event["position"].as_str().unwrap().parse().unwrap())
            .collect();
        assert!(positions.is_sorted() && !positions.contains(&gone) && !served.contains(&words));
        assert!(!served.contains("\"payload\"") && !served.contains("\"salt\""));
        let asked = moment.split(',').map(|part| part.split_once(':').unwrap());
        let arguments = asked.map(|(clock, at)| {
            let day = at.trim_end_matches(['~', '!']);
            let possibly = if at.contains('~') { ", match: POSSIBLY" } else { "" };
            let dated = if at.contains('!') { ", onlyDated: true" } else { "" };
            format!("{clock}: \"{day}\"{possibly}{dated}")
        });
        let arguments = arguments.collect::<Vec<String>>().join(", ");
        let fields: Vec<String> = positions
            .iter()
            .map(|at| format!("e{at}: entry(position: {at}) {{ position }}"))
            .collect();
        let mut asker = server.connect();
        for some in fields.chunks(100) {
            let query = format!("{{ asOf({arguments}) {{ events {} }} }}", some.join(" "));
            let data = asker.data(&query, &json!({})).unwrap();
            let shown = data["asOf"].as_object().unwrap();
            assert!(shown.values().all(|entry| !entry.is_null()), "all are public then");
            assert_eq!(data["asOf"]["events"], events.len(), "and no others");
        }
        let (code, _, err) = restored(&served, &copy);
        assert!(
            code == 4 && err.contains(&format!("an extract as of {moment}, and no log")),
            "{err}"
        );
        assert_ne!(
            told(&run(&["verify", "--data", text(&copy)], b"")).0,
            0,
            "no store is left"
        );
    }
    for (path, wanted) in [
        ("asOf=yesterday", "is no moment"),
        ("since=1", "`asOf` may be given, or `after` and `until`"),
        ("after=1&asOf=recorded:1", "`asOf` goes without"),
        ("after=99999", "`after` is 99999"),
        ("until=99999", "the log ends at"),
        ("after=5&until=4", "does not end at 4"),
        ("after=-1", "invalid digit"),
        ("asOf=recorded:99999", "the log ends at"),
    ] {
        let (status, body) = server.connect().get(&format!("/export.ndjson?{path}")).unwrap();
        assert!(status == 400 && body.contains(wanted), "{status} {body}");
    }
    let told_by_server = told(&run(
        &["export", "--endpoint", &url, "--as-of", "published:2025-06-30"],
        b"",
    ))
    .1;
    assert_eq!(server.stop(), 0);
    let (code, here, err) = told(&run(&june, b""));
    assert_eq!(code, 0, "{err}");
    assert!(here == told_by_server, "the same from a store");
}

/// The position and the words of an event of an extract, where it has a summary.
fn words_of(line: &str) -> Option<(u64, String)> {
    let event: Value = serde_json::from_str(line).unwrap();
    let words = event["data"]["summary"].as_str().filter(|words| words.len() > 40)?;
    let position = event["position"].as_str()?.parse().ok()?;
    Some((position, words.to_owned()))
}
