use super::*;

fn state(it: Checked) -> &'static str {
    it.err().and_then(|it| it.code.sqlstate).unwrap_or("")
}

#[test]
fn days_in_every_notation() {
    for text in [
        "January 8, 1999",
        "1999-01-08",
        "1/8/1999",
        "1/18/1999",
        "18/1/1999",
        "01/02/03",
        "1999-Jan-08",
        "Jan-08-1999",
        "08-Jan-1999",
        "19990108",
        "990108",
        "1999.008",
        "J2451187",
        "January 8, 99 BC",
        "today",
        "epoch",
        "-infinity",
        "2024-02-29 10:00+02",
        "08-Jan-99",
        "0099-01-08",
    ] {
        assert_eq!(state(date(text, None)), "", "{text}");
    }
    for text in ["2023-02-29", "2024-13-01", "31/31/2024", "0000-01-01", "4714-11-23 BC", "5874898-01-01"] {
        assert_eq!(state(date(text, None)), "22008", "{text}");
    }
    for text in
        ["", "soon", "99-08-Jan", "1999-08-Jan", "12", "10:00", "2024-01", "2024-01-01 2024-01-01", "1 day"]
    {
        assert_eq!(state(date(text, None)), "22007", "{text}");
    }
}

#[test]
fn moments() {
    for text in [
        "2024-01-01",
        "2024-01-01T10:00:00Z",
        "2024-01-01 10:00:00.123+05:30",
        "20240101T101010",
        "now",
        "Mon Feb 10 17:32:01 1997 PST",
        "2024-01-01 24:00",
        "1997.041 17:32:01 UTC",
        "2024-01-01 10:00 America/New_York",
        "2024-01-01 04:05 PM",
        "2024-01-01 10:00 foo",
    ] {
        assert_eq!(state(timestamp(text, "timestamp with time zone", None)), "", "{text}");
    }
    for text in
        ["2024-01-01 25:00", "2024-01-01 24:00:01", "2024-01-01 13:00 AM", "2024-02-30 10:00", "294277-01-01"]
    {
        assert_eq!(state(timestamp(text, "timestamp", None)), "22008", "{text}");
    }
    for text in ["2024-01-01 notazonename", "2024-01-01 10:00 11:00", "hello world", "10:00", "2024-01-01 T"]
    {
        assert_eq!(state(timestamp(text, "timestamp", None)), "22007", "{text}");
    }
}

#[test]
fn times_of_day() {
    for text in [
        "04:05",
        "04:05:06.789",
        "040506",
        "04:05 AM",
        "24:00",
        "04:05:06 PST",
        "now",
        "2003-04-12 04:05:06 America/New_York",
    ] {
        assert_eq!(state(time(text, "time", None)), "", "{text}");
    }
    for text in ["25:00", "04:60", "24:00:00.01", "13:00 pm"] {
        assert_eq!(state(time(text, "time", None)), "22008", "{text}");
    }
    for text in ["today", "12", "1 hour", "noon"] {
        assert_eq!(state(time(text, "time", None)), "22007", "{text}");
    }
}

#[test]
fn intervals() {
    for text in [
        "1 day",
        "@ 1 minute",
        "1-2",
        "3 4:05:06",
        "P1Y2M3DT4H5M6S",
        "P0001-02-03",
        "1 day ago",
        "infinity",
        "-1.5 weeks",
        "1",
        "1y 10mons 2h",
        "PT",
        "+02:03",
        "1 +02:03",
        "1.5 years",
    ] {
        assert_eq!(state(interval(text, -1, None)), "", "{text}");
    }
    for text in
        ["", "day", "1 fortnight", "1 day day", "ago 1 day", "1 day 2 days", "2024-01-02", "P1X", "hello"]
    {
        assert_eq!(state(interval(text, -1, None)), "22007", "{text}");
    }
}
