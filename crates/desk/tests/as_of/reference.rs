//! Which events were public, by the rules of docs/time.md, read from the events' JSON and nothing else.

use chrono::NaiveDate;
use rapporteur_views::Views;
use rapporteur_views::moment::Published;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Which events were public, by the rules of docs/time.md, read from the events' JSON and nothing else.
pub(crate) struct Reference {
    events: BTreeMap<u64, Fact>,
    pub(crate) sources: BTreeMap<String, Dates>,
    dossiers: BTreeMap<String, Vec<u64>>,
    leads: BTreeSet<String>,
}

pub(crate) struct Fact {
    dossier: String,
    opens: bool,
    /// The version of a plan that it records.
    records: Option<String>,
    /// The version of a plan that it tells of.
    tells: Option<String>,
    rule: Rule,
}

/// The first and the last day on which something may have become public.
pub(crate) type Dates = (Option<NaiveDate>, Option<NaiveDate>);

#[derive(PartialEq)]
pub(crate) enum Rule {
    Cited(Vec<String>),
    /// So many of these, each with its dated sources, must be public.
    Compete(Vec<Vec<String>>, usize),
    Own(Dates),
    Dossier,
    Name,
    Desk,
    Ends(String, String),
}

fn dates(date: &Value) -> Dates {
    let date: rapporteur_domain::date::FuzzyDate = serde_json::from_value(date.clone()).unwrap();
    if date.is_undated() {
        return (None, None);
    }
    let last = if date.is_uncertain() { None } else { date.latest() };
    (date.earliest().or(Some(NaiveDate::MIN)), last)
}

impl Reference {
    pub(crate) fn of(views: &Views) -> Self {
        let mut found = Self {
            events: BTreeMap::new(),
            sources: BTreeMap::new(),
            dossiers: BTreeMap::new(),
            leads: BTreeSet::new(),
        };
        // What corrects a source or cites one may be recorded after what it stands for.
        let standing = (1..=views.position()).filter_map(|at| views.timeline.recorded(at)?.event.clone());
        for event in standing {
            let told = event.to_json().unwrap();
            if event.command_name() == "captureLead" {
                found.leads.insert(told["slug"].as_str().unwrap().to_owned());
            }
            if event.command_name() != "registerSource" {
                continue;
            }
            let on = told.get("publishedOn").map_or((None, None), dates);
            found.sources.insert(told["slug"].as_str().unwrap().to_owned(), on);
        }
        for position in 1..=views.position() {
            let recorded = views.timeline.recorded(position).unwrap();
            let Some(event) = &recorded.event else { continue };
            let (command, told) = (event.command_name(), event.to_json().unwrap());
            let dossier = recorded.dossier.slug.to_string();
            let opens = command.starts_with("register")
                || command.starts_with("open")
                || [
                    "scheduleMeeting",
                    "recordClaim",
                    "recordExpectation",
                    "recordHappening",
                    "recordCommitment",
                    "recordAct",
                    "captureLead",
                ]
                .contains(&command)
                || (["holdMeeting", "startMeeting"].contains(&command) && told.get("key").is_none());
            let first = views.timeline.dossier(&dossier).map(|(_, mark)| mark.first);
            let opens = opens && first == Some(position);
            let of_a_lead = |field: &str| {
                let end = told.get(field).and_then(Value::as_str).unwrap_or_default();
                found.leads.contains(end.split(['/', '#']).next().unwrap())
            };
            let links_one = command == "linkRecords" && (of_a_lead("from") || of_a_lead("to"));
            let rule = match links_one || found.leads.contains(&dossier) {
                true => Rule::Desk,
                false => found.rule(command, &told),
            };
            found.dossiers.entry(dossier.clone()).or_default().push(position);
            let named = |field: &str| told.get(field).and_then(Value::as_str).map(str::to_owned);
            let version = named("plan")
                .zip(named("version"))
                .map(|(plan, version)| format!("{plan}/{version}"));
            let records = version.clone().filter(|_| command == "recordPlanVersion");
            let fact = Fact {
                dossier,
                opens,
                records,
                tells: version,
                rule,
            };
            found.events.insert(position, fact);
        }
        found
    }

