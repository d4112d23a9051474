//! The ways from the product to a component, as an inline drawing.
//!
//! One lane for each way, one row for each step; what several ways share at one depth is drawn once. The component
//! stands at the end of the first lane. Everything a drawing says is said in words beside it.

use crate::renderers::escape::Html;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const WIDTH: usize = 236;
const HEIGHT: usize = 34;
const ACROSS: usize = 24;
const DOWN: usize = 26;
/// Characters of a label; a wide one counts twice.
const LABEL: usize = 28;
/// Rows at the beginning and end of a long way; between them stands how many steps are left out.
const ENDS: usize = 6;

/// A step of a way.
pub struct Step<'r> {
    /// The component's reference, or its name when it has none.
    pub reference: &'r str,
    /// What to call it.
    pub label: &'r str,
}

/// How many ways are drawn; a report read from a file could have any number.
const WAYS: usize = 8;

/// One box.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cell<'s> {
    /// Reference and label of a step.
    Step(&'s str, &'s str),
    /// Steps left out.
    Gap(usize),
}

/// Draws ways; `None` when there is nothing between product and component. `number` makes ids unique.
pub fn draw(paths: &[Vec<Step<'_>>], number: usize) -> Option<String> {
    let lanes: Vec<Vec<Cell<'_>>> = paths.iter().filter(|p| p.len() > 1).take(WAYS).map(|p| shortened(p)).collect();
    let rows = lanes.iter().map(Vec::len).max()?;
    // The first lane that holds a cell at a row gives it its place.
    let mut places: BTreeMap<(usize, &Cell<'_>), usize> = BTreeMap::new();
    let row = |lane: &[Cell<'_>], at: usize| if at + 1 == lane.len() { rows - 1 } else { at };
    for (column, lane) in lanes.iter().enumerate() {
        for (at, cell) in lane.iter().enumerate() {
            let last = at + 1 == lane.len();
            places.entry((row(lane, at), cell)).or_insert(if last { 0 } else { column });
        }
    }
    let columns = places.values().max().map_or(1, |c| c + 1);
    let (width, height) = (columns * (WIDTH + ACROSS) - ACROSS + 4, rows * (HEIGHT + DOWN) - DOWN + 4);
    let mut out = String::new();
    let label = Html::text(&sentence(paths));
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"w{number}t w{number}d\" \
         width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\"><title id=\"w{number}t\">{label}</title>\
         <desc id=\"w{number}d\">The steps stand in words below.</desc>"
    );
    let mut edges = BTreeSet::new();
    for lane in &lanes {
        for (at, pair) in lane.windows(2).enumerate() {
            let [from, to] = pair else { continue };
            let spot = |at: usize, cell| (places.get(&(row(lane, at), cell)).copied().unwrap_or(0), row(lane, at));
            edges.insert((spot(at, from), spot(at + 1, to)));
        }
    }
    for (from, to) in edges {
        edge(&mut out, from, to);
    }
    for ((row, cell), column) in &places {
        boxed(&mut out, cell, *column, *row, *row + 1 == rows);
    }
    out.push_str("</svg>");
    Some(out)
}

fn sentence(paths: &[Vec<Step<'_>>]) -> String {
    let end = |step: Option<&Step<'_>>| step.map_or(String::new(), |s| fit(s.label, 60));
    let first = paths.iter().find(|p| p.len() > 1);
    let (from, to) = (end(first.and_then(|p| p.first())), end(first.and_then(|p| p.last())));
    match paths.iter().filter(|p| p.len() > 1).count() {
        1 => format!("How {from} comes to {to}"),
        n => format!("{n} ways in which {from} comes to {to}"),
    }
}

fn shortened<'s>(path: &[Step<'s>]) -> Vec<Cell<'s>> {
    fn step<'s>(step: &Step<'s>) -> Cell<'s> {
        Cell::Step(step.reference, step.label)
    }
    if path.len() <= 2 * ENDS + 1 {
        return path.iter().map(step).collect();
    }
    let out = path.len() - 2 * ENDS;
    let head = path.iter().take(ENDS).map(step);
    head.chain([Cell::Gap(out)]).chain(path.iter().skip(path.len() - ENDS).map(step)).collect()
}

fn left(column: usize) -> usize {
    2 + column * (WIDTH + ACROSS)
}

fn top(row: usize) -> usize {
    2 + row * (HEIGHT + DOWN)
}

/// Straight down, or down its own lane and over to the other just above the end: a lane is free below its last box.
fn edge(out: &mut String, from: (usize, usize), to: (usize, usize)) {
    let (x, y) = (left(from.0) + WIDTH / 2, top(from.1) + HEIGHT);
    let (to_x, to_y) = (left(to.0) + WIDTH / 2, top(to.1) - 1);
    // Into a new lane over right below the beginning.
    let turn = if to.0 > from.0 { y + DOWN / 2 } else { to_y - DOWN / 2 };
    let _ = write!(
        out,
        "<path class=\"edge\" d=\"M{x} {y}V{turn}H{to_x}V{}\"/><path class=\"tip\" d=\"M{to_x} {to_y}l-4 -7h8z\"/>",
        to_y - 6
    );
}

fn boxed(out: &mut String, cell: &Cell<'_>, column: usize, row: usize, last: bool) {
    let (x, y) = (left(column), top(row));
    let (class, label) = match cell {
        Cell::Gap(steps) => ("gap", format!("{steps} more steps")),
        Cell::Step(_, label) if last => ("end", fit(label, LABEL)),
        Cell::Step(_, label) => ("step", fit(label, LABEL)),
    };
    let _ = write!(
        out,
        "<g class=\"{class}\"><rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"3\"/>\
         <text x=\"{}\" y=\"{}\">{}</text></g>",
        x + WIDTH / 2,
        y + 21,
        Html::text(&label)
    );
}

/// A text cut to what a box holds, counted as it will be shown: what acts is written out, and a wide character counts twice.
fn fit(text: &str, most: usize) -> String {
    let mut room = most;
    let mut out = String::new();
    for c in text.chars() {
        let takes = Html::length(c) * if c >= '\u{1100}' { 2 } else { 1 };
        if takes >= room {
            out.push('…');
            break;
        }
        room -= takes;
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(steps: &str) -> Vec<Step<'_>> {
        steps.split(' ').map(|s| Step { reference: s, label: s }).collect()
    }

    #[test]
    fn what_ways_share_is_drawn_once() {
        let svg = draw(&[path("p a x"), path("p b c x")], 7).unwrap_or_default();
        assert_eq!(svg.matches("<rect").count(), 5, "{svg}");
        assert_eq!(svg.matches("class=\"edge\"").count(), 5, "{svg}");
        assert!(svg.contains("<title id=\"w7t\">2 ways in which p comes to x</title>"), "{svg}");
    }

    #[test]
    fn a_way_of_any_length_and_name_fits() {
        let wide = "字".repeat(10_000);
        let long: Vec<String> = (0..50).map(|n| format!("<b>{n}\u{202E}{wide}")).collect();
        let long = long.join(" ");
        let svg = draw(&[path(&long)], 1).unwrap_or_default();
        assert_eq!(svg.matches("<rect").count(), 13);
        assert!(svg.len() < 8_000 && svg.contains("38 more steps"), "{}", svg.len());
        assert!(!svg.contains("<b>") && !svg.contains('\u{202E}'));
        assert!(draw(&[path("x")], 1).is_none() && draw(&[], 1).is_none());
    }
}
