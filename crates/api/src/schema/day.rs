//! Days of the calendar, as written and shown.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

/// A calendar day as ISO 8601 writes it, `YYYY-MM-DD`, years 0000 to 9999: `2026-01-06`. It has no hours and no time zone,
/// and it is exact; what sources date less exactly is a `Date`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day(pub(super) NaiveDate);

/// A calendar day as ISO 8601 writes it, `YYYY-MM-DD`, years 0000 to 9999: `2026-01-06`. It has no hours and no time zone,
/// and it is exact; what sources date less exactly is a `Date`.
#[Scalar(
    name = "LocalDate",
    specified_by_url = "https://scalars.graphql.org/andimarek/local-date"
)]
impl ScalarType for Day {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            let message = format!("`{value}` is no day; write it as a text such as \"2026-01-06\"");
            return Err(InputValueError::custom(message));
        };
        read(text).map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// The day that `text` writes, or what is wrong with it.
fn read(text: &str) -> Result<NaiveDate, String> {
    let shown: String = text.chars().take(40).collect();
    let form = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !form {
        return Err(format!(
            "`{shown}` is no day of the form YYYY-MM-DD; write one such as `2026-01-06`"
        ));
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| format!("`{shown}` is not in the calendar; write a day that there is, such as `2026-01-06`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_it_is_written() {
        for text in ["2026-01-06", "2024-02-29", "0000-01-01", "9999-12-31"] {
            assert_eq!(Day(read(text).unwrap()).to_value(), Value::String(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_day_is_refused_with_what_is_wrong() {
        for text in [
            "",
            "today",
            "2026-1-6",
            "2026-01",
            "20260106",
            "+2026-1-06",
            "2026-01-06T00:00",
            "２０２６",
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains("of the form YYYY-MM-DD"), "{text}: {said}");
        }
        for text in ["2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10"] {
            let said = read(text).unwrap_err();
            assert!(
                said.contains(text) && said.contains("not in the calendar"),
                "{text}: {said}"
            );
        }
        let said = Day::parse(Value::from(20_260_106)).unwrap_err();
        assert!(format!("{said:?}").contains("write it as a text"), "{said:?}");
    }
}
