//! Every example of every help text does what it says.

use super::*;

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
    (
        "rapporteur verify --permalink - < links.txt",
        &["holds: /at/", "/eu-ru-18/TITLE?shows=", " permalinks hold"],
    ),
    ("rapporteur export --data data/mine --out mine.ndjson", &[]),
    (
        "rapporteur export --data data/mine --out mine.ndjson --force",
        &["exported 1 events"],
    ),
    ("rapporteur export --data data/mine --as-of recorded:1 > first.log", &[]),
    (
        "rapporteur export --as-of published:2025-06-30 --out june.ndjson",
        &["an extract of "],
    ),
    ("rapporteur restore mine.ndjson --dry-run", &["would restore"]),
    ("rapporteur restore mine.ndjson --data data/again", &["restored"]),
    (
        "rapporteur backup backups/mine --data data/mine",
        &["1 events new in the backup, 1 in all; head 1 "],
    ),
    (
        "rapporteur verify --backup backups/mine",
        &["the backup is whole: 1 events"],
    ),
    (
        "rapporteur restore backups/mine --data data/back",
        &["restored 1 events"],
    ),
    (
        "rapporteur restore backups/mine --data data/then --to 1",
        &["restored 1 events"],
    ),
    (
        "rapporteur repair --data data/mine --from-backup backups/mine",
        &["there is nothing to repair"],
    ),
    (
        "rapporteur checkpoint key desk.key --name desk.example.org/record > desk.verifier",
        &[],
    ),
    (
        "rapporteur checkpoint sign --key desk.key --data data/mine > mon.note",
        &[],
    ),
    (
        "rapporteur checkpoint check mon.note --verifier desk.verifier --data data/mine",
        &["holds: the first 1 events are those that desk.example.org/record signed"],
    ),
    (
        "rapporteur checkpoint prove 1 --checkpoint mon.note --data data/mine > event-1.json",
        &[],
    ),
    (
        "rapporteur checkpoint check event-1.json --verifier desk.verifier",
        &["holds: the event at position 1 (topic.registered of ceasefire,"],
    ),
    (
        "rapporteur checkpoint sign --key desk.key --data data/mine > tue.note",
        &[],
    ),
    (
        "rapporteur checkpoint grown mon.note --checkpoint tue.note --data data/mine > grown.json",
        &[],
    ),
    (
        "rapporteur checkpoint check grown.json --verifier desk.verifier",
        &["holds: the first 1 of the 1 events"],
    ),
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
        "rapporteur upcoming --from 2026-01-06 --days 30",
        &["certain", "possible", "eu-ru-20-presented-january"],
    ),
    (
        "rapporteur upcoming --from 2026-01-06 --days 30 --meetings --ics > meetings.ics",
        &[],
    ),
    (
        "rapporteur upcoming --from 2026-01-06 --days 30 --format csv",
        &["falls there,edtf,earliest,latest,when,kind,dossier,title,summary,position\r\n"],
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
        "rapporteur round eu-ru-18 --as-of published:2025-07-01",
        &["stage blocked", "proposed early June 2025"],
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
        "rapporteur why eu-ru-18 stage-date ADOPTED",
        &[
            "18 July 2025",
            "decides",
            "agrees",
            "eus-cassidy-18",
            "/eu-ru-18/STAGE_DATE/ADOPTED?shows=",
        ],
    ),
    (
        "rapporteur why eu-ru-20 stage --as-of published:2026-01-06",
        &["IN_PREPARATION", "rferl-2026-01-06", "&published=2026-01-06"],
    ),
    (
        "rapporteur values eu-ru-18",
        &["stage date ADOPTED 18 July 2025", "count "],
    ),
    (
        "rapporteur values us-plan --all --format csv",
        &["field,of,value,date,decided at\r\n", "status,us-plan/28,LEAKED,"],
    ),
    (
        "rapporteur changes --from published:2025-11-26 --to published:2025-11-27",
        &["white-house-plan-push-2025-11-18 meeting became known", "contradicted"],
    ),
    (
        "rapporteur changes --from recorded:700 --kind round --change contradicted",
        &["round contradicted"],
    ),
    (
        "rapporteur changes --from published:2025-12-01 --party ua --all --format csv",
        &["dossier,kind,how,what,at\r\n"],
    ),
    (
        "rapporteur history eu-ru-18",
        &[
            "became known STAGE_DATE BLOCKED: ",
            "became known TITLE: Eighteenth package",
        ],
    ),
    (
        "rapporteur history eu-ru-18 --all --format csv",
        &["position,recorded,by,how,what changed\r\n", ",confirmed,"],
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
    (
        "rapporteur record scheduleMeeting @correction.json",
        &["recorded: meeting `geneva-2026-02`", "plannedFor: late February 2026"],
    ),
    (
        "rapporteur corrections",
        &[
            "corrected geneva-2026-02 plannedFor.",
            "EARLY -> LATE",
            "Misread.",
            "rferl-2026-01-06",
        ],
    ),
    (
        "rapporteur corrections --source rferl-2026-01-06 --kind corrected",
        &["corrected geneva-2026-02"],
    ),
    (
        "rapporteur corrections --all --format csv",
        &[
            "position,recordedAt,recorder,how,record,wrong at,wrong,right at,right,what,why,cited\r\n",
            ",CORRECTED,geneva-2026-02,",
        ],
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
    "rapporteur backup backups/mine --endpoint http://127.0.0.1:8417",
    "rapporteur verify --endpoint http://127.0.0.1:8417",
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
    let tail = desk.says(&["log", "tail", "--format", "csv"]);
    let head: u64 = tail.lines().last().unwrap().split(',').next().unwrap().parse().unwrap();
    // The topic comes first, then the meeting.
    let mut right = meeting;
    right["plannedFor"] = json!({ "edtf": "2026-02", "qualifier": "LATE", "phrase": "late in February" });
    right["corrects"] = json!({ "position": head + 2, "reason": "Misread." });
    fs::write(desk.dir.path().join("correction.json"), right.to_string()).unwrap();
    let values = desk.says(&["values", "eu-ru-18", "--all", "--json"]);
    let links = values.split('"').filter(|text| text.starts_with("/at/"));
    fs::write(desk.dir.path().join("links.txt"), links.collect::<Vec<_>>().join("\n")).unwrap();
    let mut told_of = BTreeSet::new();
    for command in commands(&desk, &[]) {
        let found = examples(&desk, &command);
        let holds_others = command == ["log"] || command == ["checkpoint"];
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
