//! Versions compared in the scheme a rule names, with three answers: inside, outside, unknown.
//!
//! A version that cannot be read in its scheme is unknown, never inside and never outside: a wrong guess would either miss
//! something or accuse somebody. This module must never guess a scheme. Start at [`answer`].

use super::format::{Period, Versions};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// How the versions of a product are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// Semantic Versioning 2.0.0; missing parts are zero.
    Semver,
    /// Numbers with dots, hyphens or underscores between them, of any count; missing ones are zero.
    Dotted,
    /// Junos: `12.3X48-D10`, `17.3R1-S2`. Releases of different letters under one number cannot be compared.
    Junos,
    /// A date that begins with the year: `2015-02-16`, `20150216`, `2015.02`, `2015`.
    Date,
    /// Only equal or not known.
    #[default]
    Opaque,
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// In the range.
    Inside,
    /// Not in the range.
    Outside,
    /// Cannot be said.
    Unknown,
}

/// Compares two versions; `None` when the scheme cannot tell.
pub fn compare(scheme: Scheme, a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (bare(a), bare(b));
    match scheme {
        Scheme::Semver => Some(semver(a)?.cmp(&semver(b)?)),
        Scheme::Dotted => dotted(a, b),
        Scheme::Junos => junos(a, b),
        Scheme::Date => dates(a, b),
        Scheme::Opaque => a.eq_ignore_ascii_case(b).then_some(Ordering::Equal),
    }
}

/// Where a version stands in the rows of a rule. The first row whose branch fits counts.
pub fn answer(rows: &[Versions], version: &str) -> Answer {
    if crate::text::says_nothing(version.as_bytes()) || matches!(bare(version), "*" | "") {
        return Answer::Unknown;
    }
    let fits = |row: &&Versions| {
        row.branch.as_ref().is_none_or(|b| {
            let rest = bare(version).get(..b.len()).filter(|head| head.eq_ignore_ascii_case(b));
            // `12.1` is no branch of `12.10`.
            rest.is_some() && !bare(version).get(b.len()..).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()))
        })
    };
    let Some(row) = rows.iter().find(fits) else { return Answer::Unknown };
    let than = |bound: &Option<String>| bound.as_deref().map(|b| compare(row.scheme, version, b));
    if row.only.iter().any(|v| compare(row.scheme, version, v) == Some(Ordering::Equal)) {
        return Answer::Inside;
    }
    within(than(&row.introduced), than(&row.seen_from), than(&row.seen_until), than(&row.removed))
}

/// Where a day of release stands in a period.
pub fn released(period: &Period, day: Date) -> Answer {
    let than = |bound: &Option<super::format::Day>| bound.map(|b| Some(day.cmp(&b.0)));
    within(than(&period.introduced), than(&period.seen_from), than(&period.seen_until), than(&period.removed))
}

/// What a bound says of a version: nothing without one; nothing certain when it cannot be compared.
type Than = Option<Option<Ordering>>;

fn within(introduced: Than, seen_from: Than, seen_until: Than, removed: Than) -> Answer {
    let is = |than: Than, wanted: &[Ordering]| matches!(than, Some(Some(o)) if wanted.contains(&o));
    if is(introduced, &[Ordering::Less]) || is(removed, &[Ordering::Equal, Ordering::Greater]) {
        return Answer::Outside;
    }
    let from = [Ordering::Equal, Ordering::Greater];
    let above = is(introduced, &from) || is(seen_from, &from);
    let below = is(removed, &[Ordering::Less]) || is(seen_until, &[Ordering::Less, Ordering::Equal]);
    if above && below { Answer::Inside } else { Answer::Unknown }
}

/// A version without the words before it: `v1.2`, `version 1.2`, `Junos 12.1` keep their number.
fn bare(version: &str) -> &str {
    let version = version.trim();
    match version.find(|c: char| c.is_ascii_digit()) {
        Some(at) if version.get(..at).is_some_and(|w| w.chars().all(|c| c.is_ascii_alphabetic() || c == ' ')) => {
            version.get(at..).unwrap_or(version)
        }
        _ => version,
    }
}

fn semver(text: &str) -> Option<semver::Version> {
    if let Ok(version) = semver::Version::parse(text) {
        return Some(version);
    }
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (core, rest) = text.split_at(end);
    let missing = 3_usize.checked_sub(core.split('.').count())?;
    semver::Version::parse(&format!("{core}{}{rest}", ".0".repeat(missing))).ok()
}

fn dotted(a: &str, b: &str) -> Option<Ordering> {
    const BETWEEN: [char; 4] = ['.', '-', '_', '+'];
    let (mut a, mut b) = (a.split(BETWEEN), b.split(BETWEEN));
    loop {
        let (one, other) = match (a.next(), b.next()) {
            (None, None) => return Some(Ordering::Equal),
            (one, other) => (one.unwrap_or("0"), other.unwrap_or("0")),
        };
        match one.parse::<u64>().ok()?.cmp(&other.parse::<u64>().ok()?) {
            Ordering::Equal => {}
            decided => return Some(decided),
        }
    }
}

/// Major, minor, letter, and the numbers after it: `12.3X48-D10.2` is 12, 3, X, [48, 10, 2].
fn junos_parts(text: &str) -> Option<(u64, u64, Option<char>, Vec<u64>)> {
    let (major, rest) = text.split_once('.')?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (minor, rest) = rest.split_at(end);
    let letter = rest.chars().next().map(|c| c.to_ascii_uppercase());
    if letter.is_some_and(|c| !matches!(c, 'R' | 'X' | 'S' | 'F' | 'B' | 'I')) {
        return None;
    }
    let numbers = rest.get(1..).unwrap_or_default().split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
    let numbers: Option<Vec<u64>> = numbers.map(|n| n.parse().ok()).collect();
    Some((major.parse().ok()?, minor.parse().ok()?, letter, numbers?))
}

