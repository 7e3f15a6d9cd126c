use axum::http::{HeaderMap, header};

/// The two media types of GraphQL over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/graphql-response+json`: request errors have a 4xx status.
    GraphqlResponse,
    /// `application/json`: request errors of a well-formed request are 200. Also for `*/*` and without `Accept`.
    Json,
}

impl MediaType {
    /// The value of `Content-Type`.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json",
            Self::Json => "application/json",
        }
    }

    /// The media type that the client prefers (RFC 9110, section 12.5.1): by quality, then the one it names rather
    /// than covers with a wildcard, then the first named. `None` if it takes neither.
    pub(super) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let lines = headers.get_all(header::ACCEPT).iter();
        let accept: Vec<_> = lines.filter_map(|line| line.to_str().ok()).collect();
        let ranges: Vec<_> = accept
            .iter()
            .flat_map(|line| line.split(','))
            .filter_map(Range::parse)
            .collect();
        if ranges.is_empty() {
            return Some(Self::Json);
        }
        // Of equals `max_by` takes the last: JSON comes last, so a wildcard means JSON.
        [Self::GraphqlResponse, Self::Json]
            .into_iter()
            .filter_map(|offered| Some((offered, preference(&ranges, offered)?)))
            .filter(|(_, (quality, ..))| *quality > 0)
            .max_by_key(|&(_, preference)| preference)
            .map(|(offered, _)| offered)
    }
}

/// Quality in thousandths, how closely the range names the type, and how early it stands.
type Preference = (u16, u8, std::cmp::Reverse<usize>);

fn preference(ranges: &[Range], offered: MediaType) -> Option<Preference> {
    let matching = ranges.iter().enumerate().filter_map(|(at, range)| {
        let closeness = match range.name.as_str() {
            name if name == offered.name() => 2,
            "application/*" => 1,
            "*/*" => 0,
            _ => return None,
        };
        Some((range.quality, closeness, std::cmp::Reverse(at)))
    });
    matching.max_by_key(|&(_, closeness, at)| (closeness, at))
}

struct Range {
    name: String,
    quality: u16,
}

impl Range {
    /// `None` for an empty list element. A quality that is no number counts as 0.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?.to_ascii_lowercase();
        let quality = parts
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(key, _)| key.trim().eq_ignore_ascii_case("q"))
            .map_or(1000, |(_, value)| thousandths(value.trim()));
        Some(Self { name, quality })
    }
}

fn thousandths(value: &str) -> u16 {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" => 1000,
        "0" => format!("{fraction:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::MediaType::{GraphqlResponse, Json};
    use super::*;

    #[test]
    fn accept_decides() {
        for (accept, expected) in [
            ("", Some(Json)),
            ("*/*", Some(Json)),
            ("application/*;q=0.5", Some(Json)),
            ("application/json", Some(Json)),
            ("application/graphql-response+json", Some(GraphqlResponse)),
            (
                "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
                Some(GraphqlResponse),
            ),
            ("application/json, application/graphql-response+json", Some(Json)),
            (
                "application/json;q=0.4, application/graphql-response+json;q=0.9",
                Some(GraphqlResponse),
            ),
            ("application/graphql-response+json;q=0, application/json", Some(Json)),
            ("application/json;q=0, */*", Some(GraphqlResponse)),
            ("application/graphql-response+json, */*", Some(GraphqlResponse)),
            ("application/graphql-response+json;q=0.1, */*;q=0.9", Some(Json)),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Some(Json)),
            ("text/csv", None),
            ("application/json;q=0", None),
            ("application/json;q=2", None),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())]);
            assert_eq!(MediaType::negotiate(&headers), expected, "{accept}");
        }
        assert_eq!(MediaType::negotiate(&HeaderMap::new()), Some(Json));
    }
}
