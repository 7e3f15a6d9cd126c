//! Where a command's input comes from.

use crate::exit::Failure;
use crate::input::open;
use serde_json::Value;
use std::io::{IsTerminal, Read};
use std::path::Path;

/// Longer than the longest event by far.
const BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Reads the input: what is written, `@FILE`, a file, or standard input.
///
/// # Errors
/// Exit code 3 where there is no such file; 2 where it is not JSON.
pub(super) fn read(written: Option<&str>, file: Option<&Path>) -> Result<Value, Failure> {
    let text = match (written, file) {
        (Some("-"), _) => text_of(Path::new("-"))?,
        (Some(written), _) => match written.strip_prefix('@') {
            Some(file) => text_of(Path::new(file))?,
            None => written.to_owned(),
        },
        (None, Some(file)) => text_of(file)?,
        (None, None) if std::io::stdin().is_terminal() => {
            let text =
                "no input: write it as JSON, as @FILE, or give it on standard input; --fields shows what it may hold";
            return Err(Failure::usage(text));
        }
        (None, None) => text_of(Path::new("-"))?,
    };
    let value = rapporteur_desk::json::read(&text)
        .map_err(|refusal| Failure::usage(format!("the input is not JSON: {}", refusal.message)))?;
    match value {
        Value::Object(_) => Ok(value),
        _ => Err(Failure::usage(
            "the input is no JSON object; write one such as {\"slug\": \"…\"}",
        )),
    }
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = open(path)?.take(BYTES_MAX + 1).read_to_string(&mut text);
    read.map_err(|error| Failure::saying(format!("cannot read {}: {error}", path.display())))?;
    if text.len() as u64 > BYTES_MAX {
        let text = format!(
            "{} has more than {BYTES_MAX} bytes; `rapporteur import` takes files of commands",
            path.display()
        );
        return Err(Failure::usage(text));
    }
    Ok(text)
}
