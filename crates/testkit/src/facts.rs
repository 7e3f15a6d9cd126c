//! The facts as commands: the files of `fixtures/commands`, in the order in which they are recorded, which is that of
//! their names.

#![expect(
    clippy::expect_used,
    reason = "development only: a fixture that cannot be read ends the test"
)]

use std::fs;
use std::path::Path;

/// The name and the text of every file.
#[must_use]
pub fn files() -> Vec<(String, String)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/commands");
    let mut files: Vec<(String, String)> = fs::read_dir(dir)
        .expect("fixtures/commands is there")
        .map(|file| {
            let path = file.expect("a file of fixtures/commands").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("facts in UTF-8"))
        })
        .collect();
    files.sort();
    files
}
