//! Random histories: commands that mention one another, most of them fit to be recorded, some not.

use rapporteur_domain::event::Event;
use serde_json::{Value, json};

/// What one step of a history is made of: which command, about which of a few things, and two choices more.
pub type Step = (u8, u8, u8, u8);

/// The commands that everything else in a history refers to.
#[must_use]
pub fn ground() -> Vec<Value> {
    let mut commands = vec![
        json!({ "registerSource": { "slug": "wire", "kind": "WIRE", "title": "Wire", "publisher": "Agency", "publishedOn": "2026-01-06" } }),
        json!({ "registerSource": { "slug": "undated", "kind": "POST", "title": "Post", "publisher": "Channel" } }),
        json!({ "registerSource": { "slug": "later", "kind": "WIRE", "title": "Later", "publisher": "Agency", "publishedOn": "2026-01-20" } }),
        json!({ "registerSource": { "slug": "vague", "kind": "ANALYSIS", "title": "Vague", "publisher": "Institute", "publishedOn": "2026-01~" } }),
        json!({ "registerTopic": { "slug": "troops", "label": "Troops" } }),
        json!({ "openPlan": { "slug": "plan", "kind": "PLAN", "title": "Plan" } }),
    ];
    for slug in ["ua", "ru", "us", "fr"] {
        commands.push(json!({ "registerParty": { "slug": slug, "kind": "STATE", "name": slug } }));
    }
    commands
}

/// The command of one step. Equal steps are equal commands.
#[must_use]
pub fn command(step: Step) -> Value {
    let (what, which, choice, when) = step;
    let party = ["ua", "ru", "us", "fr"][usize::from(choice % 4)];
    let dates = [
        json!("2026-01-06"),
        json!("2026-01"),
        json!("2026-02-20?"),
        json!("[2026-01-03,2026-01-04]"),
        json!({ "edtf": "2026-01", "qualifier": "LATE" }),
        json!({ "phrase": "some time ago" }),
        json!("2025-11/2026-01"),
        json!({ "edtf": "2026-01-05", "phrase": "on Sunday" }),
    ];
    let date = dates[usize::from(when) % dates.len()].clone();
    let source = if choice % 5 == 0 {
        "undated"
    } else {
        ["wire", "later", "vague"][usize::from(which / 3 % 3)]
    };
    let speaker = json!({ "speaker": "officials", "anonymous": choice % 3 == 0 });
    let mut citations = vec![json!({ "source": source, "attribution": speaker })];
    if when % 7 == 0 {
        citations.push(json!({ "source": "later" }));
    }
    let evidence = json!({ "citations": citations });
    let which = which % 3;
    let (meeting, round, issue) = (
        format!("meeting-{which}"),
        format!("round-{which}"),
        format!("issue-{which}"),
    );
    let (claim, commitment) = (format!("claim-{which}"), format!("commitment-{which}"));
    let mode = ["IN_PERSON", "ONLINE", "ABSENT", "UNKNOWN"][usize::from(choice % 4)];
    let stage = ["PROPOSED", "BLOCKED", "AGREED", "ADOPTED", "PUBLISHED"][usize::from(choice % 5)];
    let rung = ["HOPED", "PLEDGED", "FULFILLED", "REFUSED"][usize::from(choice % 4)];
    let link = ["CONTRADICTS", "CONFIRMS", "CORRECTS"][usize::from(choice % 3)];
    match what % 20 {
        0 => {
            json!({ "scheduleMeeting": { "slug": meeting, "title": "Meeting", "plannedFor": date, "topics": ["troops"], "evidence": evidence } })
        }
        1 => json!({ "rescheduleMeeting": { "slug": meeting, "plannedFor": date, "evidence": evidence } }),
        2 => json!({ "cancelMeeting": { "slug": meeting, "announcedOn": date, "evidence": evidence } }),
        3 => {
            json!({ "holdMeeting": { "slug": meeting, "title": "Held", "heldOn": date, "participants": [{ "party": party, "mode": mode }], "evidence": evidence } })
        }
        4 => {
            json!({ "recordParticipation": { "meeting": meeting, "party": party, "mode": mode, "saidFor": date, "evidence": evidence } })
        }
        5 => json!({ "openRound": { "slug": round, "title": "Round", "senders": [party], "target": "ru" } }),
        6 => {
            json!({ "recordStage": { "round": round, "stage": stage, "reachedOn": date, "by": [party], "evidence": evidence } })
        }
        7 => {
            json!({ "openIssue": { "slug": issue, "title": "Issue", "openOn": date, "summary": "Open.", "evidence": evidence } })
        }
        8 => {
            json!({ "takePosition": { "on": issue, "by": [party], "summary": "Ours.", "takenOn": date, "evidence": evidence } })
        }
        9 => {
            json!({ "noteUnknownPosition": { "issue": issue, "party": party, "notedOn": date, "evidence": evidence } })
        }
        10 => {
            json!({ "resolveIssue": { "slug": issue, "changedOn": date, "summary": "Settled.", "evidence": evidence } })
        }
        11 => {
            json!({ "recordCommitment": { "slug": commitment, "what": "Troops", "by": [party], "status": rung, "statusOn": date, "summary": "Troops.", "evidence": evidence } })
        }
        12 => {
            json!({ "changeCommitment": { "slug": commitment, "status": rung, "statusOn": date, "summary": "Moved.", "evidence": evidence } })
        }
        13 => {
            json!({ "recordClaim": { "slug": claim, "summary": "Said.", "claimedOn": date, "about": [issue], "quantities": [{ "what": "troops", "value": choice }], "evidence": evidence } })
        }
        14 => {
            json!({ "recordExpectation": { "slug": format!("expected-{which}"), "summary": "Soon.", "of": round, "stage": stage, "expectedIn": date, "claimedOn": "2026-01-01", "evidence": evidence } })
        }
        15 => {
            json!({ "linkRecords": { "from": claim, "link": link, "to": format!("{issue}#position"), "evidence": evidence } })
        }
        16 => {
            json!({ "recordPlanVersion": { "plan": "plan", "version": format!("{which}"), "status": "DRAFT", "datedOn": date, "summary": "Text.", "seenBy": [party], "evidence": evidence } })
        }
        17 => {
            json!({ "recordPoint": { "plan": "plan", "version": format!("{which}"), "key": format!("p{choice}"), "summary": "Point.", "datedOn": date, "evidence": evidence } })
        }
        18 => {
            json!({ "recordOffice": { "party": party, "title": "Chair", "of": "ua", "attestedOn": date, "evidence": evidence } })
        }
        _ => {
            json!({ "recordHappening": { "slug": format!("happening-{which}"), "kind": "VOTE", "summary": "A vote.", "happenedOn": date, "about": [round], "evidence": evidence } })
        }
    }
}

