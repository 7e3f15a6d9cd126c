//! `rapporteur_fuzz::graphql` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rapporteur_fuzz::graphql(bytes));
