//! A line of an export: a stored event, the closing record, or the opening record of a part, as CloudEvents 1.0 in JSON.
//!
//! CloudEvents' own whole numbers end at 2³¹, so positions and versions are texts of decimal digits. `data` is there for
//! people; what counts is `payload`, the stored bytes. `docs/storage.md` has the table of members.

use crate::json;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use rapporteur_domain::event::Event;
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_log::{DossierId, Hash, Head, Header, Idempotency, Payload, Recorded, Stored};
use rapporteur_views::Views;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use uuid::Uuid;

const SPEC_VERSION: &str = "1.0";
const SOURCE: &str = "/rapporteur";
const TYPE_PREFIX: &str = "rapporteur.";
/// No event has this kind: `export` is no kind of dossier.
const END_TYPE: &str = "rapporteur.export.ended.v1";
/// The first line of a part.
const PART_BEGAN: &str = "rapporteur.export.part-began.v1";
/// The first and the last line of an extract. No event has these kinds either.
const EXTRACT_BEGAN: &str = "rapporteur.extract.began.v1";
const EXTRACT_ENDED: &str = "rapporteur.extract.ended.v1";
const CONTENT_TYPE: &str = "application/json";
/// How much of a value a message shows.
const SHOWN_CHARS: usize = 60;

/// What one line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    /// An event.
    Event(Box<Stored>),
    /// The opening record of a part: the event before its first.
    Began(Head),
    /// The closing record: no event is missing before it.
    End(End),
}

/// What the closing record says of the lines before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) head: Head,
    /// How many of the events are redacted.
    pub(crate) redacted: u64,
}

/// An event's members, in the order in which they are written.
#[derive(Serialize)]
struct EventForm<'a> {
    specversion: &'a str,
    id: String,
    source: &'a str,
    #[serde(rename = "type")]
    kind: String,
    subject: String,
    time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    datacontenttype: Option<&'a str>,
    position: String,
    version: String,
    recorder: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotencykey: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    batch: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    payloadhash: String,
    previoushash: String,
    hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    redacted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
}

/// What opens a part, or closes an export.
#[derive(Serialize)]
struct EdgeForm<'a> {
    specversion: &'a str,
    id: String,
    source: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    position: String,
    hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    redactions: Option<String>,
}

/// Writes an event; `event` is what its payload says, unless it is redacted.
///
/// # Errors
/// Never for decoded events; the type is serde's.
pub(crate) fn write(stored: &Stored, event: Option<&Event>) -> Result<String, serde_json::Error> {
    let header = &stored.header;
    let kept = match &stored.payload {
        Payload::Kept { salt, bytes } => Some((STANDARD.encode(salt), STANDARD.encode(bytes))),
        Payload::Redacted => None,
    };
    let is_redacted = kept.is_none();
    let (salt, payload) = kept.unzip();
    let data = event.map(Event::to_json).transpose()?;
    serde_json::to_string(&EventForm {
        specversion: SPEC_VERSION,
        id: header.event_id.to_string(),
        source: SOURCE,
        kind: format!("{TYPE_PREFIX}{}.v{}", header.kind, header.schema_version),
        subject: format!("{}/{}", kind_name(header.dossier.kind), header.dossier.slug),
        time: header.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        datacontenttype: data.is_some().then_some(CONTENT_TYPE),
        position: header.position.to_string(),
        version: header.version.to_string(),
        recorder: &header.recorder,
        idempotencykey: header.idempotency.as_ref().map(|i| &*i.key),
        fingerprint: header.idempotency.as_ref().map(|i| hex(&i.fingerprint)),
        batch: header.batch.to_string(),
        cause: header.cause.map(|cause| cause.to_string()),
        payloadhash: header.payload_hash.to_string(),
        previoushash: header.prev_hash.to_string(),
        hash: header.hash.to_string(),
        redacted: is_redacted.then_some(true),
        salt,
        payload,
        data,
    })
}