/// The fields of the commands of [`command`] that hold a date or a text that can be got wrong.
const DATES: [&str; 9] = [
    "plannedFor",
    "heldOn",
    "reachedOn",
    "openOn",
    "takenOn",
    "claimedOn",
    "statusOn",
    "changedOn",
    "datedOn",
];
const TEXTS: [&str; 3] = ["summary", "title", "name"];

/// A command that corrects, retracts or redacts `event`, which is at `position`; a redaction is rare.
#[must_use]
pub fn amendment(event: &Event, position: u64, step: Step) -> Value {
    let (_, which, choice, when) = step;
    let dossier = event.fact().home().dossier().to_owned();
    match choice % 16 {
        0 => json!({ "redactRecord": { "dossier": dossier, "position": position, "reason": "It has to go." } }),
        1..5 => json!({ "retractRecord": { "dossier": dossier, "position": position, "reason": "Never said." } }),
        _ => {
            let mut right = event.to_json().unwrap_or_default();
            let day = format!("2026-01-{:02}", when % 28 + 1);
            let is_there = |right: &Value, name: &&&str| right.get(**name).is_some();
            if let Some(date) = DATES.iter().find(|name| is_there(&right, name)) {
                right[*date] = json!(day);
            }
            if let Some(text) = TEXTS.iter().find(|name| is_there(&right, name)) {
                right[*text] = json!(format!("Right {which} {when}"));
            }
            if which % 3 == 0 && right.get("evidence").is_some() {
                let slug = format!("letter-{}", when % 4);
                right["evidence"]["citations"] = json!([{ "source": slug }]);
                right["create"] =
                    json!({ "sources": [{ "slug": slug, "publisher": "Ministry", "publishedOn": "2026-01-04" }] });
            }
            right["corrects"] = json!({ "position": position, "reason": "Misread." });
            json!({ event.command_name(): right })
        }
    }
}
