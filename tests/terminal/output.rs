//! Widths, colours, and readers that go away.

use super::*;

#[test]
fn tables_fit_the_width_and_colour_is_where_it_is_wanted() {
    let desk = Desk::new();
    let widest = |out: &str| out.lines().map(|line| line.chars().count()).max().unwrap();
    for columns in ["60", "100"] {
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

#[test]
fn narrow_output_breaks_no_word() {
    let desk = Desk::new();
    let words = |text: &str| -> BTreeSet<String> { text.split_whitespace().map(str::to_owned).collect() };
    for args in [
        &["round", "eu-ru-18"][..],
        &["plan", "diff", "us-plan/28", "us-plan/20"],
        &["rounds"],
        &["timeline", "--party", "ua", "--within", "2026-01"],
        &["meeting", "paris-2026-01-06"],
        &["search", "Zelensky"],
    ] {
        let whole = words(&desk.says(&[args, &["--width", "1000"]].concat()));
        assert!(whole.len() > 20, "{args:?}");
        for columns in [20, 30, 40, 49, 50, 55, 59] {
            let text = columns.to_string();
            let narrow = desk.says(&[args, &["--width", &text]].concat());
            let broken: Vec<_> = words(&narrow)
                .into_iter()
                .filter(|word| !whole.contains(word) && !whole.contains(word.trim_end_matches(':')))
                .collect();
            assert!(broken.is_empty(), "{args:?} at {columns} breaks {broken:?}:\n{narrow}");
            for line in narrow.lines() {
                let fits = line.chars().count() <= columns || !line.trim().contains(' ');
                assert!(fits, "{args:?} at {columns}: {line}");
            }
        }
    }
    let (_, by_env, _) = told(&desk.run(&["rounds"], &[("COLUMNS", "30")], b""));
    assert_eq!(by_env, desk.says(&["rounds", "--width", "30"]));
    assert!(by_env.contains("round: eu-ru-18\n"), "{by_env}");
}

#[test]
fn a_quiet_command_says_nothing_beside_its_data() {
    let desk = Desk::new();
    let args = ["timeline", "--first", "1"];
    let (code, loud, err) = told(&desk.run(&args, &[], b""));
    assert!(code == 0 && err.contains("--all shows all of them"), "{err}");
    for flag in ["-q", "--quiet"] {
        let (code, out, err) = told(&desk.run(&[&args[..], &[flag]].concat(), &[], b""));
        assert_eq!((code, out.as_str(), err.as_str()), (0, loud.as_str(), ""), "{flag}");
    }
    assert!(
        desk.fails(3, &["round", "eu-ru-99", "-q"])
            .contains("no round `eu-ru-99`")
    );
    assert!(desk.fails(2, &["rounds", "-q", "-v"]).contains("cannot be used with"));
}