/// Writes the closing record.
///
/// # Errors
/// Never; the type is serde's.
pub(crate) fn write_end(end: &End) -> Result<String, serde_json::Error> {
    serde_json::to_string(&EdgeForm {
        specversion: SPEC_VERSION,
        id: format!("end-{}", end.head.hash),
        source: SOURCE,
        kind: END_TYPE,
        position: end.head.position.to_string(),
        hash: end.head.hash.to_string(),
        redactions: Some(end.redacted.to_string()),
    })
}

/// Writes the opening record of a part that begins after the event at this head.
///
/// # Errors
/// Never; the type is serde's.
pub(crate) fn write_began(after: &Head) -> Result<String, serde_json::Error> {
    serde_json::to_string(&EdgeForm {
        specversion: SPEC_VERSION,
        id: format!("began-{}", after.hash),
        source: SOURCE,
        kind: PART_BEGAN,
        position: after.position.to_string(),
        hash: after.hash.to_string(),
        redactions: None,
    })
}

/// Writes the first line of an extract: of when it is, and that it is no log.
///
/// # Errors
/// Never; the type is serde's.
pub(crate) fn write_extract_began(views: &Views) -> Result<String, serde_json::Error> {
    let head = views.head().map(|(_, hash)| hash.to_string());
    serde_json::to_string(&json!({
        "specversion": SPEC_VERSION,
        "id": format!("extract-{}", views.moment()),
        "source": SOURCE,
        "type": EXTRACT_BEGAN,
        "moment": views.moment().to_string(),
        "position": views.position().to_string(),
        "hash": head,
        "restorable": false,
    }))
}

/// Writes an event of an extract: as it is read, without its stored payload.
///
/// # Errors
/// Never for decoded events; the type is serde's.
pub(crate) fn write_extracted(recorded: &Recorded) -> Result<String, serde_json::Error> {
    let header = &recorded.header;
    let (kind, version) = match &recorded.event {
        Some(event) => (event.kind(), event.version()),
        None => (&*header.kind, header.schema_version),
    };
    serde_json::to_string(&json!({
        "specversion": SPEC_VERSION,
        "id": header.event_id.to_string(),
        "source": SOURCE,
        "type": format!("{TYPE_PREFIX}{kind}.v{version}"),
        "subject": format!("{}/{}", kind_name(recorded.dossier.kind), recorded.dossier.slug),
        "time": header.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "datacontenttype": CONTENT_TYPE,
        "position": header.position.to_string(),
        "recorder": &header.recorder,
        "hash": header.hash.to_string(),
        "data": recorded.event.as_ref().map(Event::to_json).transpose()?,
    }))
}

/// Writes the last line of an extract: how many events are before it.
///
/// # Errors
/// Never; the type is serde's.
pub(crate) fn write_extract_ended(events: u64) -> Result<String, serde_json::Error> {
    serde_json::to_string(&json!({
        "specversion": SPEC_VERSION,
        "id": "extract-end",
        "source": SOURCE,
        "type": EXTRACT_ENDED,
        "events": events.to_string(),
    }))
}

/// How many events an extract says that it has, if this is its last line.
#[must_use]
pub fn extract_ended(line: &str) -> Option<u64> {
    let members: Value = serde_json::from_str(line).ok()?;
    let is_end = members["type"] == EXTRACT_ENDED;
    is_end.then(|| members["events"].as_str()?.parse().ok()).flatten()
}

/// A line with the members it was read from.
#[derive(Debug)]
pub(crate) struct Members(Map<String, Value>);