fn junos(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (junos_parts(a)?, junos_parts(b)?);
    match (a.0, a.1).cmp(&(b.0, b.1)) {
        Ordering::Equal => {}
        decided => return Some(decided),
    }
    match (a.2, b.2) {
        (None, None) => Some(Ordering::Equal),
        // The number alone stands for all its releases: not before the first of them.
        (Some(_), None) => Some(Ordering::Greater),
        (None, Some(_)) => None,
        (Some(x), Some(y)) => (x == y).then(|| a.3.cmp(&b.3)),
    }
}

fn date_parts(text: &str) -> Option<Vec<u64>> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '.' | '_' | '/'))).unwrap_or(text.len());
    let text = text.get(..end)?;
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = if text.len() == 8 && digits(text) {
        vec![text.get(..4)?, text.get(4..6)?, text.get(6..)?]
    } else {
        text.split(['-', '.', '_', '/']).take(3).collect()
    };
    let numbers: Option<Vec<u64>> = parts.iter().map(|p| p.parse().ok()).collect();
    numbers.filter(|n| matches!(n.as_slice(), [1980..=2200, rest @ ..] if rest.iter().all(|x| (1..=31).contains(x))))
}

fn dates(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (date_parts(a)?, date_parts(b)?);
    let shared = a.len().min(b.len());
    match a.get(..shared)?.cmp(b.get(..shared)?) {
        // `2015` may be before or after a day in it.
        Ordering::Equal if a.len() != b.len() => None,
        order => Some(order),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(scheme: Scheme, a: &str, b: &str) -> Option<Ordering> {
        let forward = compare(scheme, a, b);
        let backward = compare(scheme, b, a);
        // What is said one way is not contradicted the other way.
        if let (Some(f), Some(b)) = (forward, backward) {
            assert_eq!(f, b.reverse());
        }
        forward
    }

    #[test]
    fn schemes_order_their_versions() {
        use Ordering::{Equal, Greater, Less};
        use Scheme::{Date, Dotted, Junos, Opaque, Semver};
        for (scheme, a, b, expected) in [
            (Semver, "1.2.3-rc.1", "1.2.3", Some(Less)),
            (Semver, "v1.10", "1.9.9", Some(Greater)),
            (Semver, "1", "1.0.0", Some(Equal)),
            (Semver, "latest", "1.0.0", None),
            (Dotted, "8.0.4-312", "8.0.4-313", Some(Less)),
            (Dotted, "5.10", "5.9.9.9", Some(Greater)),
            (Dotted, "5.8.1r2", "5.9", Some(Less)),
            (Dotted, "5.8.1r2", "5.8.1", None),
            (Dotted, "2.0", "2", Some(Equal)),
            (Junos, "12.3X48-D10", "15.1X49-D10", Some(Less)),
            (Junos, "15.1X49-D10", "17.3R1", Some(Less)),
            (Junos, "15.1X49-D10", "15.1X49-D9", Some(Greater)),
            (Junos, "17.3R1-S2", "17.3R1", Some(Greater)),
            (Junos, "15.1R7", "15.1X49-D10", None),
            (Junos, "Junos 12.1X46-D20", "12.1X46-D20", Some(Equal)),
            (Junos, "9.5R1.8", "9.5", Some(Greater)),
            (Date, "2015-02-16", "20151019", Some(Less)),
            (Date, "2015.02", "2015-02-16", None),
            (Date, "2015", "2016-01-01T10:00:00Z", Some(Less)),
            (Date, "12.1", "2015", None),
            (Opaque, "R2", "r2", Some(Equal)),
            (Opaque, "R2", "R3", None),
        ] {
            assert_eq!(order(scheme, a, b), expected, "{scheme:?} {a} {b}");
        }
    }

    #[test]
    fn bounds_give_three_answers() {
        let text = |t: &str| Some(t.to_owned());
        let branch = Versions {
            scheme: Scheme::Junos,
            branch: text("15.1X49"),
            introduced: text("15.1X49-D1"),
            removed: text("15.1X49-D10"),
            ..Versions::default()
        };
        let all =
            Versions { scheme: Scheme::Junos, introduced: text("9.5"), removed: text("17.3R1"), ..Versions::default() };
        let rows = [branch, all];
        for (version, expected) in [
            ("12.3X48-D10", Answer::Inside),
            ("9.4R1", Answer::Outside),
            ("15.1X49-D100", Answer::Outside),
            ("15.1X49-D5", Answer::Inside),
            ("17.3R1", Answer::Outside),
            ("21.4R3-S5.4", Answer::Outside),
            ("NOASSERTION", Answer::Unknown),
            ("*", Answer::Unknown),
            ("evo", Answer::Unknown),
        ] {
            assert_eq!(answer(&rows, version), expected, "{version}");
        }
        let seen = Versions {
            scheme: Scheme::Dotted,
            seen_from: text("2.2"),
            seen_until: text("12.5"),
            only: vec!["14.0".to_owned()],
            ..Versions::default()
        };
        for (version, expected) in
            [("2.1", Answer::Unknown), ("5", Answer::Inside), ("13", Answer::Unknown), ("14.0", Answer::Inside)]
        {
            assert_eq!(answer(std::slice::from_ref(&seen), version), expected, "{version}");
        }
        assert_eq!(answer(&[], "1"), Answer::Unknown);
    }
}
