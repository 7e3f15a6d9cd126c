//! File systems of a test's own. They need root.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A mounted file system, unmounted at the end.
pub(crate) struct Mount(PathBuf);

impl Mount {
    /// Mounts at `at`, with the arguments that `mount` needs before it.
    pub(crate) fn new(args: &[&str], at: &Path) -> Self {
        run("mount", &[args, &[at.to_str().unwrap()]].concat());
        Self(at.to_owned())
    }

    /// Changes its options.
    pub(crate) fn again(&self, options: &str) {
        run("mount", &["-o", options, self.0.to_str().unwrap()]);
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _best_effort = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Runs a program that has to succeed.
pub(crate) fn run(program: &str, args: &[&str]) {
    let status = Command::new(program).args(args).status().unwrap();
    assert!(
        status.success(),
        "`{program} {}` failed: this test needs root, and loop devices for file systems in images",
        args.join(" ")
    );
}