/// Reads a line. What it says is not checked against its hashes; [`Members::agree`] tells whether anything else is there.
///
/// # Errors
/// What is wrong with the line, and where.
pub(crate) fn read(text: &str) -> Result<(Line, Members), String> {
    let members = match json::read(text).map_err(|refusal| refusal.message)? {
        Value::Object(members) => Members(members),
        other => return Err(format!("it is {}, not an object", short(&other))),
    };
    let kind = members.text("type")?;
    let line = match kind {
        EXTRACT_BEGAN | EXTRACT_ENDED => {
            return Err(format!(
                "this is an extract as of {}, and no log: it holds what was public then, without payloads and chain. Restore from \
                 an export without `--as-of`, or with `--as-of recorded:` alone",
                members.text("moment").unwrap_or("a moment")
            ));
        }
        PART_BEGAN => Line::Began(Head {
            position: members.number("position")?,
            hash: members.hash("hash")?,
        }),
        END_TYPE => Line::End(End {
            head: Head {
                position: members.number("position")?,
                hash: members.hash("hash")?,
            },
            redacted: members.number("redactions")?,
        }),
        kind => Line::Event(Box::new(members.event(kind)?)),
    };
    Ok((line, members))
}

impl Members {
    /// Checks that these members are those of `written`, a line as [`write()`] or [`write_end`] gives it, in any order.
    /// `data` may be `any_data` where an older program wrote it in another form than this one does.
    ///
    /// # Errors
    /// The first member that is not.
    pub(crate) fn agree(&self, written: &str, any_data: bool) -> Result<(), String> {
        let Ok(Value::Object(expected)) = json::read(written) else {
            return Err("this program could not write the line itself".to_owned());
        };
        for (name, value) in &self.0 {
            match expected.get(name) {
                None => return Err(format!("`{name}` is no member of this kind of line")),
                Some(_) if name == "data" && any_data && value.is_object() => {}
                Some(expected) => same(name, value, expected)?,
            }
        }
        match expected.keys().find(|name| !self.0.contains_key(*name)) {
            Some(missing) => Err(format!("`{missing}` is missing")),
            None => Ok(()),
        }
    }

    fn event(&self, kind: &str) -> Result<Stored, String> {
        let (kind, schema_version) = kind
            .strip_prefix(TYPE_PREFIX)
            .and_then(|kind| kind.rsplit_once(".v"))
            .and_then(|(kind, version)| Some((kind, version.parse().ok()?)))
            .ok_or_else(|| wrong("type", "such as `rapporteur.meeting.scheduled.v1`", &Value::from(kind)))?;
        let header = Header {
            position: self.number("position")?,
            dossier: self.dossier()?,
            version: self.number("version")?,
            event_id: self.parsed("id", "a UUID", |text| Uuid::try_parse(text).ok())?,
            kind: kind.into(),
            schema_version,
            recorded_at: self.parsed("time", "an instant such as `2026-01-06T18:00:00.000000Z`", |text| {
                Some(DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc))
            })?,
            recorder: self.text("recorder")?.into(),
            idempotency: self.idempotency()?,
            batch: self.number("batch")?,
            cause: self.0.contains_key("cause").then(|| self.number("cause")).transpose()?,
            payload_hash: self.hash("payloadhash")?,
            prev_hash: self.hash("previoushash")?,
            hash: self.hash("hash")?,
        };
        Ok(Stored {
            header,
            payload: self.payload()?,
        })
    }

    fn dossier(&self) -> Result<DossierId, String> {
        self.parsed("subject", "a dossier such as `meeting/paris-2026-01-06`", |text| {
            let (kind, slug) = text.split_once('/')?;
            Some(DossierId {
                kind: DossierKind::ALL.iter().copied().find(|k| kind_name(*k) == kind)?,
                slug: Slug::parse(slug).ok()?,
            })
        })
    }

    fn idempotency(&self) -> Result<Option<Idempotency>, String> {
        match (
            self.0.contains_key("idempotencykey"),
            self.0.contains_key("fingerprint"),
        ) {
            (false, false) => Ok(None),
            (true, true) => Ok(Some(Idempotency {
                key: self.text("idempotencykey")?.into(),
                fingerprint: self.parsed("fingerprint", "32 hexadecimal digits", |text| {
                    let number = u128::from_str_radix(text, 16).ok()?;
                    Some(number.to_be_bytes())
                })?,
            })),
            (true, false) => Err("`fingerprint` is missing beside `idempotencykey`".to_owned()),
            (false, true) => Err("`idempotencykey` is missing beside `fingerprint`".to_owned()),
        }
    }

    fn payload(&self) -> Result<Payload, String> {
        if let Some(redacted) = self.0.get("redacted") {
            if redacted != &Value::Bool(true) {
                return Err(wrong("redacted", "true, or left out", redacted));
            }
            return Ok(Payload::Redacted);
        }
        let base64 = |text: &str| STANDARD.decode(text).ok();
        Ok(Payload::Kept {
            salt: self.parsed("salt", "16 bytes in base64", |text| base64(text)?.try_into().ok())?,
            bytes: Arc::from(self.parsed("payload", "bytes in base64", base64)?),
        })
    }

    fn hash(&self, name: &str) -> Result<Hash, String> {
        self.parsed(name, "64 hexadecimal digits", Hash::parse)
    }

    fn number<N: std::str::FromStr>(&self, name: &str) -> Result<N, String> {
        self.parsed(name, "a text of decimal digits, such as \"17\"", |text| {
            text.parse().ok()
        })
    }

    fn parsed<T>(&self, name: &str, what: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, String> {
        let value = self.0.get(name).ok_or_else(|| format!("`{name}` is missing"))?;
        value.as_str().and_then(parse).ok_or_else(|| wrong(name, what, value))
    }

    fn text(&self, name: &str) -> Result<&str, String> {
        let value = self.0.get(name).ok_or_else(|| format!("`{name}` is missing"))?;
        value.as_str().ok_or_else(|| wrong(name, "a text", value))
    }
}

