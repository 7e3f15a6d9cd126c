//! `rapporteur_fuzz::export` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rapporteur_fuzz::export(bytes));
