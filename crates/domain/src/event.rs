//! The closed table of what can be recorded: every command, its payload, the event it becomes and the event's stored
//! name. A new kind starts with a line here; the compiler then names the places that must learn about it.

use crate::act::{RecordAct, RecordCount, RecordMeasure, RecordMirror};
use crate::amending::{CorrectRecord, RedactRecord, RetractRecord};
use crate::change::{ChangeVersion, RecordPointChange};
use crate::claim::{LinkRecords, RecordClaim, RecordExpectation, RecordHappening};
use crate::commitment::{ChangeCommitment, RecordCommitment};
use crate::evidence::Citation;
use crate::fact::{Fact, Home};
use crate::issue::{ChangeIssue, NoteUnknownPosition, OpenIssue, TakePosition};
use crate::lead::{CaptureLead, SettleLead};
use crate::meeting::*;
use crate::naming::{RecordAlias, RetitleDossier};
use crate::party::{RecordOffice, RegisterParty, RegisterSeries, RegisterSource, RegisterTopic};
use crate::plan::{OpenPlan, RecordPlanGap, RecordPlanVersion, RecordPoint};
use crate::renaming::{MergeDossiers, MoveRecords, RenameDossier};
use crate::rival::RecordRivalValues;
use crate::round::{OpenRound, RecordStage};
use crate::shape::{ObjectShape, object_of};
use serde_json::Value;
use std::sync::{Arc, LazyLock};

/// A stored payload that cannot be read as an event.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The kind and version are not known to this program.
    #[error("event kind `{kind}` version {version} is not known to this program; use a newer rapporteur")]
    Unknown {
        /// The stored kind.
        kind: String,
        /// The stored version.
        version: u16,
    },
    /// The bytes are not what this kind and version look like.
    #[error("the payload of an event `{kind}` version {version} cannot be read")]
    Malformed {
        /// The stored kind.
        kind: String,
        /// The stored version.
        version: u16,
        /// What the decoder met.
        #[source]
        source: minicbor::decode::Error,
    },
}