fn wrong(name: &str, what: &str, value: &Value) -> String {
    format!("`{name}` must be {what}; it is {}", short(value))
}

/// Tells the first place below `path` in which `found` is not `expected`.
fn same(path: &str, found: &Value, expected: &Value) -> Result<(), String> {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            for (name, value) in found {
                let path = format!("{path}.{name}");
                match expected.get(name) {
                    Some(expected) => same(&path, value, expected)?,
                    None => return Err(format!("`{path}` is not in the payload, as this program reads it")),
                }
            }
            match expected.keys().find(|name| !found.contains_key(*name)) {
                Some(missing) => Err(format!("`{path}.{missing}` is missing, and in the payload")),
                None => Ok(()),
            }
        }
        (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
            let mut pairs = found.iter().zip(expected).enumerate();
            pairs.try_for_each(|(n, (found, expected))| same(&format!("{path}[{n}]"), found, expected))
        }
        _ if found == expected => Ok(()),
        _ => Err(format!(
            "`{path}` is {} where {} belongs",
            short(found),
            short(expected)
        )),
    }
}

/// A value as a message shows it.
fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A kind of dossier as a word: `meeting`.
fn kind_name(kind: DossierKind) -> String {
    format!("{kind:?}").to_ascii_lowercase()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_of_an_older_form_may_be_any_object_and_nothing_else_may_differ() {
        let written = r#"{"type":"t","data":{"newName":1}}"#;
        for (line, today, older) in [
            (r#"{"type":"t","data":{"newName":1}}"#, true, true),
            (r#"{"data":{"oldName":1},"type":"t"}"#, false, true),
            (r#"{"type":"t","data":["oldName"]}"#, false, false),
            (r#"{"type":"t"}"#, false, false),
            (r#"{"type":"u","data":{"oldName":1}}"#, false, false),
        ] {
            let members = Members(serde_json::from_str(line).unwrap());
            assert_eq!(members.agree(written, false).is_ok(), today, "{line}");
            assert_eq!(members.agree(written, true).is_ok(), older, "{line}");
        }
    }
}
