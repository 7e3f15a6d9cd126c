//! `party`: a person, state or body.

use super::{Kind, flags, near, rivals, titled};
use crate::Done;
use crate::ask::{Look, Purpose};
use crate::show::{Page, PageOutput, Sheet, at, day, each, joined, number, text, word};
use clap::Args;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../documents/party.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur party volodymyr-zelenskyy
  rapporteur party marco-rubio --json";

#[derive(Args)]
pub(crate) struct Options {
    /// The party's slug.
    slug: String,
    #[command(flatten)]
    at: Look,
    #[command(flatten)]
    output: PageOutput,
}

pub(crate) fn run(options: &Options) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let data = match asker.try_ask(DOCUMENT, json!({ "slug": options.slug }))? {
        Ok(data) if !data["party"].is_null() => data,
        // The timeline refuses a party that is not recorded.
        _ => return Err(near(&asker, Kind::of("party"), &options.slug)),
    };
    options.output.show(&data, || page(&data))
}

fn page(data: &Value) -> Page {
    let party = at(data, "party");
    let names = [joined(party, "aliases", ""), joined(party, "otherNames", "name")];
    let names: Vec<String> = names.into_iter().filter(|names| !names.is_empty()).collect();
    let page = Page::titled(format!("{}: {}", text(party, "slug"), text(party, "name"))).fields([
        ("kind", word(party, "partyKind")),
        ("also called", names.join(", ")),
        ("country", text(party, "country")),
        ("Wikidata", text(party, "wikidata")),
        ("FollowTheMoney", text(party, "followTheMoney")),
        ("what", text(party, "summary")),
    ]);
    let last = format!("Last on the timeline, of {}", number(at(data, "timeline.totalCount")));
    let page = page
        .sheet("Offices and roles", offices(party))
        .sheet(titled("Positions on it", party, "positions"), positions(party))
        .sheet(titled("Links", party, "links"), links(party))
        .sheet(last, entries(data));
    flags(rivals(page, party), party)
}

fn offices(party: &Value) -> Sheet {
    let rows = each(party, "offices").map(|office| {
        let of = text(office, "of.dossier.title");
        [
            text(office, "title"),
            if of.is_empty() { text(office, "of.ref") } else { of },
            day(office, "from"),
            day(office, "until"),
            day(office, "attestedOn"),
            text(office, "summary"),
        ]
    });
    Sheet::of(["office", "of", "from", "until", "attested", "what"], rows)
}

fn positions(party: &Value) -> Sheet {
    let rows = each(party, "positions.nodes").map(|position| {
        [
            day(position, "takenOn"),
            joined(position, "by", "name"),
            word(position, "stance"),
            text(position, "summary"),
        ]
    });
    Sheet::of(["when", "by", "stance", "what"], rows)
}

fn links(party: &Value) -> Sheet {
    let rows = each(party, "links.nodes").map(|link| {
        [
            text(link, "from.ref"),
            word(link, "link"),
            text(link, "to.ref"),
            word(link, "likelihood"),
            text(link, "note"),
        ]
    });
    Sheet::of(["from", "how", "to", "likelihood", "note"], rows)
}

fn entries(data: &Value) -> Sheet {
    let rows = each(data, "timeline.nodes").map(|entry| {
        [
            day(entry, "when"),
            word(entry, "kind"),
            text(entry, "summary"),
            text(entry, "dossier.slug"),
        ]
    });
    Sheet::of(["when", "kind", "what", "dossier"], rows)
}
