use super::*;

fn text(path: &str) -> &'static str {
    std::str::from_utf8(asset(path).unwrap_or_else(|| panic!("no file {path:?}")).bytes).unwrap()
}

/// The paths under `/graphiql/` that the attributes of a page name.
fn named(page: &'static str) -> impl Iterator<Item = &'static str> {
    page.split('"').filter_map(|value| value.strip_prefix("/graphiql/"))
}

#[test]
fn the_empty_path_is_the_page() {
    let page = asset("").unwrap();
    assert_eq!(page.content_type, "text/html; charset=utf-8");
    assert!(
        !page.immutable,
        "the page names the hashed files, so it must not be cached forever"
    );
    assert_eq!(Some(page), asset("index.html"));
    assert!(text("").contains("<title>rapporteur — GraphiQL</title>"));
}

#[test]
fn unknown_paths_and_paths_that_climb_are_no_files() {
    for path in [
        "/",
        "index",
        "assets",
        "assets/",
        "../Cargo.toml",
        "assets/../index.html",
        "INDEX.HTML",
        "index.html\0",
    ] {
        assert_eq!(asset(path), None, "{path:?}");
    }
}

#[test]
fn every_file_that_the_page_names_is_there_with_a_type_that_browsers_accept() {
    let files: Vec<_> = named(text("")).collect();
    if BUNDLED {
        assert!(
            files.iter().any(|f| f.ends_with(".js")) && files.iter().any(|f| f.ends_with(".css")),
            "{files:?}"
        );
    }
    for file in files {
        let found = asset(file).unwrap_or_else(|| panic!("the page names {file}"));
        assert!(found.immutable && !found.bytes.is_empty(), "{file}");
        assert_ne!(found.content_type, "application/octet-stream", "{file}");
    }
}

#[test]
fn every_embedded_file_has_a_known_type_and_none_is_a_source_map() {
    for (name, _) in files::FILES {
        assert!(asset(name).is_some(), "the table is not sorted at {name}");
        assert_ne!(content_type(name), "application/octet-stream", "{name}");
        assert!(!name.ends_with(".map"), "{name}");
    }
}

#[test]
fn the_page_has_no_inline_script_and_names_no_other_host() {
    let page = text("");
    assert!(!page.contains("://"), "{page}");
    assert_eq!(
        page.matches("<script").count(),
        page.matches("<script type=\"module\" crossorigin src=").count(),
        "{page}"
    );
}

#[test]
fn a_build_without_the_bundle_says_so_on_its_only_page() {
    match WHY_NOT {
        None => assert!(BUNDLED && files::FILES.len() > 10, "{} files", files::FILES.len()),
        Some(why) => {
            assert!(!BUNDLED && !why.trim().is_empty());
            assert_eq!(files::FILES.len(), 1);
            assert!(text("").contains("GraphiQL is not in this build") && text("").contains("npm"));
        }
    }
}

#[test]
fn the_licences_of_what_is_bundled_travel_with_it() {
    if BUNDLED {
        assert!(text("licenses.md").contains("graphiql") && text("licenses.md").contains("monaco-editor"));
    }
}
