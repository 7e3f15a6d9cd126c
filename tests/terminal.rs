//! The terminal: the same answers from a store and from a server, every example of every help text, exit codes.

use crate::binary::{Server, rapporteur, root, told};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use tempfile::{TempDir, tempdir};

/// An empty directory to work in, with the demo's facts as the store that commands ask when nothing else is said.
struct Desk {
    dir: TempDir,
    /// How many events there are at first.
    facts: usize,
}

impl Desk {
    fn new() -> Self {
        let mut desk = Self {
            dir: tempdir().unwrap(),
            facts: 0,
        };
        let mut facts: Vec<_> = fs::read_dir(root().join("fixtures/commands")).unwrap().collect();
        facts.sort_by_key(|file| file.as_ref().unwrap().file_name());
        let facts: String = facts
            .into_iter()
            .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
            .collect();
        let (code, out, err) = told(&desk.run(&["import", "-"], &[], facts.as_bytes()));
        assert_eq!(code, 0, "{out}{err}");
        desk.facts = facts.lines().count();
        desk
    }

    fn store(&self) -> std::path::PathBuf {
        self.dir.path().join("data/desk")
    }

    /// A command in this directory, without what the environment of the tests may say.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.dir.path());
        for name in [
            "RAPPORTEUR_DATA",
            "RAPPORTEUR_ENDPOINT",
            "COLUMNS",
            "NO_COLOR",
            "CLICOLOR_FORCE",
        ] {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, args: &[&str], env: &[(&str, &str)], input: &[u8]) -> Output {
        let mut command = self.command(rapporteur().to_str().unwrap());
        command.args(args).envs(env.iter().copied());
        finish(command, input)
    }

    /// Runs a command that must succeed, and gives what it printed.
    fn says(&self, args: &[&str]) -> String {
        let (code, out, err) = told(&self.run(args, &[], b""));
        assert_eq!(code, 0, "{args:?}: {err}");
        out
    }

    /// Runs a command that must fail so, and gives what it said.
    fn fails(&self, code: i32, args: &[&str]) -> String {
        let (found, out, err) = told(&self.run(args, &[], b""));
        assert_eq!(found, code, "{args:?}: {out}{err}");
        format!("{out}{err}")
    }

    /// Runs a line as a shell would, with the binary on its path.
    fn shell(&self, line: &str) -> Output {
        let bin = rapporteur().parent().unwrap().to_str().unwrap().to_owned();
        let path = format!("{bin}:{}", std::env::var("PATH").unwrap());
        let mut command = self.command("sh");
        command.args(["-c", line]).env("PATH", path);
        finish(command, b"")
    }
}