    fn rule(&self, command: &str, told: &Value) -> Rule {
        match command {
            "registerParty" | "registerTopic" | "registerSeries" => return Rule::Name,
            "registerSource" => {
                let slug = told["slug"].as_str().unwrap();
                return match self.sources[slug] {
                    (None, None) => Rule::Name,
                    _ => Rule::Cited(vec![slug.to_owned()]),
                };
            }
            _ => {}
        }
        if command == "recordRivalValues" {
            let values = told["values"].as_array().unwrap();
            let dated = |value: &Value| -> Vec<String> {
                let sources = value["citations"].as_array().unwrap().iter();
                let sources = sources.map(|cited| cited["source"].as_str().unwrap().to_owned());
                sources.filter(|source| self.dates_of(source) != (None, None)).collect()
            };
            let all = values.len();
            let values: Vec<Vec<String>> = values.iter().map(dated).filter(|sources| !sources.is_empty()).collect();
            // A value that nothing dates always was; two that compete make it a fact.
            return match all.min(2).saturating_sub(all - values.len()) {
                0 => Rule::Dossier,
                needed => Rule::Compete(values, needed),
            };
        }
        let citations = told.pointer("/evidence/citations").and_then(Value::as_array);
        let cited: Vec<String> = citations
            .into_iter()
            .flatten()
            .map(|c| c["source"].as_str().unwrap().to_owned())
            .filter(|source| self.dates_of(source) != (None, None))
            .collect();
        if !cited.is_empty() {
            return Rule::Cited(cited);
        }
        if citations.is_none() {
            return match command {
                "linkRecords" => Rule::Ends(
                    told["from"].as_str().unwrap().into(),
                    told["to"].as_str().unwrap().into(),
                ),
                _ => Rule::Dossier,
            };
        }
        let own = match command {
            "recordExpectation" => vec!["claimedOn"],
            "recordAct" => vec!["adoptedOn", "publishedOn"],
            "scheduleMeeting" | "rescheduleMeeting" => vec!["announcedOn", "plannedFor"],
            "recordMeasure" => vec!["appliesFrom", "appliesUntil"],
            "recordOffice" => vec!["attestedOn", "from", "until"],
            _ => vec![
                "claimedOn",
                "happenedOn",
                "heldOn",
                "announcedOn",
                "reachedOn",
                "statusOn",
                "openOn",
                "changedOn",
                "takenOn",
                "notedOn",
                "datedOn",
                "countedOn",
                "mirroredOn",
                "saidOn",
                "saidFor",
            ],
        };
        let own = own
            .into_iter()
            .find_map(|field| told.get(field))
            .map_or((None, None), dates);
        match own {
            (None, None) => Rule::Dossier,
            own => Rule::Own(own),
        }
    }

    /// When a source was published. Of one whose registration is gone nobody can say.
    pub(crate) fn dates_of(&self, source: &str) -> Dates {
        self.sources.get(source).copied().unwrap_or((None, None))
    }

    pub(crate) fn within((first, last): Dates, asked: &Published) -> bool {
        let since = if asked.possibly { first } else { last };
        since.is_some_and(|day| day <= asked.by)
    }

    fn alone(&self, rule: &Rule, asked: &Published) -> bool {
        match rule {
            Rule::Cited(sources) => sources.iter().any(|source| Self::within(self.dates_of(source), asked)),
            Rule::Compete(values, needed) => {
                let public =
                    |sources: &&Vec<String>| sources.iter().any(|source| Self::within(self.dates_of(source), asked));
                values.iter().filter(public).count() >= *needed
            }
            Rule::Own(dates) => asked.assumed && Self::within(*dates, asked),
            _ => false,
        }
    }

    fn dossier(&self, slug: &str, asked: &Published) -> bool {
        let inside = self.dossiers.get(slug).into_iter().flatten();
        let inside: Vec<&Fact> = inside.map(|position| &self.events[position]).collect();
        let dated = |fact: &&&Fact| matches!(fact.rule, Rule::Cited(_) | Rule::Compete(..) | Rule::Own(_));
        inside
            .iter()
            .any(|fact| fact.rule == Rule::Name || self.alone(&fact.rule, asked))
            || (asked.possibly && !inside.is_empty() && !inside.iter().any(|fact| dated(&fact)))
    }

    /// A version is public from the first fact that tells of it.
    fn version(&self, version: &str, asked: &Published) -> bool {
        let told = self
            .events
            .values()
            .filter(|fact| fact.tells.as_deref() == Some(version));
        let told: Vec<&Fact> = told.collect();
        let dated = |fact: &&&Fact| matches!(fact.rule, Rule::Cited(_) | Rule::Compete(..) | Rule::Own(_));
        told.iter().any(|fact| self.alone(&fact.rule, asked))
            || (asked.possibly && !told.iter().any(|fact| dated(&fact)))
    }

    fn public(&self, fact: &Fact, asked: &Published) -> bool {
        if fact
            .records
            .as_ref()
            .is_some_and(|version| self.version(version, asked))
        {
            return true;
        }
        match &fact.rule {
            _ if fact.opens => self.dossier(&fact.dossier, asked),
            Rule::Dossier => self.dossier(&fact.dossier, asked),
            Rule::Name => true,
            Rule::Desk => false,
            Rule::Ends(..) => unreachable!("links are asked with their ends"),
            rule => self.alone(rule, asked),
        }
    }

    pub(crate) fn visible(&self, views: &Views, asked: &Published) -> BTreeSet<u64> {
        let found = self.events.iter().filter(|(_, fact)| {
            let Rule::Ends(from, to) = &fact.rule else {
                return self.public(fact, asked);
            };
            [from, to].into_iter().all(|end| {
                let told: Vec<&Fact> = views
                    .timeline
                    .of_record(end)
                    .iter()
                    .map(|e| &self.events[&e.position()])
                    .collect();
                match told.is_empty() {
                    true => self.dossier(end.split(['/', '#']).next().unwrap(), asked),
                    false => told
                        .into_iter()
                        .any(|fact| !matches!(fact.rule, Rule::Ends(..)) && self.public(fact, asked)),
                }
            })
        });
        found.map(|(position, _)| *position).collect()
    }
}
