//! The words of dates, times and intervals (manual, B.3 and tables 8.14 to 8.16).

/// What a word says in a date or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// `now`.
    Now,
    /// `today`, `tomorrow`, `yesterday`.
    Day,
    /// `allballs`: midnight in UTC.
    Midnight,
    Epoch,
    Infinity,
    Month(i64),
    Weekday,
    Meridiem,
    /// `ad` is false.
    BeforeChrist(bool),
    /// `at`, `on`.
    Filler,
    /// `j`, `jd`, `julian`: the next number is a day's.
    Julian,
    /// Other units, after which nothing can be read.
    Unit,
    /// `t`: the time comes.
    IsoTime,
    SummerTime,
}

/// In lower case.
pub fn moment(word: &str) -> Option<Word> {
    Some(match word {
        "now" => Word::Now,
        "today" | "tomorrow" | "yesterday" => Word::Day,
        "allballs" => Word::Midnight,
        "epoch" => Word::Epoch,
        "infinity" | "+infinity" | "-infinity" => Word::Infinity,
        "jan" | "january" => Word::Month(1),
        "feb" | "february" => Word::Month(2),
        "mar" | "march" => Word::Month(3),
        "apr" | "april" => Word::Month(4),
        "may" => Word::Month(5),
        "jun" | "june" => Word::Month(6),
        "jul" | "july" => Word::Month(7),
        "aug" | "august" => Word::Month(8),
        "sep" | "sept" | "september" => Word::Month(9),
        "oct" | "october" => Word::Month(10),
        "nov" | "november" => Word::Month(11),
        "dec" | "december" => Word::Month(12),
        "sun" | "sunday" | "mon" | "monday" | "tue" | "tues" | "tuesday" | "wed" | "weds" | "wednesday"
        | "thu" | "thur" | "thurs" | "thursday" | "fri" | "friday" | "sat" | "saturday" => Word::Weekday,
        "am" | "pm" => Word::Meridiem,
        "ad" => Word::BeforeChrist(false),
        "bc" => Word::BeforeChrist(true),
        "at" | "on" => Word::Filler,
        "j" | "jd" | "julian" => Word::Julian,
        "d" | "dow" | "doy" | "h" | "isodow" | "isoyear" | "m" | "mm" | "s" | "y" => Word::Unit,
        "t" => Word::IsoTime,
        "dst" => Word::SummerTime,
        _ => return None,
    })
}

/// Words that make a moment without any number.
pub fn is_moment(word: &str) -> bool {
    matches!(moment(word), Some(Word::Now | Word::Day | Word::Midnight | Word::Epoch | Word::Infinity))
        || matches!(word, "inf" | "z" | "zulu" | "utc" | "gmt" | "ut" | "uct")
}

/// Abbreviations of zones as servers come configured, and whole names of zones without punctuation.
const ZONES: &str = " acdt acsst acst act acwst adt aedt aesst aest aft akdt akst almst almt amst amt anast anat arst \
    art ast awsst awst azost azot azst azt bdst bdt bnt bort bot bra brst brt bst btt cadt cast cct cdt cest cet \
    cetdst chadt chast chut ckt clst clt cot cst cxt davt ddut easst east eat edt eest eet eetdst egst egt est fet \
    fjst fjt fkst fkt fnst fnt galt gamt gest get gft gilt gmt gyt hkt hst ict idt iot irkst irkt irt ist jayt jst \
    kdt kgst kgt kost krast krat kst lhdt lhst ligt lint lkt magst magt mart mawt mdt mest mesz met metdst mez mht \
    mmt mpt msd msk mst must mut mvt myt ndt nft novst novt npt nst nut nzdt nzst nzt omsst omst pdt pet petst pett \
    pgt pht pkst pkt pmdt pmst pont pst pwt pyst pyt ret sadt sast sct sgt taht tft tjt tkt tmt tot trut tvt uct \
    ulast ulat ut utc uyst uyt uzst uzt vet vlast vlat volt vut wadt wakt wast wat wdt wet wetdst wft wgst wgt xjt \
    yakst yakt yapt yekst yekt z zulu cuba egypt eire gb greenwich hongkong iceland iran israel jamaica japan \
    kwajalein libya navajo nz poland portugal prc roc rok singapore turkey universal ";

