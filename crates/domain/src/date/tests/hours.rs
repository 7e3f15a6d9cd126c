use super::*;

#[track_caller]
fn instants(day: &str, from: &str, until: &str, zone: &str) -> (String, String) {
    let date = with_hours(day, from, until, zone);
    let text = |at: Option<chrono::DateTime<chrono::Utc>>| at.unwrap().format("%Y-%m-%dT%H:%MZ").to_string();
    (text(date.opens_at()), text(date.closes_at()))
}

fn pair(opens: &str, closes: &str) -> (String, String) {
    (opens.to_owned(), closes.to_owned())
}

#[test]
fn hours_are_local_to_their_zone() {
    assert_eq!(
        instants("2025-05-08", "18:00", "24:00", "Europe/Kyiv"),
        pair("2025-05-08T15:00Z", "2025-05-08T21:00Z")
    );
    assert_eq!(
        instants("2025-01-08", "22:00", "02:00", "Europe/Kyiv"),
        pair("2025-01-08T20:00Z", "2025-01-09T00:00Z")
    );
}

#[test]
fn a_time_the_clocks_skip_opens_when_they_go_on() {
    assert_eq!(
        instants("2026-03-29", "02:30", "04:00", "Europe/Paris"),
        pair("2026-03-29T01:00Z", "2026-03-29T02:00Z")
    );
    assert_eq!(
        instants("2011-12-30", "09:00", "12:00", "Pacific/Apia"),
        pair("2011-12-30T10:00Z", "2011-12-30T10:00Z"),
        "Samoa skipped this day"
    );
}

#[test]
fn of_a_time_that_occurs_twice_the_earlier_counts() {
    assert_eq!(
        instants("2026-10-25", "02:30", "03:30", "Europe/Paris"),
        pair("2026-10-25T00:30Z", "2026-10-25T02:30Z")
    );
}

#[test]
fn hours_past_midnight_reach_into_the_next_day() {
    let night = with_hours("2025-05-08", "22:00", "02:00", "Europe/Kyiv");
    assert_eq!(spans(&night), ["2025-05-08..2025-05-09"]);
    assert_eq!(night.single_day(), Some(on("2025-05-08")));
    assert!(!night.surely_within(&within("2025-05-08")));
    for until in ["24:00", "00:00"] {
        let evening = with_hours("2025-05-08", "18:00", until, "Europe/Kyiv");
        assert_eq!(spans(&evening), ["2025-05-08..2025-05-08"], "until {until}");
        assert_eq!(evening.closes_at().unwrap().to_rfc3339(), "2025-05-08T21:00:00+00:00");
    }
}

#[test]
fn hours_are_checked() {
    for (from, until, zone, message, hint) in [
        ("24:00", "24:00", "Europe/Kyiv", "24:00", "next date"),
        ("18:00", "18:00", "Europe/Kyiv", "begins and ends", "later `until`"),
        ("6pm", "24:00", "Europe/Kyiv", "window.from", "18:00"),
        ("18:60", "24:00", "Europe/Kyiv", "window.from", "18:00"),
        ("18:00", "24:01", "Europe/Kyiv", "window.until", "18:00"),
        ("18:00", "24:00", "kyiv", "window.zone", "`Europe/Kyiv`"),
        ("18:00", "24:00", "America/new york", "window.zone", "IANA"),
        ("18:00", "24:00", "+03:00", "window.zone", "IANA"),
    ] {
        let error = TimeWindow::parse(from, until, zone).unwrap_err();
        assert!(
            error.message.contains(message) && error.hint.contains(hint),
            "{from} {until} {zone}: {error}"
        );
    }
}

#[test]
fn hours_at_the_ends_of_a_period_open_on_its_first_day_and_close_on_its_last() {
    for (from, until, closes) in [
        ("18:00", "24:00", "2025-04-20T21:00:00+00:00"),
        ("18:00", "06:00", "2025-04-20T03:00:00+00:00"),
        ("06:00", "18:00", "2025-04-20T15:00:00+00:00"),
    ] {
        let truce = with_hours("2025-04-19/2025-04-20", from, until, "Europe/Moscow");
        assert_eq!(spans(&truce), ["2025-04-19..2025-04-20"], "until {until}");
        assert_eq!(truce.closes_at().unwrap().to_rfc3339(), closes);
        assert_eq!(truce.single_day(), None);
    }
    let truce = with_hours("2025-04-19/2025-04-20", "18:00", "24:00", "Europe/Moscow");
    assert_eq!(truce.opens_at().unwrap().to_rfc3339(), "2025-04-19T15:00:00+00:00");
    assert!(truce.surely_on(on("2025-04-19")) && truce.surely_on(on("2025-04-20")));
    assert!(
        truce
            .label()
            .ends_with(", 18:00 on the first day to 24:00 on the last Europe/Moscow")
    );
}

#[test]
fn hours_stand_on_days_and_periods_of_days_only() {
    let window = Some(TimeWindow::parse("18:00", "24:00", "Europe/Kyiv").unwrap());
    for edtf in [
        "2025-05",
        "2025-05-08~",
        "[2025-05-08,2025-05-09]",
        "2025-05-08/2025-05-09~",
        "2025-05-09/2025-05-09",
        "2025-05/2025-06",
        "2025-05-08/..",
        "2025-05-XX",
        "[2025-05-08]",
    ] {
        let error = FuzzyDate::new(DateParts { window, ..parts(edtf) }).unwrap_err();
        assert!(error.message.contains("neither a day nor a period"), "{edtf}: {error}");
    }
    let both = FuzzyDate::new(DateParts {
        window,
        open_tail: true,
        ..parts("2025-05-08")
    });
    assert!(both.unwrap_err().message.contains("contradict"));
}
