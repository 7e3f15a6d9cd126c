//! Load over HTTP by wrk, which costs the machine less than a client of our own would.

use crate::Failed;
use crate::append::Round;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Requests, each the body of a POST.
pub(crate) struct Bodies {
    script: PathBuf,
    lines: PathBuf,
}

/// Each of wrk's threads takes every so manieth line, and begins again at the end.
const SCRIPT: &str = r#"
local threads = 0
function setup(thread)
  thread:set("first", threads)
  threads = threads + 1
end
function init(args)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  step = tonumber(args[2])
  bodies, number = {}, 0
  for line in io.lines(args[1]) do
    if number % step == first then bodies[#bodies + 1] = line end
    number = number + 1
  end
  at = 0
end
function request()
  at = at % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[at])
end
"#;

impl Bodies {
    /// Writes them where wrk finds them.
    pub(crate) fn write(dir: &Path, bodies: impl Iterator<Item = String>) -> Result<Self, Failed> {
        let (script, lines) = (dir.join("wrk.lua"), dir.join("bodies"));
        fs::write(&script, SCRIPT)?;
        let mut file = BufWriter::new(File::create(&lines)?);
        for body in bodies {
            writeln!(file, "{}", body.replace('\n', " "))?;
        }
        file.flush()?;
        Ok(Self { script, lines })
    }
}

/// Lets so many clients send for as long.
pub(crate) fn run(url: &str, bodies: &Bodies, clients: usize, long: Duration) -> Result<Round, Failed> {
    let threads = clients.min(2).to_string();
    let ran = Command::new("wrk")
        .args([
            "--latency",
            "--timeout",
            "30s",
            "-t",
            &threads,
            "-c",
            &clients.to_string(),
        ])
        .args(["-d", &format!("{}s", long.as_secs()), "-s"])
        .arg(&bodies.script)
        .args([url, "--"])
        .arg(&bodies.lines)
        .arg(&threads)
        .output();
    let ran = ran.map_err(|error| format!("wrk cannot be run ({error}): apt-get install wrk"))?;
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    if !ran.status.success() || text.contains("Non-2xx") || text.contains("Socket errors") {
        return Err(format!("wrk: {text}{}", String::from_utf8_lossy(&ran.stderr)).into());
    }
    let after = |label: &str| {
        let rest = text.lines().find_map(|line| line.trim().strip_prefix(label));
        rest.map(str::trim)
            .ok_or_else(|| format!("wrk does not tell {label}: {text}"))
    };
    Ok(Round {
        rate: after("Requests/sec:")?.parse()?,
        p50_ms: millis(after("50%")?)?,
        p99_ms: millis(after("99%")?)?,
    })
}

/// `1.23ms`, `456.00us`, `1.20s`.
fn millis(text: &str) -> Result<f64, Failed> {
    let digits = text.trim_end_matches(char::is_alphabetic);
    let number: f64 = digits.parse()?;
    match &text[digits.len()..] {
        "us" => Ok(number / 1e3),
        "ms" => Ok(number),
        "s" => Ok(number * 1e3),
        other => Err(format!("wrk's unit {other}").into()),
    }
}