/// What a word without digits and punctuation may be among zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    Known,
    /// The session's own zone, or a file of abbreviations, may know it.
    Possible,
    No,
}

pub fn zone(word: &str) -> Zone {
    let unit = matches!(span(word), Some(Span::Unit(_) | Span::Never)) || word == "inf";
    let listed = ZONES.split(' ').any(|it| !it.is_empty() && it == word);
    match word.len() {
        _ if listed => Zone::Known,
        3..=6 if unit => Zone::No,
        3..=6 => Zone::Possible,
        _ => Zone::No,
    }
}

/// The first part of a zone's name: regions, and folders of the time zone database.
const REGIONS: &str = " africa america antarctica arctic asia atlantic australia brazil canada chile etc europe indian \
    mexico pacific us systemv posix right ";

/// False for `Nowhere/City`. Words with other signs may be zones in the notation of POSIX.
pub fn may_be_somewhere(name: &str) -> bool {
    let Some((region, rest)) = name.split_once('/') else { return true };
    let plain = |it: &str| !it.is_empty() && it.bytes().all(|c| c.is_ascii_alphabetic() || c == b'_');
    !plain(region) || !plain(rest) || REGIONS.split(' ').any(|it| it.eq_ignore_ascii_case(region))
}

/// `Europe/Paris`: in a folder whose zones are places.
pub fn is_somewhere(name: &str) -> bool {
    const PLACES: [&str; 10] = [
        "africa",
        "america",
        "antarctica",
        "arctic",
        "asia",
        "atlantic",
        "australia",
        "europe",
        "indian",
        "pacific",
    ];
    let Some((region, rest)) = name.split_once('/') else { return false };
    let plain = !rest.is_empty() && rest.bytes().all(|it| it.is_ascii_alphabetic() || it == b'_');
    plain && PLACES.iter().any(|it| it.eq_ignore_ascii_case(region))
}

/// What a word says in an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    Ago,
    Filler,
    Infinity,
    Unit(Unit),
    /// A unit that no number can have.
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    Decade,
    Century,
    Millennium,
}

/// Of ten characters more are not looked at.
pub fn span(word: &str) -> Option<Span> {
    let unit = match word.get(..10).unwrap_or(word) {
        "ago" => return Some(Span::Ago),
        "@" | "at" | "on" => return Some(Span::Filler),
        "infinity" | "+infinity" | "-infinity" => return Some(Span::Infinity),
        "us" | "usec" | "usecs" | "usecond" | "useconds" | "microsecon" => Unit::Microsecond,
        "ms" | "msec" | "msecs" | "msecond" | "mseconds" | "millisecon" => Unit::Millisecond,
        "s" | "sec" | "secs" | "second" | "seconds" => Unit::Second,
        "m" | "min" | "mins" | "minute" | "minutes" | "mm" => Unit::Minute,
        "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Hour,
        "d" | "day" | "days" => Unit::Day,
        "w" | "week" | "weeks" => Unit::Week,
        "mon" | "mons" | "month" | "months" => Unit::Month,
        "y" | "yr" | "yrs" | "year" | "years" => Unit::Year,
        "dec" | "decs" | "decade" | "decades" => Unit::Decade,
        "c" | "cent" | "century" | "centuries" => Unit::Century,
        "mil" | "mils" | "millennia" | "millennium" => Unit::Millennium,
        "qtr" | "quarter" | "timezone" | "timezone_h" | "timezone_m" => return Some(Span::Never),
        other => {
            let unit = matches!(moment(other), Some(Word::Julian | Word::Unit));
            return unit.then_some(Span::Never);
        }
    };
    Some(Span::Unit(unit))
}
