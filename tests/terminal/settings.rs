//! Settings files: what goes before what, and what is refused.

use super::*;

/// A store with one topic, named like it.
fn store(desk: &Desk, name: &str) {
    let line = json!({ "registerTopic": { "slug": name, "label": format!("Topic {name}") } });
    let (code, out, err) = told(&desk.run(&["import", "-", "--data", name], &[], format!("{line}\n").as_bytes()));
    assert_eq!(code, 0, "{out}{err}");
}

/// The slug in the only event of the store that is asked.
fn asked(desk: &Desk, args: &[&str], env: &[(&str, &str)]) -> String {
    let (code, out, err) = told(&desk.run(&[&["log", "tail", "--json"], args].concat(), env, b""));
    assert_eq!(code, 0, "{out}{err}");
    parsed(&out)["dossier"]["slug"].as_str().unwrap().to_owned()
}

fn written(desk: &Desk, path: &str, text: &str) {
    let path = desk.dir.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn a_flag_goes_before_the_environment_that_before_the_projects_file_that_before_the_users() {
    let desk = Desk::empty();
    for name in ["flag", "env", "project", "user", "named"] {
        store(&desk, name);
    }
    let at = |name: &str| desk.dir.path().join(name).to_str().unwrap().to_owned();
    written(
        &desk,
        "xdg/rapporteur/config.toml",
        &format!("data = {:?}\nzone = \"Europe/Kyiv\"\n", at("user")),
    );
    let (xdg, env) = (at("xdg"), at("env"));
    let user: &[(&str, &str)] = &[("XDG_CONFIG_HOME", &xdg)];
    let both: &[(&str, &str)] = &[("XDG_CONFIG_HOME", &xdg), ("RAPPORTEUR_DATA", &env)];
    assert_eq!(asked(&desk, &[], user), "user");
    // A directory is taken from where the file is, whichever directory below it the command runs in.
    written(&desk, "rapporteur.toml", "data = \"project\"\n");
    assert_eq!(asked(&desk, &[], user), "project");
    let below = desk.dir.path().join("below/further");
    fs::create_dir_all(&below).unwrap();
    let mut command = desk.command(rapporteur().to_str().unwrap());
    command.args(["log", "tail", "--json"]).current_dir(&below);
    let (code, out, err) = told(&finish(command, b""));
    assert!(code == 0 && out.contains("\"project\""), "{out}{err}");
    assert_eq!(asked(&desk, &[], both), "env");
    assert_eq!(asked(&desk, &["--data", "flag"], both), "flag");
    // A file that is named is the only one that is read.
    written(&desk, "named.toml", "data = \"named\"\n");
    assert_eq!(asked(&desk, &["--config", "named.toml"], user), "named");
    assert_eq!(asked(&desk, &[], &[("RAPPORTEUR_CONFIG", "named.toml")]), "named");
    // The commands that work on the log go by the same order.
    for (args, env, slug) in [
        (&[][..], user, "project"),
        (&[], both, "env"),
        (&["--data", "flag"], both, "flag"),
        (&["--config", "named.toml"], user, "named"),
    ] {
        let (code, out, err) = told(&desk.run(&[&["export"], args].concat(), env, b""));
        assert!(
            code == 0 && out.contains(&format!("topic/{slug}")),
            "{args:?}: {out}{err}"
        );
        let (code, out, err) = told(&desk.run(&[&["rebuild"], args].concat(), env, b""));
        assert!(code == 0 && out.contains("the same as served"), "{args:?}: {out}{err}");
        let line = json!({ "registerTopic": { "slug": slug, "label": format!("Topic {slug}") } }).to_string();
        let (code, out, err) = told(&desk.run(&[&["import", "-", "--dry-run"], args].concat(), env, line.as_bytes()));
        assert!(code == 0 && out.contains("1 already there"), "{args:?}: {out}{err}");
    }
}

#[test]
fn a_server_of_a_nearer_place_goes_before_a_store_of_a_farther_one() {
    let desk = Desk::empty();
    store(&desk, "served");
    store(&desk, "user");
    let server = Server::start(&desk.dir.path().join("served"), &[]);
    let url = format!("endpoint = \"http://{}\"\n", server.address);
    let user = format!("data = {:?}\n", desk.dir.path().join("user"));
    written(&desk, "xdg/rapporteur/config.toml", &user);
    let xdg = desk.dir.path().join("xdg").to_str().unwrap().to_owned();
    let env: &[(&str, &str)] = &[("XDG_CONFIG_HOME", &xdg)];
    assert_eq!(asked(&desk, &[], env), "user");
    written(&desk, "rapporteur.toml", &url);
    assert_eq!(asked(&desk, &[], env), "served");
    assert_eq!(asked(&desk, &["--data", "user"], env), "user");
    written(&desk, "rapporteur.toml", "data = \"user\"\n");
    written(&desk, "xdg/rapporteur/config.toml", &url);
    assert_eq!(
        asked(&desk, &[], env),
        "user",
        "the project's store before the user's server"
    );
}

#[test]
fn a_settings_file_that_is_wrong_is_refused_with_file_line_and_key() {
    let desk = Desk::empty();
    for (text, said) in [
        (
            "data = \"a\"\nzon = \"UTC\"\n",
            "rapporteur.toml, line 2, `zon`: unknown field `zon`",
        ),
        (
            "open_max = \"long\"\n",
            "rapporteur.toml, line 1, `open_max`: invalid type",
        ),
        (
            "\nzone = \"Moon/Sea\"\n",
            "rapporteur.toml, line 2, `zone`: `Moon/Sea` is no time zone",
        ),
        ("data = \n", "rapporteur.toml, line 1, `data`: "),
    ] {
        written(&desk, "rapporteur.toml", text);
        for args in [&["rounds"][..], &["verify"], &["serve"]] {
            let found = desk.fails(2, args);
            assert!(found.contains(said), "{args:?}: {found}");
        }
    }
    let said = desk.fails(3, &["rounds", "--config", "nowhere.toml"]);
    assert!(said.contains("there is no settings file nowhere.toml"), "{said}");
}

#[test]
fn the_settings_of_the_help_text_are_settings() {
    let desk = Desk::empty();
    let line = json!({ "registerTopic": { "slug": "t", "label": "T" } });
    let (code, out, err) = told(&desk.run(&["import", "-"], &[], format!("{line}\n").as_bytes()));
    assert_eq!(code, 0, "{out}{err}");
    let help = desk.says(&["--help"]);
    let listed = help.split("Settings: ").nth(1).unwrap();
    let listed = listed.split("Exit codes:").next().unwrap();
    let settings = listed.lines().filter(|line| line.contains(" = "));
    let file: String = settings.map(|line| format!("{line}\n")).collect();
    assert_eq!(file.lines().count(), 7, "{help}");
    written(&desk, "rapporteur.toml", &file.replace(":8417\"   #", ":1\"   #"));
    assert!(desk.says(&["verify"]).starts_with("whole: 1 events"));
    let said = desk.fails(1, &["rounds"]);
    assert!(said.contains("no answer from http://127.0.0.1:1/graphql"), "{said}");
}
