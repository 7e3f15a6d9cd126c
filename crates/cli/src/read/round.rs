//! `round`: one sanctions round.

use super::{Kind, flags, near, rivals};
use crate::Done;
use crate::ask::{Look, Purpose};
use crate::show::{Page, PageOutput, Sheet, at, bounds, day, each, joined, plain, quantity, sentences, text, word};
use clap::Args;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../documents/round.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur round eu-ru-18
  rapporteur round eu-ru-18 --as-of published:2025-07-01
  rapporteur round eu-ru-20 --json";

#[derive(Args)]
pub(crate) struct Options {
    /// The round's slug.
    slug: String,
    #[command(flatten)]
    at: Look,
    #[command(flatten)]
    output: PageOutput,
}

pub(crate) fn run(options: &Options) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let data = asker.ask(DOCUMENT, json!({ "slug": options.slug }))?;
    let round = at(&data, "round");
    if round.is_null() {
        return Err(near(&asker, Kind::of("round"), &options.slug));
    }
    options.output.show(&data, || page(round))
}

fn page(round: &Value) -> Page {
    let page = Page::titled(format!("{}: {}", text(round, "slug"), text(round, "title"))).fields([
        ("stage", word(round, "stage")),
        ("proposed to adopted", took(round)),
        ("by", joined(round, "senders", "name")),
        ("against", text(round, "target.name")),
        ("also called", joined(round, "aliases", "")),
        ("what", text(round, "summary")),
        ("answers", text(round, "trigger")),
        ("numbering", text(round, "numbering")),
        ("mirrored by", joined(round, "mirroredBy", "slug")),
    ]);
    let page = page
        .sheet("Stages", stages(round))
        .sheet("Expected", expected(round))
        .sheet("Counts", counts(round))
        .sheet("Listings, net", listings(round))
        .sheet("Measures", measures(round))
        .sheet("Acts", acts(round))
        .sheet("Mirrors", mirrors(round));
    flags(rivals(page, round), round)
}

/// The days from proposal to adoption, and how that compares: "30 to 47 days; place 9 of 15, median 24 days".
fn took(round: &Value) -> String {
    let days = bounds(at(round, "days"), "least", "most");
    if days.is_empty() {
        return days;
    }
    let doubted = if at(round, "days.doubted").as_bool() == Some(true) {
        " (a date is doubted)"
    } else {
        ""
    };
    let rank = at(round, "rank");
    let (place, median) = (
        bounds(rank, "bestPlace", "worstPlace"),
        bounds(at(rank, "median"), "least", "most"),
    );
    let compared = match place.is_empty() || median.is_empty() {
        true => String::new(),
        false => format!(
            "place {place} of {}, the shortest first; median {median} days",
            text(rank, "of")
        ),
    };
    sentences([format!("{days} days{doubted}"), compared])
}

fn listings(round: &Value) -> Sheet {
    let rows = each(round, "listings").map(|listing| {
        [
            text(listing, "kind"),
            text(listing, "added"),
            text(listing, "removed"),
            text(listing, "net"),
            text(listing, "statedTotal"),
            text(listing, "runningTotal"),
            text(listing, "reason"),
        ]
    });
    Sheet::of(
        [
            "of",
            "added",
            "removed",
            "net",
            "stated total",
            "reckoned total",
            "note",
        ],
        rows,
    )
}

fn stages(round: &Value) -> Sheet {
    let rows = each(round, "path").map(|step| {
        let lifted = joined(step, "liftedBy", "reachedOn.label");
        let lifted = if lifted.is_empty() {
            lifted
        } else {
            format!("lifted {lifted}")
        };
        let said = [text(step, "reason"), text(step, "summary"), lifted];
        let who = [
            ("", joined(step, "by", "name")),
            ("concerns: ", joined(step, "concerns", "name")),
            ("reserved by ", joined(step, "reservations", "name")),
        ];
        let who = who.iter().filter(|(_, names)| !names.is_empty());
        [
            word(step, "stage"),
            day(step, "reachedOn"),
            text(step, "body"),
            who.map(|(how, names)| format!("{how}{names}"))
                .collect::<Vec<_>>()
                .join("; "),
            day(step, "deadline"),
            sentences(said),
        ]
    });
    Sheet::of(["stage", "when", "where", "who", "deadline", "what"], rows)
}

fn expected(round: &Value) -> Sheet {
    let rows = each(round, "expectations").map(|claim| {
        let [missed, overdue] = ["missedByDays", "daysOverdue"].map(|of| plain(at(claim, &format!("outcome.{of}"))));
        let outcome = word(claim, "outcome.state");
        let outcome = match (missed.as_str(), overdue.as_str()) {
            ("", "") => outcome,
            ("", overdue) => format!("{outcome}, overdue by {overdue} days"),
            (missed, _) => format!("{outcome} by {missed} days"),
        };
        [
            word(claim, "stage"),
            day(claim, "expectedIn"),
            day(claim, "claimedOn"),
            outcome,
            text(claim, "summary"),
        ]
    });
    Sheet::of(["stage", "expected", "said", "outcome", "what"], rows)
}

fn counts(round: &Value) -> Sheet {
    let rows = each(round, "counts").map(|count| {
        [
            text(count, "of"),
            word(count, "basis"),
            quantity(at(count, "quantity")),
            text(count, "quantity.what"),
            word(count, "stage"),
            day(count, "countedOn"),
        ]
    });
    Sheet::of(["of", "basis", "number", "what", "at stage", "when"], rows)
}

fn measures(round: &Value) -> Sheet {
    let rows = each(round, "measures").map(|measure| {
        let fell_out = at(measure, "fellOut").as_bool() == Some(true);
        [
            text(measure, "sector.label"),
            text(measure, "summary"),
            day(measure, "appliesFrom"),
            day(measure, "appliesUntil"),
            if fell_out {
                "before adoption".to_owned()
            } else {
                String::new()
            },
        ]
    });
    Sheet::of(["sector", "measure", "from", "until", "fell out"], rows)
}

fn acts(round: &Value) -> Sheet {
    let rows = each(round, "acts").map(|act| {
        let number = text(act, "number");
        [
            if number.is_empty() { text(act, "title") } else { number },
            text(act, "celex"),
            day(act, "adoptedOn"),
            day(act, "publishedOn"),
            text(act, "eli"),
        ]
    });
    Sheet::of(["act", "CELEX", "adopted", "published", "ELI"], rows)
}

fn mirrors(round: &Value) -> Sheet {
    let rows = each(round, "mirrors").map(|mirror| {
        [
            joined(mirror, "of", "slug"),
            word(mirror, "extent"),
            text(mirror, "rule"),
            text(mirror, "summary"),
        ]
    });
    Sheet::of(["round", "extent", "rule", "what"], rows)
}
