//! Settings files: what flags and the environment leave open.

use crate::ask::Place;
use crate::exit::Failure;
use chrono_tz::Tz;
use clap::Command;
use clap::builder::OsStr;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::OnceLock;

/// Names a settings file in the environment.
pub(crate) const FILE_ENV: &str = "RAPPORTEUR_CONFIG";
/// A project's settings.
const PROJECT_FILE: &str = "rapporteur.toml";
/// The user's settings, inside the directory of configurations.
const USER_FILE: &str = "rapporteur/config.toml";

/// What the files say, the one that goes first first.
static LOADED: OnceLock<Vec<Settings>> = OnceLock::new();

/// What one file says.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    data: Option<PathBuf>,
    #[serde(default, deserialize_with = "endpoint")]
    endpoint: Option<String>,
    #[serde(default, deserialize_with = "zone")]
    zone: Option<Tz>,
    #[serde(default, deserialize_with = "listen")]
    listen: Option<SocketAddr>,
    #[serde(default, deserialize_with = "open_max")]
    open_max: Option<u64>,
    #[serde(default, deserialize_with = "keep_free")]
    keep_free: Option<u64>,
    demo_data: Option<PathBuf>,
}

/// Loads `named`, or else the project's file and the user's, whichever there are.
///
/// # Errors
/// Exit code 3: the named file is not there. 2: a file is not TOML, has an unknown key, or a value of the wrong kind.
pub(crate) fn load(named: Option<&Path>) -> Result<(), Failure> {
    let mut found = Vec::new();
    match named {
        Some(path) => match read(path)? {
            Some(settings) => found.push(settings),
            None => {
                let text = format!(
                    "there is no settings file {}; name one that there is with --config",
                    path.display()
                );
                return Err(Failure::not_found(text));
            }
        },
        None => {
            let here = std::env::current_dir().unwrap_or_default();
            for path in here.ancestors().map(|dir| dir.join(PROJECT_FILE)) {
                if let Some(settings) = read(&path)? {
                    found.push(settings);
                    break;
                }
            }
            if let Some(path) = user_file()
                && let Some(settings) = read(&path)?
            {
                found.push(settings);
            }
        }
    }
    let _loaded_before = LOADED.set(found);
    Ok(())
}

/// The store or the server that the first file with one names; of one file, the server.
pub(crate) fn place() -> Option<Place> {
    let each = LOADED.get().into_iter().flatten();
    each.filter_map(|settings| match (&settings.endpoint, &settings.data) {
        (Some(url), _) => Some(Place::Server(url.clone())),
        (None, Some(dir)) => Some(Place::Store(dir.clone())),
        (None, None) => None,
    })
    .next()
}

/// The command line with the settings as defaults of the flags that have a variable of the environment.
pub(crate) fn as_defaults(command: Command) -> Command {
    let with = command.mut_args(|arg| {
        let key = arg
            .get_env()
            .and_then(|name| name.to_str()?.strip_prefix("RAPPORTEUR_"));
        match key.and_then(setting) {
            Some(value) => arg.default_value(OsStr::from(value)),
            None => arg,
        }
    });
    with.mut_subcommands(as_defaults)
}

/// The value of a setting, by the name of its variable without the prefix.
fn setting(name: &str) -> Option<OsString> {
    let each = LOADED.get().into_iter().flatten();
    each.filter_map(|settings| match name {
        "DATA" => settings.data.clone().map(OsString::from),
        "ZONE" => settings.zone.map(|zone| zone.name().into()),
        "LISTEN" => settings.listen.map(|address| address.to_string().into()),
        "KEEP_FREE" => settings.keep_free.map(|mib| mib.to_string().into()),
        "OPEN_MAX" => settings.open_max.map(|seconds| seconds.to_string().into()),
        "DEMO_DATA" => settings.demo_data.clone().map(OsString::from),
        _ => None,
    })
    .next()
}

fn user_file() -> Option<PathBuf> {
    let env = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let dir = env("XDG_CONFIG_HOME").filter(|dir| dir.is_absolute());
    let dir = dir.or_else(|| env("HOME").map(|home| home.join(".config")))?;
    Some(dir.join(USER_FILE))
}

