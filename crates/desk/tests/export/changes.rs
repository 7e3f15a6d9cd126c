//! A file that is not what was exported is refused, with the line.

use crate::{export, file, lines, refused, refused_saying, restored, small};
use rapporteur_desk::restore::RestoreError;

#[test]
fn any_changed_byte_is_refused_with_its_line_or_changes_nothing() {
    let whole = export(&small());
    let original = restored(&whole).unwrap().1;
    let mut line = 1;
    for at in 0..whole.len() {
        for mask in [0x20, 1 << (at % 8)] {
            let mut changed = whole.clone();
            changed[at] ^= mask;
            match restored(&changed) {
                Err(RestoreError::Refused { line: found, what }) => {
                    assert_eq!(found, line, "byte {at} ^ {mask}: {what}");
                }
                Err(other) => panic!("byte {at} ^ {mask}: {other}"),
                Ok((_, log)) => assert_eq!(export(&log), export(&original), "byte {at} ^ {mask}"),
            }
        }
        line += u64::from(whole[at] == b'\n');
    }
    assert_eq!(line, 7, "all six lines were tried");
}

#[test]
fn lines_that_are_swapped_dropped_doubled_or_slipped_in_are_refused() {
    let whole = lines(&export(&small()));
    for n in 0..whole.len() - 1 {
        let at = n as u64 + 1;
        let mut dropped = whole.clone();
        dropped.remove(n);
        let last = n + 2 == whole.len();
        let word = if last { "lines are missing" } else { "out of order" };
        refused_saying(&file(&dropped), at, word);
        let mut doubled = whole.clone();
        doubled.insert(n, whole[n].clone());
        refused_saying(&file(&doubled), at + 1, "doubled");
        let mut swapped = whole.clone();
        swapped.swap(n, n + 1);
        let word = if last { "lines are missing" } else { "out of order" };
        refused_saying(&file(&swapped), at, word);
        for strange in ["", "  ", "null", "[]", "{}", "\u{feff}{}", "a line"] {
            let mut slipped = whole.clone();
            slipped.insert(n, strange.to_owned());
            assert_eq!(refused(&file(&slipped)).0, at, "{strange:?} before line {at}");
        }
    }
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let whole = export(&small());
    for end in 0..whole.len() - 1 {
        let cut = &whole[..end];
        let newlines = cut.iter().filter(|byte| **byte == b'\n').count() as u64;
        let begun = u64::from(!cut.is_empty() && !cut.ends_with(b"\n"));
        let (line, what) = refused(cut);
        assert_eq!(line, newlines + begun, "cut at {end}: {what}");
        if begun == 0 {
            assert!(what.contains("without its closing record"), "cut at {end}: {what}");
        }
    }
    // The last line's end alone says nothing.
    assert!(restored(&whole[..whole.len() - 1]).is_ok());
}

#[test]
fn a_batch_cut_in_half_is_refused_with_and_without_the_closing_record() {
    let whole = lines(&export(&small()));
    let half = [&whole[..3], &whole[5..]].concat();
    refused_saying(
        &file(&half),
        4,
        "`position` of the closing record is 5, the lines before it end at 3",
    );
    refused_saying(&file(&whole[..3]), 3, "after position 3, without its closing record");
    let headless = [&whole[..1], &whole[2..]].concat();
    refused_saying(&file(&headless), 2, "`position` is 3 where 2 belongs");
}

#[test]
fn nothing_may_stand_after_the_closing_record() {
    let whole = lines(&export(&small()));
    for more in ["", "{}", &whole[0], &whole[5]] {
        let longer = [&whole[..], &[more.to_owned()]].concat();
        refused_saying(&file(&longer), 7, "after the closing record");
    }
}

#[test]
fn lines_of_another_export_do_not_fit() {
    let (one, other) = (lines(&export(&small())), lines(&export(&small())));
    let mixed = [&one[..2], &other[2..]].concat();
    refused_saying(&file(&mixed), 3, "`previoushash` is");
    let closed = [&one[..5], &other[5..]].concat();
    refused_saying(&file(&closed), 6, "`hash` of the closing record is");
}