/// An event that cannot be written as CBOR.
#[derive(Debug, thiserror::Error)]
#[error("the event cannot be encoded")]
pub struct EncodeError(#[source] minicbor::encode::Error<std::convert::Infallible>);

/// One kind of command, as people may write it.
pub struct CommandShape {
    /// Its name in JSON and the mutation's name: `scheduleMeeting`.
    pub name: &'static str,
    /// The event it becomes, as a type's name: `MeetingScheduled`.
    pub event: &'static str,
    /// That event's stored kind: `meeting.scheduled`.
    pub event_kind: &'static str,
    /// The version in which that event is stored today.
    pub event_version: u16,
    /// What its input looks like.
    pub input: Arc<ObjectShape>,
    /// The JSON Schema of its input and of its event's data.
    pub schema: fn() -> schemars::Schema,
}

macro_rules! recorded {
    ($($name:literal $command:ident($payload:ident) => $event:ident $kind:literal v $version:literal;)*) => {
        /// A command, decoded: what somebody asks to be recorded.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "each payload documents its command")]
        pub enum Action { $($command($payload)),* }

        /// A record in the log, decoded: what was recorded. Its references are slugs, its keys are filled in.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "each payload documents its event")]
        pub enum Event { $($event(Arc<$payload>)),* }

        impl Action {
            /// Decodes the input of the command called `name`; `None` where no command has this name.
            pub(crate) fn read(name: &str, input: serde_json::Value) -> Option<Result<Self, serde_json::Error>> {
                match name {
                    $($name => Some(serde_json::from_value(input).map(Self::$command)),)*
                    _ => None,
                }
            }

            /// The command's name: `scheduleMeeting`.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Self::$command(_) => $name),* }
            }

            /// The input as JSON, in the order of its declaration and without what is empty.
            ///
            /// # Errors
            /// Never for input that was parsed; the type is serde's.
            pub fn to_json(&self) -> Result<serde_json::Value, serde_json::Error> {
                match self { $(Self::$command(payload) => serde_json::to_value(payload)),* }
            }

            /// The event that records it.
            #[must_use]
            pub fn into_event(self) -> Event {
                match self { $(Self::$command(payload) => Event::$event(Arc::new(payload))),* }
            }

            /// What any fact can be asked.
            #[must_use]
            pub fn fact(&self) -> &dyn Fact {
                match self { $(Self::$command(payload) => payload),* }
            }

            pub(crate) fn fact_mut(&mut self) -> &mut dyn Fact {
                match self { $(Self::$command(payload) => payload),* }
            }
        }

        impl Event {
            /// The stored name of its kind.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$event(_) => $kind),* }
            }

            /// Its name as a type's: `MeetingScheduled`.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Self::$event(_) => stringify!($event)),* }
            }

            /// The name of the command that it records.
            #[must_use]
            pub fn command_name(&self) -> &'static str {
                match self { $(Self::$event(_) => $name),* }
            }

            /// The version in which it is stored today.
            #[must_use]
            pub fn version(&self) -> u16 {
                match self { $(Self::$event(_) => $version),* }
            }

            /// What any fact can be asked.
            #[must_use]
            pub fn fact(&self) -> &dyn Fact {
                match self { $(Self::$event(payload) => payload.as_ref()),* }
            }

            /// Its data as JSON.
            ///
            /// # Errors
            /// Never for decoded events; the type is serde's.
            pub fn to_json(&self) -> Result<serde_json::Value, serde_json::Error> {
                match self { $(Self::$event(payload) => serde_json::to_value(payload.as_ref())),* }
            }

            /// Its stored payload: CBOR with numbered fields.
            ///
            /// # Errors
            /// Only where a type's own encoder fails; none of this crate's does.
            pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
                match self { $(Self::$event(payload) => minicbor::to_vec(payload.as_ref())),* }.map_err(EncodeError)
            }

            /// 128 bits of BLAKE3 over the command's name and the payload: the same command, the same fingerprint.
            ///
            /// # Errors
            /// As [`Event::encode`].
            pub fn fingerprint(&self) -> Result<[u8; 16], EncodeError> {
                let name = match self { $(Self::$event(_) => $name),* };
                Ok(fingerprint(name, &self.encode()?))
            }

            /// The same without the citations that are not to be shown, and without the rival values that none is left of; `None`
            /// where all of them are shown.
            #[must_use]
            pub fn citing(&self, shown: impl Fn(&Citation) -> bool) -> Option<Self> {
                let kept: Vec<bool> = self.fact().citations().into_iter().map(shown).collect();
                if kept.iter().all(|kept| *kept) {
                    return None;
                }
                let mut json = self.to_json().ok()?;
                keep_citations(&mut json, kept);
                Some(Action::read(self.command_name(), json)?.ok()?.into_event())
            }

            /// The fingerprint of what it says, whatever key its record was given or was made up for it.
            ///
            /// # Errors
            /// As [`Event::encode`].
            pub fn content(&self) -> Result<[u8; 16], EncodeError> {
                if !matches!(self.fact().home(), Home::Record(_, Some(_), _) | Home::OfVersion(_, _, Some(_), _) | Home::OpensOrTells(.., Some(_), _)) {
                    return self.fingerprint();
                }
                match self {
                    $(Self::$event(payload) => {
                        let mut bare = payload.as_ref().clone();
                        if let Some(key) = bare.key_slot() {
                            *key = None;
                        }
                        Ok(fingerprint($name, &minicbor::to_vec(&bare).map_err(EncodeError)?))
                    }),*
                }
            }

            /// Whether it says something of another event: that it is wrong, taken back, or taken out.
            #[must_use]
            pub fn amends(&self) -> bool {
                matches!(self, Self::RecordCorrected(_) | Self::RecordRetracted(_) | Self::RecordRedacted(_))
            }

            /// Whether it changes what things are called or which dossier they are in.
            #[must_use]
            pub fn names(&self) -> bool {
                matches!(self, Self::DossierRenamed(_) | Self::DossiersMerged(_) | Self::RecordsMoved(_))
            }

            /// Reads a payload stored under today's version of its kind.
            ///
            /// # Errors
            /// An unknown kind or version, or bytes that are not that payload.
            pub fn decode(kind: &str, version: u16, bytes: &[u8]) -> Result<Self, DecodeError> {
                match (kind, version) {
                    $(($kind, $version) => minicbor::decode(bytes).map(|payload| Self::$event(Arc::new(payload))),)*
                    _ => return Err(DecodeError::Unknown { kind: kind.to_owned(), version }),
                }
                .map_err(|source| DecodeError::Malformed { kind: kind.to_owned(), version, source })
            }
        }

        static COMMANDS: LazyLock<Vec<CommandShape>> = LazyLock::new(|| vec![$(CommandShape {
            name: $name,
            event: stringify!($event),
            event_kind: $kind,
            event_version: $version,
            input: object_of::<$payload>(),
            schema: || schemars::schema_for!($payload),
        }),*]);
    };
}

