//! A date in JSON, CBOR and the JSON Schema.

use super::{DateParts, FuzzyDate, TimeWindow};
use crate::invalid::Invalid;
use crate::shape::Scalar;
use crate::text::Line;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::borrow::Cow;

const ABOUT: &str = "A date as the source gives it: EDTF text (ISO 8601-2) such as `\"2026-01-06\"`, or an object around it. \
    EDTF: a day `2026-01-06`, month `2025-11`, season `2025-22` (21 spring, 22 summer, 23 autumn, 24 winter), year `2022`; \
    about `2026-01~`, doubted `2022-11-24?`, both `%`; one of `[2026-01-03,2026-01-04]`, some time in \
    `[2025-11-01..2026-01-06]`, by `[..2026-02-24]`; all of `{2026-01-03,2026-01-04}`; from one to another \
    `2025-11/2026-01`, since `2022/..`; unknown digits `2026-01-XX`. \
    Object: `edtf`; `qualifier` EARLY (days 1-10), MID (11-20) or LATE (21-end) on a year-month; `openTail: true` for \
    \"or very soon after\"; `window {from: \"18:00\", until: \"24:00\", zone: \"Europe/Kyiv\"}` on a single day, an `until` \
    before `from` being on the next day, or on a period of days, opening on its first and closing on its last; `phrase`, the source's own words; `basis`, how the desk arrived at the date. \
    `today`, `yesterday` and `tomorrow` stand for the day that it is in the desk's time zone, and are kept as that day. \
    No usable date: leave `edtf` out and give `phrase` or `basis`.";

const FIELDS: &str = "the fields are `edtf`, `qualifier`, `openTail`, `window`, `phrase` and `basis`";

impl Scalar for FuzzyDate {
    const NAME: &'static str = "DateInput";

    fn check(value: &Value) -> Result<(), Invalid> {
        match value {
            Value::String(edtf) => Self::parse(edtf).map(drop),
            Value::Object(fields) => Self::new(parts(fields)?).map(drop),
            _ => Err(Invalid::new(
                "neither a string nor an object",
                "write EDTF in double quotes such as `\"2026-01-06\"`, or an object with `edtf`",
            )),
        }
    }
}

fn parts(fields: &Map<String, Value>) -> Result<DateParts, Invalid> {
    let mut parts = DateParts::default();
    for (field, value) in fields {
        match field.as_str() {
            "edtf" => parts.edtf = optional(field, value)?.map(Into::into),
            "phrase" => parts.phrase = line(field, value)?,
            "basis" => parts.basis = line(field, value)?,
            "window" => parts.window = window(value)?,
            "openTail" => match value {
                Value::Null => {}
                Value::Bool(open) => parts.open_tail = *open,
                _ => return Err(Invalid::new("`openTail` is not a boolean", "write true or false")),
            },
            "qualifier" => {
                parts.qualifier = Option::deserialize(value)
                    .map_err(|_| Invalid::new("`qualifier` is not a part of a month", "write EARLY, MID or LATE"))?;
            }
            _ => return Err(stray_field("a date", field, FIELDS)),
        }
    }
    Ok(parts)
}

fn stray_field(of: &str, field: &str, hint: &str) -> Invalid {
    let name: String = field.chars().take(40).collect();
    Invalid::new(format!("{of} has no field {name:?}"), hint)
}

fn optional<'v>(field: &str, value: &'v Value) -> Result<Option<&'v str>, Invalid> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(Invalid::new(
            format!("`{field}` is not a string"),
            "write it in double quotes",
        )),
    }
}

fn line(field: &str, value: &Value) -> Result<Option<Line>, Invalid> {
    optional(field, value)?
        .map(Line::parse)
        .transpose()
        .map_err(|e| Invalid::new(format!("`{field}`: {}", e.message), e.hint))
}

fn window(value: &Value) -> Result<Option<TimeWindow>, Invalid> {
    const HINT: &str = "write `from`, `until` and `zone`, such as \"18:00\", \"24:00\" and \"Europe/Kyiv\"";
    let fields = match value {
        Value::Null => return Ok(None),
        Value::Object(fields) => fields,
        _ => return Err(Invalid::new("`window` is not an object", HINT)),
    };
    if let Some(stray) = fields.keys().find(|k| !["from", "until", "zone"].contains(&k.as_str())) {
        return Err(stray_field("`window`", stray, HINT));
    }
    let text = |field: &str| {
        fields
            .get(field)
            .and_then(Value::as_str)
            .ok_or_else(|| Invalid::new(format!("`window.{field}` is missing or not a string"), HINT))
    };
    TimeWindow::parse(text("from")?, text("until")?, text("zone")?).map(Some)
}

impl Serialize for FuzzyDate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.parts().serialize(s)
    }
}

impl<'de> Deserialize<'de> for FuzzyDate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(TextOrParts)
    }
}

struct TextOrParts;

impl<'de> Visitor<'de> for TextOrParts {
    type Value = FuzzyDate;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EDTF text such as \"2026-01-06\", or an object with `edtf`")
    }

    fn visit_str<E: Error>(self, edtf: &str) -> Result<FuzzyDate, E> {
        FuzzyDate::parse(edtf).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FuzzyDate, A::Error> {
        let parts = DateParts::deserialize(MapAccessDeserializer::new(map))?;
        FuzzyDate::new(parts).map_err(A::Error::custom)
    }
}

impl<C> minicbor::Encode<C> for FuzzyDate {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        self.parts().encode(e, ctx)
    }
}

impl<'b, C> minicbor::Decode<'b, C> for FuzzyDate {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        Self::new(DateParts::decode(d, ctx)?).map_err(|e| minicbor::decode::Error::message(e.message).at(at))
    }
}

impl schemars::JsonSchema for FuzzyDate {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": ABOUT,
            "x-scalar": Self::NAME,
            "examples": [
                "2026-01-06",
                {"edtf": "2026-10", "qualifier": "MID", "phrase": "mid-October"},
                {"edtf": "2025-05-08", "window": {"from": "18:00", "until": "24:00", "zone": "Europe/Kyiv"}},
                {"phrase": "nearly four years ago"}
            ],
            "oneOf": [
                {"type": "string", "maxLength": Self::MAX_BYTES},
                {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "edtf": {"type": ["string", "null"], "maxLength": Self::MAX_BYTES},
                        "qualifier": {"enum": ["EARLY", "MID", "LATE", null]},
                        "openTail": {"type": ["boolean", "null"]},
                        "window": {
                            "type": ["object", "null"],
                            "additionalProperties": false,
                            "properties": {
                                "from": {"type": "string", "maxLength": 5},
                                "until": {"type": "string", "maxLength": 5},
                                "zone": {"type": "string"}
                            },
                            "required": ["from", "until", "zone"]
                        },
                        "phrase": {"type": ["string", "null"], "maxLength": Line::MAX_BYTES},
                        "basis": {"type": ["string", "null"], "maxLength": Line::MAX_BYTES}
                    }
                }
            ]
        })
    }
}