/// What a file says; nothing where there is none.
fn read(path: &Path) -> Result<Option<Settings>, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(Failure::usage(format!("cannot read {}: {error}", path.display()))),
    };
    let mut settings = parse(&text).map_err(|what| Failure::usage(format!("{}, {what}", path.display())))?;
    let dir = path.parent().unwrap_or(Path::new(""));
    for named in [&mut settings.data, &mut settings.demo_data].into_iter().flatten() {
        *named = dir.join(&*named);
    }
    Ok(Some(settings))
}

/// Reads the text of a file; an error says line, key, and what is wrong.
fn parse(text: &str) -> Result<Settings, String> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let before = text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let written = text.lines().nth(line - 1).unwrap_or_default();
        let key = written
            .split_once('=')
            .map(|(key, _)| key.trim())
            .filter(|key| !key.is_empty());
        let key = key.map_or(String::new(), |key| format!(", `{key}`"));
        format!("line {line}{key}: {}", error.message().trim())
    })
}

fn parsed<'de, D: Deserializer<'de>, T: FromStr>(from: D, what: &str) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(from)?;
    let value = text
        .parse()
        .map_err(|_| D::Error::custom(format!("`{text}` is no {what}")))?;
    Ok(Some(value))
}

fn endpoint<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let url = String::deserialize(from)?;
    match crate::ask::Remote::at(&url) {
        Ok(_) => Ok(Some(url)),
        Err(failure) => Err(D::Error::custom(failure.text())),
    }
}

fn zone<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Tz>, D::Error> {
    parsed(from, "time zone; write an IANA name such as Europe/Brussels")
}

fn listen<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SocketAddr>, D::Error> {
    parsed(from, "address to listen on; write one such as 127.0.0.1:8417")
}

fn open_max<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let seconds = u64::deserialize(from)?;
    match (1..=86_400).contains(&seconds) {
        true => Ok(Some(seconds)),
        false => Err(D::Error::custom(format!("{seconds} is not in 1 to 86,400 seconds"))),
    }
}

fn keep_free<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let mib = u64::deserialize(from)?;
    match mib <= 1_048_576 {
        true => Ok(Some(mib)),
        false => Err(D::Error::custom(format!("{mib} is not in 0 to 1,048,576 MiB"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read() {
        let text = "# ours\ndata = \"d\"\nendpoint = \"http://127.0.0.1:1\"\nzone = \"Europe/Brussels\"\n\
            listen = \"127.0.0.1:8500\"\nopen_max = 10\nkeep_free = 0\ndemo_data = \"e\"\n";
        let expected = Settings {
            data: Some("d".into()),
            endpoint: Some("http://127.0.0.1:1".to_owned()),
            zone: Some(Tz::Europe__Brussels),
            listen: Some(SocketAddr::from(([127, 0, 0, 1], 8500))),
            open_max: Some(10),
            keep_free: Some(0),
            demo_data: Some("e".into()),
        };
        assert_eq!(parse(text).unwrap(), expected);
        assert_eq!(parse("").unwrap(), Settings::default());
    }

    #[test]
    fn what_is_wrong_is_said_with_line_and_key() {
        for (text, said) in [
            (
                "data = \"d\"\nzon = \"UTC\"\n",
                "line 2, `zon`: unknown field `zon`, expected one of `data`",
            ),
            (
                "open_max = \"long\"\n",
                "line 1, `open_max`: invalid type: string \"long\"",
            ),
            ("\ndata = 5\n", "line 2, `data`: invalid type: integer `5`"),
            ("zone = \"Moon/Sea\"\n", "line 1, `zone`: `Moon/Sea` is no time zone"),
            ("listen = \"8417\"\n", "line 1, `listen`: `8417` is no address"),
            ("open_max = 0\n", "line 1, `open_max`: 0 is not in 1 to 86,400 seconds"),
            (
                "keep_free = 9999999\n",
                "line 1, `keep_free`: 9999999 is not in 0 to 1,048,576 MiB",
            ),
            (
                "endpoint = \"https://a\"\n",
                "line 1, `endpoint`: the endpoint `https://a` asks for TLS",
            ),
            ("data = \"a\"\ndata = \"b\"\n", "line 2, `data`: duplicate key"),
            ("data =\n", "line 1, `data`: "),
            ("[server]\nlisten = \"a\"\n", "line 1: unknown field `server`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(said), "{text:?}: {error}");
        }
    }
}
