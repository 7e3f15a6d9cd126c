//! The house in order: arrows between crates, the map, no forgotten file, nothing of this machine in files.

use crate::binary::root;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

const ARROWS: &[(&str, &[&str])] = &[
    ("rapporteur-domain", &[]),
    ("rapporteur-graphiql", &[]),
    ("rapporteur-graphql", &[]),
    ("rapporteur-log", &["rapporteur-domain"]),
    ("rapporteur-log-sled", &["rapporteur-domain", "rapporteur-log"]),
    ("rapporteur-views", &["rapporteur-domain", "rapporteur-log"]),
    (
        "rapporteur-search",
        &["rapporteur-domain", "rapporteur-log", "rapporteur-views"],
    ),
    (
        "rapporteur-desk",
        &["rapporteur-domain", "rapporteur-log", "rapporteur-views"],
    ),
    (
        "rapporteur-backup",
        &["rapporteur-desk", "rapporteur-domain", "rapporteur-log"],
    ),
    ("rapporteur-proof", &["rapporteur-log"]),
    (
        "rapporteur-api",
        &[
            "rapporteur-desk",
            "rapporteur-domain",
            "rapporteur-graphiql",
            "rapporteur-graphql",
            "rapporteur-log",
            "rapporteur-search",
            "rapporteur-views",
        ],
    ),
];

fn metadata() -> Value {
    let out = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(root())
        .output();
    serde_json::from_slice(&out.unwrap().stdout).unwrap()
}

/// Each package's normal dependencies.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let normal = |package: &Value| -> BTreeSet<String> {
        let all = package["dependencies"].as_array().unwrap().iter();
        all.filter(|d| d["kind"].is_null())
            .map(|d| d["name"].as_str().unwrap().to_owned())
            .collect()
    };
    packages
        .map(|p| (p["name"].as_str().unwrap().to_owned(), normal(p)))
        .collect()
}

#[test]
fn crates_only_point_where_the_map_says() {
    let found = dependencies();
    for (from, allowed) in ARROWS {
        let ours: BTreeSet<&str> = found[*from]
            .iter()
            .map(String::as_str)
            .filter(|d| d.starts_with("rapporteur"))
            .collect();
        for to in ours {
            assert!(allowed.contains(&to), "{from} may not use {to}");
        }
    }
}

#[test]
fn engines_and_runtimes_are_named_where_the_map_says() {
    let found = dependencies();
    let users = |library: &str| -> Vec<&str> {
        found
            .iter()
            .filter(|(_, deps)| deps.contains(library))
            .map(|(name, _)| name.as_str())
            .collect()
    };
    assert_eq!(users("sled"), ["rapporteur-log-sled"]);
    assert_eq!(users("tantivy"), ["rapporteur-search"]);
    assert_eq!(users("axum"), ["rapporteur-api", "rapporteur-bench"]);
    assert_eq!(users("async-graphql"), ["rapporteur-bench", "rapporteur-graphql"]);
    let runtimes = ["rapporteur", "rapporteur-api", "rapporteur-bench", "rapporteur-fuzz"];
    assert_eq!(users("tokio"), runtimes);
}

fn tracked() -> Vec<String> {
    let out = Command::new("git")
        .args(["ls-files"])
        .current_dir(root())
        .output()
        .unwrap();
    String::from_utf8(out.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_architecture_page_names_only_what_exists() {
    let page = fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let mut named = 0;
    for word in page.split('`').skip(1).step_by(2) {
        let path = ["crates/", "docs/", "tests/", "fixtures/", "web/", "schema/"]
            .iter()
            .any(|p| word.starts_with(p));
        if path {
            named += 1;
            assert!(
                root().join(word).exists(),
                "docs/ARCHITECTURE.md names `{word}`, which is not there"
            );
        }
    }
    assert!(named > 15, "the page names the crates' files");
    for package in dependencies()
        .keys()
        .filter(|p| *p != "rapporteur" && *p != "rapporteur-tests")
    {
        let dir = package.trim_start_matches("rapporteur-");
        assert!(
            page.contains(&format!("`crates/{dir}`")),
            "docs/ARCHITECTURE.md does not name crates/{dir}"
        );
    }
}

#[test]
fn no_test_file_is_forgotten_and_no_source_file_is_too_long() {
    let main = fs::read_to_string(root().join("tests/main.rs")).unwrap();
    for file in tracked() {
        let path = Path::new(&file);
        let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        if file.ends_with(".rs") && path.parent() == Some(Path::new("tests")) && !["main", "lib"].contains(&name) {
            assert!(main.contains(&format!("mod {name};")), "tests/main.rs forgets {file}");
        }
        if file.starts_with("crates/") && file.ends_with(".rs") && file.contains("/src/") {
            let lines = fs::read_to_string(root().join(&file)).unwrap().lines().count();
            assert!(lines <= 700, "{file} has {lines} lines: split it on a noun");
        }
    }
}

#[test]
fn nothing_of_a_machine_or_a_registry_host_is_in_a_file() {
    let hosts = [
        concat!("registry.", "npmjs.org"),
        concat!("index.", "crates.io-"),
        concat!("\"resol", "ved\": \"http"),
    ];
    for file in tracked().iter().filter(|f| !f.ends_with(".png")) {
        let Ok(text) = fs::read_to_string(root().join(file)) else {
            continue;
        };
        for bad in hosts.iter().chain(&[concat!("/wo", "rk/"), concat!("/fa", "rm/")]) {
            assert!(!text.contains(bad), "{file} holds {bad}");
        }
    }
}
