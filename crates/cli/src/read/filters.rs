//! The timeline's filters as flags, and what to say where they find nothing.

use crate::ask::Asker;
use crate::exit::Failure;
use crate::out::aside;
use crate::show::{at, number};
use clap::Args;
use clap::builder::PossibleValuesParser;
use rapporteur_domain::id::DossierKind;
use rapporteur_domain::shape::set_of;
use serde_json::{Map, Value, json};

/// The flags of `TimelineFilter`. Filters combine with "and", the values of one with "or".
#[derive(Args, Clone)]
#[command(next_help_heading = "Filters")]
pub(crate) struct Filters {
    /// Only what this party has a part in, speakers included; again for another.
    #[arg(long, value_name = "SLUG")]
    party: Vec<String>,
    /// Only this topic; again for another.
    #[arg(long, value_name = "SLUG")]
    topic: Vec<String>,
    /// Only this dossier; again for another.
    #[arg(long, value_name = "SLUG")]
    dossier: Vec<String>,
    /// Only dossiers of this kind; again for another.
    #[arg(long, value_name = "KIND", ignore_case = true, value_parser = kinds())]
    kind: Vec<String>,
    /// Only dates in this window, as EDTF: 2026-01, 2025-11/2026-01, 2026/..
    #[arg(long, value_name = "WINDOW")]
    within: Option<String>,
    /// Whether a date must lie in the window for sure.
    #[arg(long = "match", value_name = "HOW", requires = "within", value_parser = ["surely", "possibly"])]
    how: Option<String>,
    /// Let undated entries pass the window too.
    #[arg(long, requires = "within")]
    undated: bool,
}

fn kinds() -> PossibleValuesParser {
    let names = set_of::<DossierKind>();
    let names: Vec<String> = names.values.iter().map(|(name, _)| name.to_lowercase()).collect();
    PossibleValuesParser::new(names)
}

impl Filters {
    /// The filters that are given: the flag as it was written, and the members of the GraphQL filter that it sets.
    fn given(&self) -> Vec<(String, Map<String, Value>)> {
        let mut given = Vec::new();
        let lists = [
            ("party", "parties", &self.party),
            ("topic", "topics", &self.topic),
            ("dossier", "dossiers", &self.dossier),
            ("kind", "kinds", &self.kind),
        ];
        for (flag, member, values) in lists.into_iter().filter(|(_, _, values)| !values.is_empty()) {
            let written: Vec<String> = values.iter().map(|value| format!("--{flag} {value}")).collect();
            let values: Vec<String> = match flag {
                "kind" => values.iter().map(|kind| kind.to_uppercase()).collect(),
                _ => values.clone(),
            };
            given.push((written.join(" "), Map::from_iter([(member.to_owned(), json!(values))])));
        }
        if let Some(within) = &self.within {
            let mut members = Map::from_iter([("within".to_owned(), json!(within))]);
            if let Some(how) = &self.how {
                members.insert("match".to_owned(), json!(how.to_uppercase()));
            }
            if self.undated {
                members.insert("undated".to_owned(), json!(true));
            }
            given.push((format!("--within {within}"), members));
        }
        given
    }

    /// The GraphQL filter.
    pub(super) fn variable(&self) -> Value {
        Value::Object(self.given().into_iter().flat_map(|(_, members)| members).collect())
    }

    /// The slugs that the filters name, each with its kind's plain name; a dossier of any kind has none.
    pub(super) fn slugs(&self) -> Vec<(Option<&'static str>, &str)> {
        let lists = [
            (Some("party"), &self.party),
            (Some("topic"), &self.topic),
            (None, &self.dossier),
        ];
        let slugs = lists
            .into_iter()
            .flat_map(|(kind, slugs)| slugs.iter().map(move |slug| (kind, slug.as_str())));
        slugs.collect()
    }

    /// Says on stderr that nothing was found, and what each filter costs. `root` is the root field with its arguments
    /// beside `where`, such as `timeline` or `search(text: $text, `.
    ///
    /// # Errors
    /// As [`Asker::ask`].
    pub(super) fn say_empty(&self, asker: &Asker, list: &str, more: &[(&str, &str, Value)]) -> Result<(), Failure> {
        let given = self.given();
        if given.is_empty() {
            aside(format_args!("nothing found"));
            return Ok(());
        }
        let mut variables = Map::new();
        let (mut declared, mut passed, mut fields) = (String::new(), String::new(), String::new());
        for (name, kind, value) in more {
            declared.push_str(&format!("${name}: {kind}, "));
            passed.push_str(&format!("{name}: ${name}, "));
            variables.insert((*name).to_owned(), value.clone());
        }
        for left_out in 0..given.len() {
            let rest = given.iter().enumerate().filter(|(place, _)| *place != left_out);
            let rest: Map<String, Value> = rest.flat_map(|(_, (_, members))| members.clone()).collect();
            declared.push_str(&format!("$w{left_out}: TimelineFilter, "));
            fields.push_str(&format!(
                "without{left_out}: {list}({passed}where: $w{left_out}) {{ totalCount }} "
            ));
            variables.insert(format!("w{left_out}"), Value::Object(rest));
        }
        let document = format!("query Without({declared}) {{ {fields} }}");
        let answer = asker.ask(&document, Value::Object(variables))?;
        aside(format_args!(
            "nothing found with these filters; how many there are without one of them:"
        ));
        for (place, (flag, _)) in given.iter().enumerate() {
            let count = number(at(&answer, &format!("without{place}.totalCount")));
            aside(format_args!("  without {flag}: {count}"));
        }
        Ok(())
    }
}
