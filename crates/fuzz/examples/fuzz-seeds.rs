//! `fuzz-seeds DIR`: writes the seeds of every target to `DIR/TARGET`, and `DIR/words`, a dictionary of libFuzzer's.

use rapporteur_fuzz::seeds::{TARGETS, of, words};
use std::fs;
use std::io;
use std::path::PathBuf;

fn main() -> io::Result<()> {
    let dir = std::env::args_os().nth(1).map(PathBuf::from);
    let dir = dir.ok_or_else(|| io::Error::other("usage: fuzz-seeds DIR"))?;
    for (target, _) in TARGETS {
        let dir = dir.join(target);
        fs::create_dir_all(&dir)?;
        for (number, seed) in of(target).iter().enumerate() {
            fs::write(dir.join(format!("seed-{number:04}")), seed)?;
        }
    }
    let words: String = words().iter().map(|word| format!("\"{word}\"\n")).collect();
    fs::write(dir.join("words"), words)
}
