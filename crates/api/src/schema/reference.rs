//! Dossiers as GraphQL sees them: one object type for each kind, an interface over all, and references to them.

use super::act::Act;
use super::amendment::Amendment;
use super::claim::{Claim, Happening};
use super::commitment::Commitment;
use super::contradiction::Contradiction;
use super::entry::{Entry, Link};
use super::flag::Flag;
use super::history::Step;
use super::issue::Issue;
use super::lead::Lead;
use super::meeting::Meeting;
use super::page::Page;
use super::party::{Party, Source};
use super::plan::Plan;
use super::round::Round;
use super::seen::Seen;
use super::types::bare;
use super::value::Value as Shown;
use super::vocabulary::{Series, Topic};
use super::words::Word;
use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, ID, Interface, Object, OutputType, Positioned, ServerResult, Value};
use rapporteur_domain::id::{DossierKind, RecordRef};
use rapporteur_views::Views;
use rapporteur_views::values::ValueField;
use std::sync::Arc;

/// Writes a dossier's object type: the fields every dossier has, then its own.
macro_rules! dossier {
    ($(#[doc = $about:literal])* $name:ident, $kind:ident, { $($own:tt)* }) => {
        crate::schema::reference::dossier! {
            @pages
            /// Its events, the first recorded first.
            entries -> crate::schema::entry::Entry;
            /// What is odd about it, the first recorded first.
            flags -> crate::schema::flag::Flag;
            /// Links that start or end at it or at a record in it, the first recorded first.
            links -> crate::schema::entry::Link;
            /// Positions taken on it, or on a record in it, the first recorded first.
            positions -> crate::schema::issue::Position;
            /// Claims and expectations about it, or about a record in it, the first recorded first.
            claims -> crate::schema::claim::Claim;
            /// The leads of which it was made, by slug.
            leads -> crate::schema::lead::Lead;
            /// Values that compete about it, about a record in it, or among the claims about it: by kind, then by what they
            /// are about.
            contradictions -> crate::schema::contradiction::Contradiction;
            /// Corrections, retractions and redactions of what is recorded in it, the first recorded first.
            corrections -> crate::schema::amendment::Amendment;
            @type
            $(#[doc = $about])* $name, $kind, { $($own)* }
        }
    };
    (
        @pages $($(#[doc = $what:literal])* $page:ident -> $node:ty;)*
        @type $(#[doc = $about:literal])* $name:ident, $kind:ident, { $($own:tt)* }
    ) => {
        $(#[doc = $about])*
        #[async_graphql::Object]
        impl $name {
            /// Global id.
            pub(super) async fn id(&self) -> async_graphql::ID {
                self.seen.id(rapporteur_domain::id::DossierKind::$kind)
            }
            /// The slug that the desk chose.
            pub(super) async fn slug(&self) -> &str {
                &self.seen.slug
            }
            /// Slugs that it had before, and those of what was merged into it: they all lead here.
            pub(super) async fn former_slugs(&self) -> Vec<&str> {
                let moved = self.seen.views.names.moved();
                moved.former(&self.seen.slug).map(rapporteur_domain::id::Slug::as_str).collect()
            }
            /// What turned out to be the same and was merged into it.
            pub(super) async fn merged(&self) -> Vec<crate::schema::moves::Merged> {
                let merged = self.seen.views.names.merged_into(&self.seen.slug);
                merged.map(|merged| crate::schema::moves::Merged::new(&self.seen.views, merged)).collect()
            }
            /// Records that were moved out of it or into it.
            pub(super) async fn moved_records(&self) -> Vec<crate::schema::moves::MovedRecords> {
                let moves = self.seen.views.names.moves(&self.seen.slug);
                moves.map(|told| crate::schema::moves::MovedRecords::new(&self.seen.views, told)).collect()
            }
            /// What kind of dossier it is.
            pub(super) async fn kind(&self) -> Word<rapporteur_domain::id::DossierKind> {
                Word(rapporteur_domain::id::DossierKind::$kind)
            }
            /// How many events it has: its version, for `expectedVersion`.
            pub(super) async fn version(&self) -> u32 {
                self.seen.mark().map_or(0, |mark| mark.version)
            }
            $(
                $(#[doc = $what])*
                pub(super) async fn $page(
                    &self,
                    #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
                    first: Option<i32>,
                    #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
                    #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
                    #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
                ) -> async_graphql::Result<crate::schema::page::Page<$node>> {
                    Ok(self.seen.$page(&crate::schema::page::Asked { first, after, last, before })?)
                }
            )*
            /// Other names by which it goes, given after it was opened: who calls it so is in the evidence.
            pub(super) async fn other_names(&self) -> Vec<crate::schema::data::Data<rapporteur_domain::naming::RecordAlias>> {
                let names = self.seen.views.names.aliases(&self.seen.slug);
                names.map(|told| crate::schema::data::Data::new(&self.seen.views, told.fact.as_ref())).collect()
            }
            /// What sources give differently about it, side by side.
            pub(super) async fn rival_values(&self) -> Vec<crate::schema::data::Data<rapporteur_domain::rival::RecordRivalValues>> {
                let rivals = self.seen.views.rivals.about(&self.seen.slug);
                rivals.map(|told| crate::schema::data::Data::new(&self.seen.views, told.fact.as_ref())).collect()
            }
            /// Why a value is shown: the values of a field, each with the chain of events and citations behind it. Empty where
            /// nothing is recorded; rival values stand side by side.
            pub(super) async fn why(
                &self,
                #[graphql(desc = "What the value is of, e.g. `STAGE_DATE`.")] field: Word<rapporteur_views::values::ValueField>,
                #[graphql(desc = "Which one of several, as `subject` of a value gives it: `ADOPTED`, `vessels ADDED`, a reference, \
                                  a party's slug. Default: all.")]
                subject: Option<String>,
            ) -> async_graphql::Result<Vec<crate::schema::value::Value>> {
                Ok(crate::schema::value::Value::why(&self.seen, field, subject.as_deref())?)
            }
            /// Every value that is shown of it, with what is behind each: by field, then by what it is of.
            pub(super) async fn values(
                &self,
                #[graphql(desc = "Only values of these fields. Default: all.")]
                fields: Option<Vec<Word<rapporteur_views::values::ValueField>>>,
                #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
                first: Option<i32>,
                #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
                #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
                #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
            ) -> async_graphql::Result<crate::schema::page::Page<crate::schema::value::Value>> {
                let asked = crate::schema::page::Asked { first, after, last, before };
                Ok(crate::schema::value::Value::all(&self.seen, fields.as_deref(), &asked)?)
            }
            /// Who recorded what of it when, and which values that changed, the first recorded first. What others recorded that
            /// settles an expectation, or links to it, comes with it.
            pub(super) async fn history(
                &self,
                #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
                first: Option<i32>,
                #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
                #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
                #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
            ) -> async_graphql::Result<crate::schema::page::Page<crate::schema::history::Step>> {
                let asked = crate::schema::page::Asked { first, after, last, before };
                Ok(crate::schema::history::Step::of(&self.seen, asked).await?)
            }
            $($own)*
        }
    };
}
pub(super) use dossier;

/// Writes the interface: fields that are plain, then those that are pages, each with what it takes before a page's own arguments.
macro_rules! interface {
    (
        plain { $($plain:tt)* }
        pages { $($page:tt: $node:tt, $about:tt $(($($own:tt)*))?;)* }
        $(#[doc = $doc:tt])* $vis:vis enum $($item:tt)*
    ) => {
        $(#[doc = $doc])*
        #[derive(Interface)]
        #[graphql(
            crate = "async_graphql::of_variants",
            $($plain)*
            $(field(
                name = $page,
                ty = $node,
                desc = $about,
                $(arg($($own)*),)?
                arg(
                    name = "first",
                    ty = "Option<i32>",
                    desc = "The most to give from the first or from `after`: 50 if left out, at most 200."
                ),
                arg(name = "after", ty = "Option<String>", desc = "Only what comes after this cursor."),
                arg(
                    name = "last",
                    ty = "Option<i32>",
                    desc = "The most to give up to the last or to `before`; at most 200."
                ),
                arg(name = "before", ty = "Option<String>", desc = "Only what comes before this cursor.")
            ),)*
        )]
        $vis enum $($item)*
    };
}

interface! {
    plain {
        field(name = "id", ty = "ID", desc = "Global id."),
        field(name = "slug", ty = "&str", desc = "The slug that the desk chose."),
        field(
            name = "former_slugs",
            ty = "Vec<&str>",
            desc = "Slugs that it had before, and those of what was merged into it: they all lead here."
        ),
        field(name = "kind", ty = "Word<DossierKind>", desc = "What kind of dossier it is."),
        field(name = "title", ty = "String", desc = "Its title, name or label."),
        field(
            name = "version",
            ty = "u32",
            desc = "How many events it has: its version, for `expectedVersion`."
        ),
        field(
            name = "why",
            ty = "Result<Vec<Shown>>",
            desc = "Why a value is shown: the values of a field, each with the chain of events and citations behind it. Empty \
                    where nothing is recorded; rival values stand side by side.",
            arg(
                name = "field",
                ty = "Word<ValueField>",
                desc = "What the value is of, e.g. `STAGE_DATE`."
            ),
            arg(
                name = "subject",
                ty = "Option<String>",
                desc = "Which one of several, as `subject` of a value gives it: `ADOPTED`, `vessels ADDED`, a reference, a \
                        party's slug. Default: all."
            )
        ),
    }
    pages {
        "entries": "Page<Entry>", "Its events, the first recorded first.";
        "flags": "Page<Flag>", "What is odd about it, the first recorded first.";
        "links": "Page<Link>", "Links that start or end at it or at a record in it, the first recorded first.";
        "contradictions": "Page<Contradiction>",
            "Values that compete about it, about a record in it, or among the claims about it: by kind, then by what they are about.";
        "corrections": "Page<Amendment>",
            "Corrections, retractions and redactions of what is recorded in it, the first recorded first.";
        "values": "Page<Shown>", "Every value that is shown of it, with what is behind each: by field, then by what it is of." (
            name = "fields",
            ty = "Option<Vec<Word<ValueField>>>",
            desc = "Only values of these fields. Default: all."
        );
        "history": "Page<Step>",
            "Who recorded what of it when, and which values that changed, the first recorded first. What others recorded that \
             settles an expectation, or links to it, comes with it.";
    }
    /// One thing followed over time: a plan, a meeting, a round, an issue, a party…
    pub(super) enum Dossier {
        Party(Party),
        Source(Source),
        Plan(Plan),
        Meeting(Meeting),
        Round(Round),
        Issue(Issue),
        Commitment(Commitment),
        Claim(Claim),
        Happening(Happening),
        Topic(Topic),
        Series(Series),
        Act(Act),
        Lead(Lead),
    }
}

impl Dossier {
    /// The dossier that was seen; `None` if there is none of this slug.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        match seen.mark()?.kind {
            DossierKind::Party => Party::of(seen).map(Self::Party),
            DossierKind::Source => Source::of(seen).map(Self::Source),
            DossierKind::Plan => Plan::of(seen).map(Self::Plan),
            DossierKind::Meeting => Meeting::of(seen).map(Self::Meeting),
            DossierKind::Round => Round::of(seen).map(Self::Round),
            DossierKind::Issue => Issue::of(seen).map(Self::Issue),
            DossierKind::Commitment => Commitment::of(seen).map(Self::Commitment),
            DossierKind::Claim => Claim::of(seen).map(Self::Claim),
            DossierKind::Happening => Happening::of(seen).map(Self::Happening),
            DossierKind::Topic => Topic::of(seen).map(Self::Topic),
            DossierKind::Series => Series::of(seen).map(Self::Series),
            DossierKind::Act => Act::of(seen).map(Self::Act),
            DossierKind::Lead => Lead::of(seen).map(Self::Lead),
        }
    }
}

/// Registers the object type of a kind of dossier, and gives its name.
pub(super) fn register_dossier(registry: &mut Registry, kind: &str) -> String {
    bare(match kind {
        "Party" => Party::create_type_info(registry),
        "Source" => Source::create_type_info(registry),
        "Plan" => Plan::create_type_info(registry),
        "Meeting" => Meeting::create_type_info(registry),
        "Round" => Round::create_type_info(registry),
        "Issue" => Issue::create_type_info(registry),
        "Commitment" => Commitment::create_type_info(registry),
        "Claim" => Claim::create_type_info(registry),
        "Happening" => Happening::create_type_info(registry),
        "Topic" => Topic::create_type_info(registry),
        "Act" => Act::create_type_info(registry),
        "Lead" => Lead::create_type_info(registry),
        _ => Series::create_type_info(registry),
    })
}

/// Resolves a dossier under its own object type; null if it is none of `kind`, the type that was promised.
pub(super) async fn resolve_dossier(
    seen: Seen,
    kind: &str,
    ctx: &ContextSelectionSet<'_>,
    asked: &Positioned<Field>,
) -> ServerResult<Value> {
    let promised = seen.mark().is_some_and(|mark| format!("{:?}", mark.kind) == kind);
    match Dossier::of(seen).filter(|_| promised) {
        Some(Dossier::Party(it)) => it.resolve(ctx, asked).await,
        Some(Dossier::Source(it)) => it.resolve(ctx, asked).await,
        Some(Dossier::Plan(it)) => it.resolve(ctx, asked).await,
        Some(Dossier::Meeting(it)) => it.resolve(ctx, asked).await,
        Some(Dossier::Round(it)) => it.resolve(ctx, asked).await,
        Some(Dossier::Issue(it)) => it.resolve(ctx, asked).await,
        Some(Dossier::Commitment(it)) => it.resolve(ctx, asked).await,
        Some(Dossier::Claim(it)) => it.resolve(ctx, asked).await,
        Some(Dossier::Happening(it)) => it.resolve(ctx, asked).await,
        Some(Dossier::Topic(it)) => it.resolve(ctx, asked).await,
        Some(Dossier::Series(it)) => it.resolve(ctx, asked).await,
        Some(Dossier::Act(it)) => it.resolve(ctx, asked).await,
        Some(Dossier::Lead(it)) => it.resolve(ctx, asked).await,
        None => Ok(Value::Null),
    }
}

/// Parties, topics and so on of these slugs; those not recorded are left out.
pub(super) fn those<'a, S: AsRef<str> + 'a, T>(
    views: &Arc<Views>,
    slugs: impl IntoIterator<Item = &'a S>,
    of: impl Fn(Seen) -> Option<T>,
) -> Vec<T> {
    slugs
        .into_iter()
        .filter_map(|slug| of(Seen::new(views, slug.as_ref())))
        .collect()
}

/// A reference to a dossier or a record in it.
pub(super) struct Reference {
    views: Arc<Views>,
    target: String,
}

impl Reference {
    /// A reference as written: `us-plan/28#nato`.
    pub(super) fn new(views: &Arc<Views>, target: &str) -> Self {
        Self {
            views: Arc::clone(views),
            target: target.to_owned(),
        }
    }

    fn parsed(&self) -> Option<RecordRef> {
        RecordRef::parse(&self.target).ok()
    }

    /// The reference today, where it was another when it was written.
    fn today(&self) -> String {
        let now = self.views.names.moved().reference(&self.target);
        now.unwrap_or_else(|| self.target.clone())
    }
}

/// A reference to a dossier or to a record in it.
#[Object]
impl Reference {
    /// The reference as written: `us-plan`, `us-plan/28`, `us-plan/28#nato`.
    async fn r#ref(&self) -> &str {
        &self.target
    }
    /// The dossier that it leads to now.
    async fn dossier(&self) -> Option<Dossier> {
        let now = RecordRef::parse(&self.today()).ok()?;
        Dossier::of(Seen::new(&self.views, now.dossier()))
    }
    /// The version named after `/`.
    async fn version(&self) -> Option<String> {
        self.parsed()?.version().map(str::to_owned)
    }
    /// The record named after `#`.
    async fn key(&self) -> Option<String> {
        self.parsed()?.key().map(str::to_owned)
    }
    /// What was recorded there, the first recorded first.
    async fn entries(&self) -> Vec<Entry> {
        let found = self.views.timeline.of_record(&self.today());
        found.into_iter().map(|entry| Entry::new(&self.views, entry)).collect()
    }
}
