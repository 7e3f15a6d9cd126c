//! The vocabulary of rapporteur. Pure rules: no clock, disk, network or runtime.
//!
//! In reading order: names ([`id`]), written text ([`text`]), dates ([`date`]), why we believe it ([`evidence`]), shapes
//! that records share ([`common`]); the dossiers ([`party`], [`plan`] and its [`change`]s, [`meeting`], [`round`], [`act`], [`issue`],
//! [`commitment`], [`claim`], [`lead`]); [`rival`] values, [`naming`] and [`renaming`] of anything, and where it is found since ([`moved`]); the table of all commands and events ([`event`]); commands as written ([`command`]) and what they name first ([`creation`]), what they may be
//! refused for ([`refusal`]) and how that is decided ([`decide`]). [`shape`] reads one JSON Schema for all of it.

#[macro_use]
mod macros;

pub mod act;
pub mod amending;
pub mod change;
pub mod claim;
pub mod command;
pub mod commitment;
pub mod common;
pub mod correction;
pub mod creation;
pub mod date;
pub mod decide;
pub mod event;
pub mod evidence;
pub mod fact;
pub mod id;
pub mod invalid;
pub mod issue;
pub mod lead;
pub mod meeting;
pub mod moved;
pub mod naming;
pub mod party;
pub mod plan;
pub mod refusal;
pub mod renaming;
pub mod rival;
pub mod round;
pub mod shape;
pub mod text;
