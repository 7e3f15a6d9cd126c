//! Widths, colours, and readers that go away.

use super::*;

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
