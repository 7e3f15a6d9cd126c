//! What is not there, and what is in the way, is said with the way out.

use super::*;

#[test]
fn what_is_not_recorded_is_said_with_what_is_near() {
    let desk = Desk::new();
    for (args, holds) in [
        (
            &["round", "eu-ru-81"][..],
            &["no round `eu-ru-81` is recorded", "`eu-ru-18`"][..],
        ),
        (
            &["party", "zelensky"],
            &["no party `zelensky` is recorded", "`volodymyr-zelenskyy`"],
        ),
        (
            &["meeting", "eu-ru-18"],
            &["`eu-ru-18` is a round: `rapporteur round eu-ru-18`"],
        ),
        (&["plan", "us-pln"], &["`us-plan`"]),
        (
            &["plan", "diff", "us-plan/28", "us-plan/21"],
            &["no version `21`; it has: 28, 20, 19"],
        ),
        (
            &["plan", "us-plan/99"],
            &["plan `us-plan` has no version `99`; it has: 28, 20, 19"],
        ),
        (&["plan", "us-pln/20"], &["no plan `us-pln`", "`us-plan`"]),
        (&["timeline", "--party", "uaa"], &["no party `uaa`", "`ua`"]),
        (&["timeline", "--topic", "no-such-topic"], &["no topic `no-such-topic`"]),
        (&["search", "Macron", "--dossier", "nope"], &["no dossier `nope`"]),
    ] {
        let said = desk.fails(3, args);
        for text in holds {
            assert!(said.contains(text), "{args:?} does not say `{text}`: {said}");
        }
    }
    let (code, out, err) = told(&desk.run(&["timeline", "--party", "ua", "--within", "2031"], &[], b""));
    assert_eq!((code, out.as_str()), (0, ""));
    let without = |flag: &str| -> u64 {
        let line = err
            .lines()
            .find(|line| line.contains(&format!("without {flag}: ")))
            .unwrap();
        line.rsplit(' ').next().unwrap().replace(',', "").parse().unwrap()
    };
    let all = parsed(&desk.says(&["timeline", "--party", "ua", "--json", "--first", "1"]));
    assert_eq!(json!(without("--within 2031")), all["timeline"]["totalCount"], "{err}");
    let (code, out, err) = told(&desk.run(&["search", "Rubio", "--kind", "act"], &[], b""));
    assert!(
        code == 0 && out.is_empty() && err.contains("without --kind act: "),
        "{code} {out}{err}"
    );
    let (code, out, err) = told(&desk.run(&["search", "xyzzy", "--json"], &[], b""));
    assert!(code == 0 && err.contains("nothing found"), "{err}");
    assert_eq!(parsed(&out)["search"]["nodes"], json!([]));
    for (args, text) in [
        (&["timeline", "--within", "soon"][..], "--within: "),
        (&["search", "\""], "in which there is no word"),
        (&["search", "?!", "--kind", "party"], "in which there is no word"),
        (&["timeline", "--match", "surely"], "--within"),
        (&["timeline", "--kind", "party-time"], "possible values"),
        (&["round", "a", "--endpoint", "https://a"], "TLS"),
        (&["round", "a", "--endpoint", "http://"], "no address of a server"),
        (
            &["round", "a", "--endpoint", "http://a", "--data", "b"],
            "cannot be used with",
        ),
        (&["log", "tail", "--follow"], "--follow needs a running server"),
        (&["log", "tail", "--after", "99999"], "the log ends at "),
        (&["man", "fly"], "there is no command `fly`"),
        (&["why", "eu-ru-18", "stage-dates"], "possible values"),
        (
            &["verify", "--permalink", "-"],
            "no permalink is given on standard input",
        ),
    ] {
        let said = desk.fails(2, args);
        assert!(said.contains(text), "{args:?} does not say `{text}`: {said}");
    }
}

#[test]
fn a_store_in_use_and_a_server_that_is_not_there_are_said_with_the_way_out() {
    let desk = Desk::new();
    let server = Server::start(&desk.store(), &[]);
    for args in [
        &["round", "eu-ru-18"][..],
        &["record", "registerTopic", r#"{"slug": "t", "label": "T"}"#],
        &["record", "registerTopic", r#"{"slug": "t", "label": "T"}"#, "--dry-run"],
        &["log", "tail"],
    ] {
        let said = desk.fails(1, args);
        assert!(
            said.contains("in use by another process") && said.contains("--endpoint http"),
            "{args:?}: {said}"
        );
    }
    let address = server.address.clone();
    assert_eq!(server.stop(), 0);
    let gone = format!("http://{address}");
    for args in [
        &["round", "eu-ru-18"][..],
        &["log", "tail"],
        &["log", "tail", "--follow"],
    ] {
        let said = desk.fails(1, &[args, &["--endpoint", &gone]].concat());
        assert!(
            said.contains(&format!("no answer from {gone}/graphql")) && said.contains("--data DIR"),
            "{said}"
        );
    }
    let strange = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("http://{}", strange.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in strange.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let _gone = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno");
        }
    });
    let said = desk.fails(1, &["round", "eu-ru-18", "--endpoint", &at]);
    assert!(said.contains("no rapporteur server (status 404)"), "{said}");
}

#[test]
fn a_window_is_explained_by_what_can_be_written_there() {
    let desk = Desk::new();
    for within in ["soon", "", "early January 2026", "7 January", "2026-01-06T18:00"] {
        let said = desk.fails(2, &["timeline", "--within", within]);
        assert!(said.contains("--within: "), "{within}: {said}");
        for lacking in ["`phrase`", "qualifier", "`edtf`", "`window`", "~"] {
            assert!(!said.contains(lacking), "{within}: names {lacking}: {said}");
        }
    }
    let one = desk.says(&["plan", "us-plan/20"]);
    assert!(
        one.contains("Points of us-plan/20") && !one.contains("us-plan/28"),
        "{one}"
    );
}
