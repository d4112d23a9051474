//! The pages on commands and on the configuration are made from the arguments and the schema, and as fresh as those.
//! `UNLABEL_UPDATE=1 cargo test documents` writes them again.

use crate::documents::{PAGES, check, with_part};
use crate::support::unlabel;
use clap::{Arg, Command};
use serde_json::Value;
use std::fmt::Write as _;
use unlabel::cli;

#[test]
fn the_page_of_commands_is_fresh() {
    let _page = PAGES.lock();
    let mut program = cli::command().disable_help_subcommand(true);
    program.build();
    let mut made = String::new();
    tell(&program, "unlabel", 3, true, &mut made);
    check("docs/command-line.md", &with_part("docs/command-line.md", "commands", &made));
}

#[test]
fn the_table_of_environment_variables_is_fresh() {
    let _page = PAGES.lock();
    let mut rows = std::collections::BTreeMap::new();
    variables(&cli::command(), &mut rows);
    assert!(rows.len() > 15, "{rows:?}");
    let mut made = "| variable | stands for |\n|---|---|\n".to_owned();
    rows.iter().for_each(|(name, flag)| writeln!(made, "| `{name}` | `{flag}` |").unwrap());
    check("docs/command-line.md", &with_part("docs/command-line.md", "variables", &made));
}

#[test]
fn the_table_of_keys_is_fresh() {
    let _page = PAGES.lock();
    let schema = unlabel().args(["schema", "config"]).output().unwrap().stdout;
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    for (mark, place) in [("keys", "/properties"), ("keys of waivers", "/$defs/Table/properties")] {
        let mut made = "| key | value | meaning |\n|---|---|---|\n".to_owned();
        for (key, about) in schema.pointer(place).unwrap().as_object().unwrap() {
            let words = about["description"].as_str().unwrap_or_else(|| panic!("{key} has no description"));
            writeln!(made, "| `{key}` | {} | {} |", value(about), one_line(words)).unwrap();
        }
        check("docs/configuration.md", &with_part("docs/configuration.md", mark, &made));
    }
}

/// What may stand behind a key.
fn value(about: &Value) -> String {
    let kind = match &about["type"] {
        Value::String(kind) => kind.as_str(),
        Value::Array(kinds) => kinds[0].as_str().unwrap(),
        _ => "date",
    };
    let words = |list: &Value| match list.as_array() {
        Some(list) => list.iter().map(|w| format!("`{}`", w.as_str().unwrap())).collect::<Vec<_>>().join(", "),
        None => String::new(),
    };
    match (kind, words(&about["enum"]), words(&about["items"]["enum"])) {
        ("array", _, items) if items.is_empty() => "list".to_owned(),
        ("array", _, items) => format!("list of {items}"),
        ("string", words, _) if words.is_empty() => "text".to_owned(),
        ("string", words, _) => words,
        ("integer", ..) => "number".to_owned(),
        ("boolean", ..) => "`true`, `false`".to_owned(),
        (other, ..) => other.to_owned(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|").replace('<', "\\<")
}

fn variables(command: &Command, rows: &mut std::collections::BTreeMap<String, String>) {
    for argument in command.get_arguments() {
        if let Some(name) = argument.get_env() {
            rows.insert(name.to_string_lossy().into_owned(), format!("--{}", argument.get_long().unwrap()));
        }
    }
    command.get_subcommands().for_each(|one| variables(one, rows));
}

/// One command: what it is for, its arguments, and what its help says at the end; then those below it.
fn tell(command: &Command, called: &str, depth: usize, first: bool, out: &mut String) {
    let about = command.get_about().map(ToString::to_string).unwrap();
    writeln!(out, "{} {called}\n\n{}.\n", "#".repeat(depth), about.trim_end_matches('.')).unwrap();
    let usage = command.clone().render_usage().to_string();
    writeln!(out, "```text\n{}\n```\n", usage.trim_start_matches("Usage: ").trim()).unwrap();
    let shown = |argument: &&Arg| {
        let of_program = argument.is_global_set() && argument.get_help_heading() == Some("Messages and color");
        let usual = ["help", "version"].contains(&argument.get_id().as_str());
        !argument.is_hide_set() && !usual && (first || !of_program)
    };
    let arguments: Vec<&Arg> = command.get_arguments().filter(shown).collect();
    let inherited = called.split(' ').count() > 2;
    let arguments: Vec<&Arg> = arguments.into_iter().filter(|a| !(inherited && a.is_global_set())).collect();
    if !arguments.is_empty() {
        writeln!(out, "| argument | meaning | variable |\n|---|---|---|").unwrap();
        arguments.iter().for_each(|argument| row(argument, out));
        out.push('\n');
    }
    let after = command.get_after_long_help().or(command.get_after_help());
    after.iter().for_each(|after| ending(&after.to_string(), out));
    for one in command.get_subcommands().filter(|one| !one.is_hide_set()) {
        tell(one, &format!("{called} {}", one.get_name()), if first { depth } else { depth + 1 }, false, out);
    }
}

fn row(argument: &Arg, out: &mut String) {
    let values = argument.get_value_names().map(|names| names.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(" "));
    let takes = argument.get_action().takes_values();
    let optional = argument.get_num_args().is_some_and(|n| n.min_values() == 0);
    let value = values.filter(|_| takes).map_or(String::new(), |value| match optional {
        true if !argument.is_positional() => format!("[={value}]"),
        _ => format!(" {value}"),
    });
    let name = match (argument.get_short(), argument.get_long()) {
        (Some(short), Some(long)) => format!("`-{short}`, `--{long}{value}`"),
        (None, Some(long)) => format!("`--{long}{value}`"),
        _ => format!("`{}`", value.trim()),
    };
    let mut help = one_line(&argument.get_help().unwrap_or_else(|| panic!("{name} has no help")).to_string());
    let words: Vec<String> = argument
        .get_possible_values()
        .iter()
        .map(|v| format!("`{}`", v.get_name()))
        .filter(|_| takes && !argument.is_hide_possible_values_set())
        .collect();
    if !words.is_empty() {
        write!(help, ": {}", words.join(", ")).unwrap();
    }
    let default: Vec<String> = argument.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
    if !argument.is_hide_default_value_set() && takes && !default.is_empty() {
        write!(help, " [default: {}]", default.join(" ")).unwrap();
    }
    let variable = argument.get_env().map_or(String::new(), |name| format!("`{}`", name.to_string_lossy()));
    writeln!(out, "| {name} | {help} | {variable} |").unwrap();
}

/// Examples as a block to be run, exit statuses as a list, and the rest as it is.
fn ending(text: &str, out: &mut String) {
    for part in text.split("\n\n") {
        let body = |head: &str| {
            let lines = part.strip_prefix(head)?.trim_matches('\n').lines();
            Some(lines.map(|line| line.strip_prefix("  ").unwrap_or(line)).collect::<Vec<_>>())
        };
        if let Some(lines) = body("Examples:") {
            writeln!(out, "```sh\n{}\n```\n", lines.join("\n")).unwrap();
        } else if part.starts_with("Exit status") {
            writeln!(out, "Exit status:").unwrap();
            for line in part.lines().skip(1) {
                match line.trim().split_once("  ") {
                    Some((status, meaning)) if status.parse::<u8>().is_ok() => write!(out, "\n- {status}: {meaning}"),
                    _ if line.starts_with("     ") => write!(out, " {}", line.trim()),
                    _ => write!(out, "\n\n{}", line.trim()),
                }
                .unwrap();
            }
            out.push_str("\n\n");
        } else {
            writeln!(out, "{}\n", one_line(part)).unwrap();
        }
    }
}