recorded! {
    "registerParty"        RegisterParty(RegisterParty)               => PartyRegistered        "party.registered"            v 1;
    "recordOffice"         RecordOffice(RecordOffice)                 => OfficeRecorded         "party.office-recorded"       v 1;
    "registerSource"       RegisterSource(RegisterSource)             => SourceRegistered       "source.registered"           v 1;
    "registerTopic"        RegisterTopic(RegisterTopic)               => TopicRegistered        "topic.registered"            v 1;
    "registerSeries"       RegisterSeries(RegisterSeries)             => SeriesRegistered       "series.registered"           v 1;
    "openPlan"             OpenPlan(OpenPlan)                         => PlanOpened             "plan.opened"                 v 1;
    "recordPlanVersion"    RecordPlanVersion(RecordPlanVersion)       => PlanVersionRecorded    "plan.version-recorded"       v 1;
    "recordPoint"          RecordPoint(RecordPoint)                   => PointRecorded          "plan.point-recorded"         v 1;
    "recordPlanGap"        RecordPlanGap(RecordPlanGap)               => PlanGapRecorded        "plan.gap-recorded"           v 1;
    "scheduleMeeting"      ScheduleMeeting(ScheduleMeeting)           => MeetingScheduled       "meeting.scheduled"           v 1;
    "rescheduleMeeting"    RescheduleMeeting(RescheduleMeeting)       => MeetingRescheduled     "meeting.rescheduled"         v 1;
    "postponeMeeting"      PostponeMeeting(CallOffMeeting)            => MeetingPostponed       "meeting.postponed"           v 1;
    "cancelMeeting"        CancelMeeting(CallOffMeeting)              => MeetingCancelled       "meeting.cancelled"           v 1;
    "reportMeetingNotHeld" ReportMeetingNotHeld(CallOffMeeting)       => MeetingNotHeld         "meeting.not-held"            v 1;
    "startMeeting"         StartMeeting(ReportMeeting)                => MeetingStarted         "meeting.started"             v 1;
    "holdMeeting"          HoldMeeting(ReportMeeting)                 => MeetingHeld            "meeting.held"                v 1;
    "recordParticipation"  RecordParticipation(RecordParticipation)   => ParticipationRecorded  "meeting.participation-recorded" v 1;
    "addAgendaItem"        AddAgendaItem(AddAgendaItem)               => AgendaItemAdded        "meeting.agenda-item-added"   v 1;
    "recordOutcome"        RecordOutcome(RecordOutcome)               => OutcomeRecorded        "meeting.outcome-recorded"    v 1;
    "openRound"            OpenRound(OpenRound)                       => RoundOpened            "round.opened"                v 1;
    "recordStage"          RecordStage(RecordStage)                   => StageRecorded          "round.stage-recorded"        v 1;
    "openIssue"            OpenIssue(OpenIssue)                       => IssueOpened            "issue.opened"                v 1;
    "narrowIssue"          NarrowIssue(ChangeIssue)                   => IssueNarrowed          "issue.narrowed"              v 1;
    "resolveIssue"         ResolveIssue(ChangeIssue)                  => IssueResolved          "issue.resolved"              v 1;
    "reopenIssue"          ReopenIssue(ChangeIssue)                   => IssueReopened          "issue.reopened"              v 1;
    "takePosition"         TakePosition(TakePosition)                 => PositionTaken          "issue.position-taken"        v 1;
    "noteUnknownPosition"  NoteUnknownPosition(NoteUnknownPosition)   => PositionUnknown        "issue.position-unknown"      v 1;
    "recordCommitment"     RecordCommitment(RecordCommitment)         => CommitmentRecorded     "commitment.recorded"         v 1;
    "changeCommitment"     ChangeCommitment(ChangeCommitment)         => CommitmentChanged      "commitment.changed"          v 1;
    "recordClaim"          RecordClaim(RecordClaim)                   => ClaimRecorded          "claim.recorded"              v 1;
    "recordExpectation"    RecordExpectation(RecordExpectation)       => ExpectationRecorded    "claim.expectation-recorded"  v 1;
    "recordHappening"      RecordHappening(RecordHappening)           => HappeningRecorded      "happening.recorded"          v 1;
    "linkRecords"          LinkRecords(LinkRecords)                   => RecordsLinked          "records.linked"              v 1;
    "changeVersion"        ChangeVersion(ChangeVersion)               => PlanVersionChanged     "plan.version-changed"        v 1;
    "recordPointChange"    RecordPointChange(RecordPointChange)       => PointChangeRecorded    "plan.point-change-recorded"  v 1;
    "recordAct"            RecordAct(RecordAct)                       => ActRecorded            "act.recorded"                v 1;
    "recordMeasure"        RecordMeasure(RecordMeasure)               => MeasureRecorded        "round.measure-recorded"      v 1;
    "recordCount"          RecordCount(RecordCount)                   => CountRecorded          "round.count-recorded"        v 1;
    "recordMirror"         RecordMirror(RecordMirror)                 => MirrorRecorded         "round.mirror-recorded"       v 1;
    "recordRivalValues"    RecordRivalValues(RecordRivalValues)       => RivalValuesRecorded    "records.rival-values"        v 1;
    "recordAlias"          RecordAlias(RecordAlias)                   => AliasRecorded          "dossier.alias-recorded"      v 1;
    "retitleDossier"       RetitleDossier(RetitleDossier)             => DossierRetitled        "dossier.retitled"            v 1;
    "renameDossier"        RenameDossier(RenameDossier)               => DossierRenamed         "dossier.renamed"             v 1;
    "mergeDossiers"        MergeDossiers(MergeDossiers)               => DossiersMerged         "dossier.merged"              v 1;
    "moveRecords"          MoveRecords(MoveRecords)                   => RecordsMoved           "dossier.records-moved"       v 1;
    "correctRecord"        CorrectRecord(CorrectRecord)               => RecordCorrected        "dossier.record-corrected"    v 1;
    "retractRecord"        RetractRecord(RetractRecord)               => RecordRetracted        "dossier.record-retracted"    v 1;
    "redactRecord"         RedactRecord(RedactRecord)                 => RecordRedacted         "dossier.record-redacted"     v 1;
    "captureLead"          CaptureLead(CaptureLead)                   => LeadCaptured           "lead.captured"               v 1;
    "settleLead"           SettleLead(SettleLead)                     => LeadSettled            "lead.settled"                v 1;
}

