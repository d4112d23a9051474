//! Where links and service addresses lead.

use super::Look;
use super::evidence::{Applies, Evidence, EvidenceKind, Group, Relation};
use crate::model::COMMIT_LINK;
use crate::rules::format::{HostUse, Strength};
use crate::rules::{Owner, RuleSet};

/// Link types that mention and do not supply.
const MENTIONS: &[&str] = &[
    "attestation",
    "certification-report",
    "codified-infrastructure",
    "dynamic-analysis-report",
    "maturity-report",
    "pentest-report",
    "quality-metrics",
    "risk-assessment",
    "runtime-analysis-report",
    "static-analysis-report",
    "vulnerability-analysis",
    "advisories",
    "advisory",
    "vulnerability-assertion",
    "exploitability-statement",
    "threat-model",
    "adversary-model",
    "issue-tracker",
    "social",
    "chat",
    "mailing-list",
    "other",
    "fix",
    "vex",
    "securityadvisory",
    "securityother",
    "securityfix",
    "securityadversarymodel",
    "securitythreatmodel",
    "vulnerabilitydisclosurereport",
    "vulnerabilityexploitabilityassessment",
    "socialmedia",
    "issuetracker",
    "mailinglist",
];

/// Looks at links and endpoints.
pub fn look(look: &Look<'_>, out: &mut Vec<Evidence>) {
    let component = look.component;
    let links = component.references.iter().filter(|r| !MENTIONS.contains(&r.kind.as_str()));
    let links = links.map(|r| (EvidenceKind::Reference, &r.url, r.kind == COMMIT_LINK));
    let endpoints = component.endpoints.iter().map(|e| (EvidenceKind::Endpoint, e, false));
    for (kind, url, derived) in links.chain(endpoints) {
        let Some((owner, strength, used_for)) = host_of(look.rules, &url.text) else { continue };
        let relation = if derived {
            Relation::DerivedFrom
        } else if used_for == HostUse::Service {
            Relation::Embeds
        } else {
            Relation::SuppliedBy
        };
        out.push(Evidence {
            kind,
            owner: owner.clone(),
            found: url.text.clone(),
            at: url.at.clone(),
            strength,
            relation,
            group: Group::Link,
            applies: Applies::Yes,
        });
    }
}

/// What an address says: its host, or on a code host the account. Research sites say nothing.
pub fn host_of<'r>(rules: &'r RuleSet, url: &str) -> Option<(&'r Owner, Strength, HostUse)> {
    let (host, path) = parts(url);
    if let Some((owner, domain)) = rules.host(&host) {
        let counts = domain.used_for != HostUse::Research && domain.strength > Strength::Context;
        return counts.then_some((owner, domain.strength, domain.used_for));
    }
    let kind = match host.trim_start_matches("www.") {
        "github.com" | "raw.githubusercontent.com" | "codeload.github.com" => "github",
        "gitlab.com" => "gitlab",
        "bitbucket.org" => "bitbucket",
        _ => return None,
    };
    let mut steps = path.split('/').filter(|s| !s.is_empty());
    let (account, name) = (steps.next()?, steps.next().unwrap_or_default());
    let (owner, strength) = rules.purl(kind, account, name.trim_end_matches(".git")).into_iter().next()?;
    Some((owner, strength.min(Strength::Medium), HostUse::Corporate))
}

/// Host and path of a link, also of `git+https://…@…`, `git@host:path` and bare hosts.
fn parts(url: &str) -> (String, String) {
    let url = percent_encoding::percent_decode_str(url.trim()).decode_utf8_lossy();
    let rest = url.split_once("://").map_or(url.trim_start_matches("//"), |(_, rest)| rest);
    let (authority, path) = match rest.find(['/', '?', '#']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let (host, scp) = host.split_once(':').unwrap_or((host, ""));
    let scp = if scp.chars().all(|c| c.is_ascii_digit()) { "" } else { scp };
    (host.to_lowercase(), format!("/{scp}{path}"))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn hosts_are_found_in_all_shapes() {
        let two = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(parts("https://user@Host.example:8443/a?b"), two("host.example", "//a?b"));
        assert_eq!(parts("git+https://host.example/a/b.git@v1"), two("host.example", "//a/b.git@v1"));
        assert_eq!(parts("git@host.example:a/b.git"), two("host.example", "/a/b.git"));
        assert_eq!(parts("host.example"), two("host.example", "/"));
        assert_eq!(parts("https://a%2Eexample/x"), two("a.example", "//x"));
    }
}
