//! The rows of a page as peers hold them: read from our own answers, so that every peer answers the same.

use crate::Failed;
use crate::load::Request;
use async_graphql::SimpleObject;
use rapporteur_domain::date::Within;
use rapporteur_domain::id::Slug;
use rapporteur_views::Views;
use rapporteur_views::timeline::Filter;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is asked of each entry.
pub(crate) const NODES: &str = "nodes { position kind summary when { label earliest latest }
    dossier { slug title } participants { party { slug name } role mode } topics { slug label }
    evidence { credibility hedge citations { source { slug title publisher url publishedOn { label } }
      attribution { speaker anonymous } } } }";

/// An entry.
#[derive(SimpleObject, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(crate) position: u64,
    kind: String,
    summary: String,
    when: Option<When>,
    dossier: Option<Titled>,
    participants: Vec<Participant>,
    topics: Vec<Topic>,
    evidence: Option<Evidence>,
}

#[derive(SimpleObject, Serialize, Deserialize)]
struct When {
    label: String,
    earliest: Option<String>,
    latest: Option<String>,
}

#[derive(SimpleObject, Serialize, Deserialize)]
struct Titled {
    slug: String,
    title: String,
}

#[derive(SimpleObject, Serialize, Deserialize)]
struct Participant {
    party: Option<Named>,
    role: Option<String>,
    mode: Option<String>,
}

#[derive(SimpleObject, Serialize, Deserialize)]
struct Named {
    slug: String,
    name: String,
}

#[derive(SimpleObject, Serialize, Deserialize)]
struct Topic {
    slug: String,
    label: String,
}

#[derive(SimpleObject, Serialize, Deserialize)]
struct Evidence {
    credibility: Option<i32>,
    hedge: Option<String>,
    citations: Vec<Citation>,
}

#[derive(SimpleObject, Serialize, Deserialize)]
struct Citation {
    source: Option<Source>,
    attribution: Option<Attribution>,
}

#[derive(SimpleObject, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    slug: String,
    title: Option<String>,
    publisher: Option<String>,
    url: Option<String>,
    published_on: Option<Label>,
}

#[derive(SimpleObject, Serialize, Deserialize)]
struct Label {
    label: String,
}

#[derive(SimpleObject, Serialize, Deserialize)]
struct Attribution {
    speaker: Option<String>,
    anonymous: Option<bool>,
}

/// A page as it is answered.
#[derive(Serialize)]
pub(crate) struct Page<'a> {
    pub(crate) nodes: Vec<&'a Row>,
}

/// Every row by its position, and the index that finds those of a page: the same that we use.
pub(crate) struct Rows {
    views: Arc<Views>,
    rows: BTreeMap<u64, Row>,
}

impl Rows {
    /// Reads them from our answers, page by page.
    pub(crate) fn read(url: &str, views: Arc<Views>) -> Result<Self, Failed> {
        let agent = ureq::Agent::new_with_defaults();
        let (mut rows, mut after) = (BTreeMap::new(), "null".to_owned());
        loop {
            let document = format!(
                "{{ timeline(first: 200, after: {after}) {{ pageInfo {{ hasNextPage endCursor }} {NODES} }} }}"
            );
            let answer = Request::document(url, &document).once(&agent)?;
            let mut answer: serde_json::Value = serde_json::from_str(&answer)?;
            let page = answer.pointer_mut("/data/timeline").ok_or("a page without data")?;
            let nodes: Vec<Row> = serde_json::from_value(page["nodes"].take())?;
            rows.extend(nodes.into_iter().map(|row| (row.position, row)));
            if page["pageInfo"]["hasNextPage"] != true {
                return Ok(Self { views, rows });
            }
            after = page["pageInfo"]["endCursor"].to_string();
        }
    }

    /// The first entries of a party in a window.
    pub(crate) fn page(&self, first: usize, party: &str, within: &str) -> Result<Page<'_>, Failed> {
        let filter = Filter {
            parties: vec![Slug::parse(party).map_err(|error| format!("{error:?}"))?],
            within: Some(Within::parse(within).map_err(|error| format!("{error:?}"))?),
            ..Filter::default()
        };
        let entries = self.views.timeline.matching(&filter).take(first);
        let rows = entries.map(|entry| self.rows.get(&entry.position()).ok_or("a row that is not there"));
        Ok(Page {
            nodes: rows.collect::<Result<_, _>>()?,
        })
    }

    /// The parties with the most entries.
    pub(crate) fn parties(&self, most: usize) -> Vec<String> {
        let count = |slug: &Slug| {
            let filter = Filter {
                parties: vec![slug.clone()],
                ..Filter::default()
            };
            self.views.timeline.count(&filter)
        };
        let slugs = self.views.parties.all().map(|(slug, _)| slug.clone());
        let mut counted: Vec<(usize, Slug)> = slugs.map(|slug| (count(&slug), slug)).collect();
        counted.sort_by(|one, other| other.cmp(one));
        counted.truncate(most);
        counted.into_iter().map(|(_, slug)| slug.to_string()).collect()
    }
}