fn finish(mut command: Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _unread = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Runs of spaces as one.
fn squeezed(text: &str) -> String {
    text.split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The JSON that a command printed.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Every command, those inside others with their path.
fn commands(desk: &Desk, under: &[&str]) -> Vec<Vec<String>> {
    let help = desk.says(&[under, &["--help"]].concat());
    let listed = help.split("Commands:\n").nth(1).unwrap_or_default();
    let mut found = Vec::new();
    for line in listed.lines().take_while(|line| !line.is_empty()) {
        let Some(name) = line.strip_prefix("  ").filter(|line| !line.starts_with(' ')) else {
            continue;
        };
        let name = name.split_whitespace().next().unwrap();
        if name == "help" {
            continue;
        }
        let path = [under, &[name]].concat();
        found.push(path.iter().map(|word| (*word).to_owned()).collect());
        found.extend(commands(desk, &path));
    }
    found
}

/// The examples in a command's help.
fn examples(desk: &Desk, command: &[String]) -> Vec<String> {
    let args: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
    let help = desk.says(&args);
    let listed = help.split("Examples:\n").nth(1).unwrap_or_default().to_owned();
    let lines = listed.lines().map_while(|line| line.strip_prefix("  rapporteur "));
    lines.map(|line| format!("rapporteur {line}")).collect()
}

/// What an example's standard output must hold, runs of spaces taken as one.
type Holds = &'static [&'static str];

/// Every example of every help text, in an order in which they can be run, with what must be on its standard output.
/// The texts are facts of `fixtures/facts`.
const EXAMPLES: &[(&str, Holds)] = &[
    (
        "rapporteur import first.ndjson --data data/mine --dry-run",
        &["1 would be recorded"],
    ),
    (
        "rapporteur import - --data data/mine < first.ndjson",
        &["1 recorded, 0 already there, 0 refused"],
    ),
    (
        "rapporteur rebuild --data data/mine",
        &["1 events, ", "the same as served"],
    ),
    ("rapporteur verify --data data/mine", &["whole: 1 events"]),
    ("rapporteur export --data data/mine --out mine.ndjson", &[]),
    ("rapporteur restore mine.ndjson --dry-run", &["would restore"]),
    ("rapporteur restore mine.ndjson --data data/again", &["restored"]),
    ("rapporteur schema --out schema", &[]),
    ("rapporteur schema --check", &[]),
    (
        "rapporteur timeline --party ua --within 2026-01",
        &["paris-2026-01-06", "macron-zelenskyy-2026-01-06", "6 January 2026"],
    ),
    (
        "rapporteur timeline --kind meeting --within 2025-05/2025-07 --match surely --format csv",
        &[
            "position,edtf,earliest,latest,when,kind,",
            "2025-05-16,2025-05-16,2025-05-16,16 May 2025,MEETING,istanbul-round-1",
        ],
    ),
    (
        "rapporteur timeline --dossier eu-ru-18 --all --json",
        &[
            "\"hasNextPage\": false",
            "\"edtf\": \"2025-06-26~\"",
            "\"slug\": \"eu-ru-18\"",
        ],
    ),
    (
        "rapporteur rounds",
        &["eu-ru-18", "Eighteenth", "eu-ru-20", "preparation"],
    ),
    (
        "rapporteur rounds --format csv",
        &["round,by,title,stage,proposed,adopted,published,expected\r\n"],
    ),
    (
        "rapporteur round eu-ru-18",
        &["proposed 10 June 2025", "adopted 18 July 2025", "2025/1494"],
    ),
    (
        "rapporteur round eu-ru-20 --json",
        &[
            "\"stage\": \"IN_PREPARATION\"",
            "\"earliest\": \"2026-01-07\"",
            "\"latest\": \"2026-01-31\"",
        ],
    ),
    (
        "rapporteur meeting paris-2026-01-06",
        &[
            "more than 30 countries",
            "absent Marco Rubio",
            "Secretary of State",
            "Territorial concessions",
        ],
    ),
    (
        "rapporteur meeting paris-2026-01-06 --json",
        &["\"state\": \"UNDER_WAY\"", "\"slug\": \"marco-rubio\""],
    ),
    (
        "rapporteur party volodymyr-zelenskyy",
        &["Зеленський", "country UA", "paris-2026-01-06"],
    ),
    (
        "rapporteur party marco-rubio --json",
        &["\"name\": \"Marco Rubio\"", "\"country\": \"US\""],
    ),
    (
        "rapporteur plan us-plan",
        &[
            "us-plan/28",
            "leaked",
            "Points of us-plan/20",
            "armed forces limited to 600,000",
        ],
    ),
    (
        "rapporteur plan us-plan --json",
        &["\"version\": \"19\"", "\"completely\""],
    ),
    (
        "rapporteur plan diff us-plan/28 us-plan/20",
        &[
            "4 changed, 2 dropped, 1 added",
            "600,000 to 800,000",
            "full amnesty for all",
            "19 of 20 points",
        ],
    ),
    (
        "rapporteur plan diff us-plan/28 us-plan/20 --format csv",
        &[
            "change,from,said,to,says,why,ground\r\n",
            "dropped,26,full amnesty for all parties,",
        ],
    ),
    (
        "rapporteur search Zelensky --kind party",
        &["party volodymyr-zelenskyy Volodymyr Zelenskyy"],
    ),
    ("rapporteur search Зеленський --first 3", &["volodymyr-zelenskyy"]),
    (
        "rapporteur search \"price cap\" --kind round --json",
        &["\"slug\": \"eu-ru-18\"", "\"kind\": \"ROUND\""],
    ),
    ("rapporteur log tail", &["records.linked", "znpp"]),
    (
        "rapporteur log tail --after 1420 --format csv",
        &["position,recordedAt,kind,dossier,recorder,summary,hash\r\n1421,"],
    ),
    (
        "rapporteur record --list",
        &["registerTopic", "scheduleMeeting", "recordRivalValues"],
    ),
    (
        "rapporteur record registerTopic --fields",
        &["slug", "expectedVersion", "topic.registered version 1"],
    ),
    (
        "rapporteur record registerTopic '{\"slug\": \"prisoner-swaps\", \"label\": \"Prisoner swaps\"}' --dry-run",
        &["would be recorded: topic `prisoner-swaps`"],
    ),
    (
        "rapporteur record registerTopic '{\"slug\": \"prisoner-swaps\", \"label\": \"Prisoner swaps\"}'",
        &["recorded: topic `prisoner-swaps`, now at version 1; position "],
    ),
    (
        "rapporteur record scheduleMeeting @meeting.json",
        &[
            "recorded: meeting `geneva-2026-02`",
            "plannedFor: early February 2026 (2026-02-01 to 2026-02-10)",
        ],
    ),
    (
        "rapporteur record scheduleMeeting --dry-run < meeting.json",
        &["already there: meeting `geneva-2026-02`, at position "],
    ),
    ("rapporteur completions bash", &["complete -F _rapporteur", "timeline"]),
    ("rapporteur completions fish", &["complete -c rapporteur", "timeline"]),
    ("rapporteur man", &[".TH rapporteur 1", "rapporteur\\-timeline(1)"]),
    ("rapporteur man log tail", &["\\-\\-follow", "rapporteur log tail"]),
    ("rapporteur man --out man", &["wrote the pages to man"]),
];

/// Examples of servers, and of what asks one: tried by the two tests at the end.
const SERVERS: &[&str] = &[
    "rapporteur demo",
    "rapporteur demo --data data/try --listen 127.0.0.1:0",
    "rapporteur serve",
    "rapporteur export --endpoint http://127.0.0.1:8417 > all.ndjson",
    "rapporteur serve --data data/mine --listen 127.0.0.1:8500",
    "rapporteur log tail --follow --endpoint http://127.0.0.1:8417",
];

#[test]
fn every_example_of_every_help_text_does_what_it_says() {
    let desk = Desk::new();
    let topic = "{\"registerTopic\": {\"slug\": \"ceasefire\", \"label\": \"Ceasefire\"}}\n";
    fs::write(desk.dir.path().join("first.ndjson"), topic).unwrap();
    let meeting = json!({
        "slug": "geneva-2026-02", "title": "Talks in Geneva",
        "plannedFor": { "edtf": "2026-02", "qualifier": "EARLY", "phrase": "early in February" },
        "evidence": { "citations": [{ "source": "rferl-2026-01-06" }] },
    });
    fs::write(desk.dir.path().join("meeting.json"), meeting.to_string()).unwrap();
    let mut told_of = BTreeSet::new();
    for command in commands(&desk, &[]) {
        let found = examples(&desk, &command);
        let holds_others = command == ["log"];
        assert!(
            holds_others || !found.is_empty(),
            "`{}` has no example",
            command.join(" ")
        );
        told_of.extend(found);
    }
    let tried = EXAMPLES.iter().map(|(line, _)| *line).chain(SERVERS.iter().copied());
    assert_eq!(
        told_of,
        tried.map(str::to_owned).collect(),
        "the examples of the help texts, and those tried here"
    );
    let mut missing = Vec::new();
    for (line, holds) in EXAMPLES {
        let (code, out, err) = told(&desk.shell(line));
        assert_eq!(code, 0, "{line}: {out}{err}");
        let squeezed = out
            .split(' ')
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let absent: Vec<_> = holds.iter().filter(|text| !squeezed.contains(**text)).collect();
        if !absent.is_empty() {
            missing.push(format!("{line} does not say {absent:?}:\n{out}"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    let board = desk.says(&["rounds", "--width", "300"]);
    let row = |slug: &str| squeezed(board.lines().find(|line| line.starts_with(slug)).unwrap());
    assert!(
        row("eu-ru-18 ").contains("early June 2025; 10 June 2025 18 July 2025"),
        "{board}"
    );
    assert!(
        row("eu-ru-20 ").contains("proposed between 7 and 31 January 2026"),
        "{board}"
    );
    assert!(desk.dir.path().join("man/rapporteur-plan-diff.1").exists());
    assert!(desk.dir.path().join("schema/schema.graphql").exists());
}

#[test]
fn a_rounds_page_shows_the_stages_that_the_facts_give() {
    let desk = Desk::new();
    let facts = parsed(&fs::read_to_string(root().join("fixtures/facts/eu-rounds-1-18.json")).unwrap());
    let page = parsed(&desk.says(&["round", "eu-ru-18", "--json"]));
    let table = desk.says(&["round", "eu-ru-18", "--width", "200"]);
    let package = facts["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["id"] == "eu-ru-18")
        .unwrap();
    let path = page["round"]["path"].as_array().unwrap();
    let mut shown = 0;
    for (fact, stage) in [
        ("adopted", "ADOPTED"),
        ("oj_published", "PUBLISHED"),
        ("proposed", "PROPOSED"),
    ] {
        for given in package["stages"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|s| s["stage"] == fact)
        {
            let reached = path
                .iter()
                .find(|step| step["stage"] == stage && step["reachedOn"]["edtf"] == given["edtf"]);
            let label = reached.unwrap_or_else(|| panic!("{fact} {given} is not shown"))["reachedOn"]["label"]
                .as_str()
                .unwrap();
            assert!(table.contains(label), "{label} is not in:\n{table}");
            shown += 1;
        }
    }
    assert_eq!(shown, 4);
    for count in package["counts"].as_array().unwrap() {
        let (what, value) = (count["what"].as_str().unwrap(), &count["value"]);
        let row = table
            .lines()
            .any(|line| line.contains(what) && line.contains(&value.to_string()));
        assert!(row, "{value} {what} is not in:\n{table}");
    }
}

/// Commands that look, as JSON.
const ASKED: &[&[&str]] = &[
    &["timeline", "--all", "--json"],
    &[
        "timeline", "--party", "ua", "--within", "2026-01", "--first", "3", "--format", "json",
    ],
    &["rounds", "--json"],
    &["round", "eu-ru-18", "--json"],
    &["meeting", "paris-2026-01-06", "--json"],
    &["party", "volodymyr-zelenskyy", "--json"],
    &["plan", "us-plan", "--json"],
    &["plan", "diff", "us-plan/28", "us-plan/20", "--json"],
    &["search", "price cap", "--json"],
    &["log", "tail", "-n", "300", "--json"],
    &["timeline", "--all", "--format", "csv"],
    &["round", "eu-ru-18"],
];

#[test]
fn a_store_and_a_server_give_the_same_bytes() {
    let desk = Desk::new();
    let served = desk.dir.path().join("served");
    copy(&desk.store(), &served);
    let server = Server::start(&served, &[]);
    let url = format!("http://{}", server.address);
    for asked in ASKED {
        let here = desk.run(asked, &[], b"");
        let (code, out, err) = told(&here);
        assert!(code == 0 && out.len() > 100, "{asked:?}: {code} {out}{err}");
        let there = desk.run(&[*asked, &["--endpoint", &url]].concat(), &[], b"");
        assert!(here.stdout == there.stdout, "{asked:?} differs: {}", told(&there).2);
        let by_env = desk.run(
            asked,
            &[("RAPPORTEUR_ENDPOINT", &url), ("RAPPORTEUR_DATA", "/nonexistent")],
            b"",
        );
        assert!(
            by_env.stdout == here.stdout,
            "{asked:?} by the environment: {}",
            told(&by_env).2
        );
    }
    let everything = parsed(&desk.says(&["timeline", "--all", "--json"]));
    let nodes = everything["timeline"]["nodes"].as_array().unwrap();
    assert_eq!(
        json!(nodes.len()),
        everything["timeline"]["totalCount"],
        "all pages were followed"
    );
    assert!(nodes.len() > 200);
    let before = parsed(&desk.says(&["timeline", "--first", "7", "--json"]));
    let cursor = before["timeline"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    let after = parsed(&desk.says(&["timeline", "--first", "250", "--after", &cursor, "--json"]));
    assert_eq!(after["timeline"]["nodes"].as_array().unwrap()[..], nodes[7..257]);
    for args in [
        &["round", "eu-ru-99"][..],
        &["timeline", "--party", "nobody"],
        &["timeline", "--within", "nonsense"],
        &["plan", "diff", "us-plan/28", "us-plan/21"],
        &["log", "tail", "--after", "99999"],
    ] {
        let (here, there) = (
            desk.run(args, &[], b""),
            desk.run(&[args, &["--endpoint", &url]].concat(), &[], b""),
        );
        assert_eq!(told(&here), told(&there), "{args:?}");
    }
    assert_eq!(server.stop(), 0);
}

#[test]
fn what_is_recorded_is_told_alike_from_a_store_and_a_server() {
    let desk = Desk::new();
    let served = desk.dir.path().join("served");
    copy(&desk.store(), &served);
    let server = Server::start(&served, &[]);
    let url = format!("http://{}", server.address);
    let evidence = json!({ "citations": [{ "source": "rferl-2026-01-06" }] });
    let meeting = json!({ "slug": "m", "title": "T", "plannedFor": "2026-01-05/2026-01-07", "evidence": evidence });
    let input = meeting.to_string();
    let mut wrong = meeting.clone();
    wrong["plannedFor"] = json!("3 January");
    wrong["evidence"]["citations"][0]["source"] = json!("nowhere");
    let wrong = wrong.to_string();
    let moved = json!({ "slug": "m", "plannedFor": "2026-02", "evidence": evidence, "expectedVersion": 7 }).to_string();
    let cases: &[(&[&str], i32, &[&str])] = &[
        (
            &["record", "scheduleMeeting", &input],
            0,
            &[
                "recorded: meeting `m`, now at version 1; position ",
                "plannedFor: ",
                "(2026-01-05 to 2026-01-07)",
            ],
        ),
        (
            &["record", "scheduleMeeting", &input],
            0,
            &["already there: meeting `m`, at position "],
        ),
        (
            &["record", "scheduleMeeting", &wrong],
            4,
            &[
                "input.plannedFor: ",
                "[INVALID_DATE]",
                "input.evidence.citations[0].source: no source `nowhere`",
                "nothing was recorded",
            ],
        ),
        (
            &["record", "rescheduleMeeting", &moved],
            4,
            &["`m` is at version 1, and the input expects 7", "\"expectedVersion\": 1"],
        ),
        (
            &["record", "registerTopic", r#"{"slug": "Bad", "lable": "x"}"#],
            4,
            &["input.slug: ", "no field `lable`", "`label` is missing"],
        ),
        (
            &["record", "registerTopc", "{}"],
            2,
            &["there is no command `registerTopc`", "`registerTopic`"],
        ),
        (&["record", "registerTopic", "{"], 2, &["the input is not JSON"]),
        (
            &["record", "registerTopic", r#"{"slug": "a", "slug": "b"}"#],
            2,
            &["the member `slug` stands twice"],
        ),
        (&["record", "registerTopic", "[]"], 2, &["no JSON object"]),
        (
            &["record", "registerTopic", "@nowhere.json"],
            3,
            &["cannot read nowhere.json"],
        ),
    ];
    for (args, code, holds) in cases {
        let here = desk.fails(*code, args);
        for text in *holds {
            assert!(here.contains(text), "{args:?} does not say `{text}`: {here}");
        }
        assert_eq!(
            desk.fails(*code, &[*args, &["--endpoint", &url]].concat()),
            here,
            "{args:?}"
        );
    }
    let said = desk.fails(
        2,
        &["record", "scheduleMeeting", &input, "--dry-run", "--endpoint", &url],
    );
    assert!(said.contains("--dry-run works on a store only"), "{said}");
    let (_, out, _) = told(&desk.run(
        &["record", "registerTopic", "--json"],
        &[],
        br#"{"slug": "t", "label": "T"}"#,
    ));
    assert_eq!(parsed(&out)["registerTopic"]["dossier"]["slug"], "t");
    let verified = desk.says(&["verify", "--data", "data/desk"]);
    assert!(
        verified.starts_with(&format!("whole: {} events", desk.facts + 2)),
        "{verified}"
    );
    let rebuilt = desk.says(&["rebuild", "--data", "data/desk"]);
    assert!(rebuilt.contains("the same as served"), "{rebuilt}");
}

#[test]
fn a_dry_run_and_a_look_leave_the_store_as_it_is() {
    let desk = Desk::new();
    let before = desk.says(&["verify", "--data", "data/desk"]);
    let topic = r#"{"slug": "t", "label": "T"}"#;
    assert!(
        desk.says(&["record", "registerTopic", topic, "--dry-run"])
            .contains("would be recorded: topic `t`")
    );
    desk.says(&["timeline", "--first", "1"]);
    assert_eq!(desk.says(&["verify", "--data", "data/desk"]), before);
    let nowhere = desk.fails(3, &["timeline", "--data", "nowhere"]);
    assert!(nowhere.contains("there is no store in nowhere"), "{nowhere}");
    assert!(!desk.dir.path().join("nowhere").exists());
}

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
fn tables_fit_the_width_and_colour_is_where_it_is_wanted() {
    let desk = Desk::new();
    let widest = |out: &str| out.lines().map(|line| line.chars().count()).max().unwrap();
    for columns in ["40", "100"] {
        for args in [
            &["round", "eu-ru-18"][..],
            &["plan", "diff", "us-plan/28", "us-plan/20"],
            &["rounds"],
        ] {
            let (code, by_flag, _) = told(&desk.run(&[args, &["--width", columns]].concat(), &[], b""));
            let (_, by_env, _) = told(&desk.run(args, &[("COLUMNS", columns)], b""));
            assert_eq!(code, 0);
            assert!(
                widest(&by_flag) <= columns.parse().unwrap(),
                "{args:?} at {columns}:\n{by_flag}"
            );
            assert_eq!(by_flag, by_env);
        }
    }
    let coloured = |args: &[&str], env: &[(&str, &str)]| {
        told(&desk.run(&[&["round", "eu-ru-20"], args].concat(), env, b""))
            .1
            .contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]), "standard output is no terminal");
    assert!(coloured(&["--color", "always"], &[]));
    assert!(!coloured(&["--color", "never"], &[]));
    assert!(!coloured(&[], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "always", "--json"], &[]), "JSON has no colours");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let desk = Desk::new();
    for line in [
        "rapporteur timeline --all | head -n 1",
        "rapporteur timeline --all --json | head -n 1",
        "rapporteur log tail --after 0 | head -n 1",
        "rapporteur record --list | head -n 1",
    ] {
        let (code, out, err) = told(&desk.shell(line));
        assert_eq!((code, out.lines().count(), err.as_str()), (0, 1, ""), "{line}");
    }
}

/// Asks a process to stop, and gives its exit code and what it said.
fn stopped(child: Child, signal: &str) -> (i32, String) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    let (code, _, err) = told(&child.wait_with_output().unwrap());
    (code, err)
}

#[test]
fn servers_of_the_examples_say_where_and_end_when_asked() {
    let desk = Desk::new();
    let bundled = std::env::var_os("RAPPORTEUR_SKIP_GRAPHIQL").is_none();
    for line in SERVERS.iter().filter(|line| !line.contains("--endpoint")) {
        if line.starts_with("rapporteur demo") && !bundled {
            continue; // The demo starts only with GraphiQL in the build.
        }
        let words = line.split(' ').skip(1).map(|word| word.replace(":8500", ":0"));
        let mut command = desk.command(rapporteur().to_str().unwrap());
        command.args(words).stdout(Stdio::piped()).stderr(Stdio::piped());
        if !line.contains("--listen") {
            command.env("RAPPORTEUR_LISTEN", "127.0.0.1:0");
        }
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said: Vec<String> = lines.map_while(Result::ok).take(2).collect();
        assert!(
            said.len() == 2 && said[1].contains("GraphQL: http://127.0.0.1:"),
            "{line}: {said:?}"
        );
        assert_eq!(stopped(child, "-TERM").0, 0, "{line}");
    }
}

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