/// Leaves citations out of an event's JSON: of its evidence, or of its rival values.
fn keep_citations(json: &mut Value, kept: Vec<bool>) {
    let mut kept = kept.into_iter();
    let mut narrow = |list: Option<&mut Value>| {
        let Some(list) = list.and_then(Value::as_array_mut) else {
            return false;
        };
        list.retain(|_| kept.next().unwrap_or(true));
        !list.is_empty()
    };
    narrow(json.pointer_mut("/evidence/citations"));
    if let Some(values) = json.pointer_mut("/values").and_then(Value::as_array_mut) {
        values.retain_mut(|value| narrow(value.get_mut("citations")));
    }
}

fn fingerprint(name: &str, payload: &[u8]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(name.as_bytes()).update(&[0]).update(payload);
    let mut out = [0; 16];
    out.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    out
}

/// Every command there is, and so every kind of event.
#[must_use]
pub fn commands() -> &'static [CommandShape] {
    &COMMANDS
}

/// The command that the desk makes itself, where another says what it corrects. Nobody else can send it.
const BY_THE_DESK: &str = "correctRecord";

/// The commands that can be sent.
pub fn offered() -> impl Iterator<Item = &'static CommandShape> {
    commands().iter().filter(|command| command.name != BY_THE_DESK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_kinds_are_unique_and_every_shape_is_an_object_with_descriptions() {
        let names: BTreeSet<_> = commands().iter().map(|c| c.name).collect();
        let kinds: BTreeSet<_> = commands().iter().map(|c| c.event_kind).collect();
        assert_eq!((names.len(), kinds.len()), (commands().len(), commands().len()));
        for command in commands() {
            assert!(!command.input.fields.is_empty(), "{} has no fields", command.name);
            assert!(!command.input.about.is_empty(), "{} has no description", command.name);
            for field in &command.input.fields {
                assert!(
                    !field.about.is_empty(),
                    "{}.{} has no description",
                    command.name,
                    field.name
                );
            }
        }
    }
}
