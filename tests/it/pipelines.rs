//! What build servers run, run here: the shell of each integration, with the program of this build, and nothing from a
//! network. Schemas and linters are asked by `.ci/pipelines`.
#![cfg(unix)]

use crate::support::{fixture, root};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const FOUND: &str = "real/mail-gateway.cdx.json";
const CLEAN: &str = "clean/cdx14-hbom-bom.json";
const EMPTY: &str = "bad/no-components.json";

fn program() -> PathBuf {
    assert_cmd::cargo::cargo_bin("unlabel")
}

fn path(of: &str) -> String {
    fixture(of).to_string_lossy().into_owned()
}

fn source(of: &str) -> String {
    fs::read_to_string(root().join(of)).unwrap_or_else(|e| panic!("{of}: {e}"))
}

/// A job on a build server: a folder to work in, one for temporary files, and programs of its own in front of the others.
struct Job {
    folder: TempDir,
    environment: BTreeMap<String, String>,
}

/// How a job ended, and what it left for the server.
struct Ended {
    status: i32,
    log: String,
    outputs: BTreeMap<String, String>,
    summary: String,
}

impl Job {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for name in ["work", "temp", "bin"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let job = Self { folder, environment: BTreeMap::new() };
        let path = format!("{}:{}", job.at("bin").display(), std::env::var("PATH").unwrap());
        job.with("PATH", &path)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// A program that is found before any other of its name.
    fn has(self, name: &str, script: &str) -> Self {
        let at = self.at("bin").join(name);
        fs::write(&at, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&at, fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    /// The program of this build under its own name.
    fn has_unlabel(self) -> Self {
        std::os::unix::fs::symlink(program(), self.at("bin/unlabel")).unwrap();
        self
    }

    fn run(&self, shell: &str, arguments: &[&str]) -> Ended {
        for name in ["outputs", "summary"] {
            fs::write(self.at(name), "").unwrap();
        }
        let ran = Command::new(shell)
            .args(arguments)
            .current_dir(self.at("work"))
            .env_remove("CARGO_TARGET_DIR")
            .env("RUNNER_TEMP", self.at("temp"))
            .env("AGENT_TEMPDIRECTORY", self.at("temp"))
            .env("GITHUB_OUTPUT", self.at("outputs"))
            .env("GITHUB_STEP_SUMMARY", self.at("summary"))
            .env("GITHUB_ACTION_PATH", root())
            .env("GITHUB_SERVER_URL", "https://example.invalid")
            .envs(&self.environment)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let outputs = fs::read_to_string(self.at("outputs")).unwrap();
        Ended {
            status: ran.status.code().unwrap(),
            log: format!("{}{}", String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap()),
            outputs: outputs
                .lines()
                .map(|line| line.split_once('=').unwrap_or_else(|| panic!("no output: {line}")))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            summary: fs::read_to_string(self.at("summary")).unwrap(),
        }
    }

    fn script(&self, name: &str) -> Ended {
        self.run("bash", &[root().join(name).to_str().unwrap()])
    }

    fn scan(paths: &str) -> Self {
        Self::new().with("UNLABEL", program().to_str().unwrap()).with("INPUT_PATHS", paths)
    }

    fn github(&self) -> Ended {
        self.script("integrations/github/scan.sh")
    }
}

/// The lines that stand further in than the line that ends with `marker`, without that indent.
fn block(of: &str, marker: &str) -> String {
    let text = source(of);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().skip_while(|line| !line.ends_with(marker));
    let outer = indent(lines.next().unwrap_or_else(|| panic!("{of} has no {marker}")));
    let inner: Vec<&str> = lines.take_while(|line| line.trim().is_empty() || indent(line) > outer).collect();
    let depth = inner.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(line)).min().unwrap();
    inner.iter().map(|line| format!("{}\n", line.get(depth..).unwrap_or_default())).collect()
}

#[test]
fn the_action_ends_with_the_status_of_the_scan_and_says_what_came_out() {
    for (of, more, status, word, level) in [
        (FOUND, ("INPUT_ROLE", "integrator"), 1, "found", "prohibited"),
        (FOUND, ("INPUT_FAIL_ON", "prohibited"), 1, "found", "prohibited"),
        (FOUND, ("INPUT_AS_OF", "2020-01-01"), 0, "passed", "advisory"),
        (CLEAN, ("INPUT_MARKET", "us,de"), 0, "passed", "no-evidence"),
        (EMPTY, ("INPUT_FACTS", "us-person\nfederal"), 3, "incomplete", "no-evidence"),
        (EMPTY, ("INPUT_ALLOW_INCOMPLETE", "true"), 0, "passed", "no-evidence"),
    ] {
        let job = Job::scan(&path(of)).with(more.0, more.1).with("INPUT_SARIF_FILE", "a report.sarif");
        let ended = job.github();
        assert_eq!(ended.status, status, "{of} {more:?}: {}", ended.log);
        assert_eq!(ended.outputs["status"], word, "{of} {more:?}");
        assert_eq!(ended.outputs["exit-status"], status.to_string());
        assert_eq!(ended.outputs["level"], level, "{of} {more:?}");
        let report: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(&ended.outputs["json-file"]).unwrap()).unwrap();
        for figure in ["findings", "questions", "unread"] {
            assert_eq!(ended.outputs[figure], report["summary"][figure].to_string(), "{figure}");
        }
        assert_eq!(
            ended.outputs["sarif-file"],
            job.at("work").canonicalize().unwrap().join("a report.sarif").to_str().unwrap()
        );
        assert!(job.at("work/a report.sarif").is_file() && !ended.outputs.contains_key("html-file"));
        assert!(ended.log.contains("::notice title=unlabel::"), "{}", ended.log);
        assert_eq!(ended.log.contains("::error file="), status == 1, "{}", ended.log);
        assert!(ended.summary.contains(level) && ended.summary.contains("not legal advice"), "{}", ended.summary);
    }
}

#[test]
fn what_goes_wrong_in_the_action_never_looks_like_nothing_found() {
    let job = Job::scan("no-such.json").github();
    assert_eq!((job.status, job.outputs["status"].as_str()), (2, "failed"), "{}", job.log);
    for (name, value) in [
        ("INPUT_ROLE", "nobody"),
        ("INPUT_ROLE", "end-user\nstatus=passed"),
        ("INPUT_JSON_FILE", "report.json\nstatus=passed"),
        ("INPUT_SUMMARY", "yes"),
        ("INPUT_PATHS", " \n"),
        ("INPUT_PATHS", ""),
        ("INPUT_PATHS", "-"),
    ] {
        let ended = Job::scan(&path(CLEAN)).with(name, value).github();
        assert_eq!((ended.status, ended.outputs["status"].as_str()), (2, "failed"), "{name} {value}: {}", ended.log);
    }
    // A program that says nothing, with a report of an earlier run in its place.
    for program in ["true", "false"] {
        let job = Job::scan(&path(CLEAN)).with("UNLABEL", program).with("INPUT_JSON_FILE", "report.json");
        fs::write(job.at("work/report.json"), "{\n  \"summary\": {\n    \"exit_status\": 0\n  }\n}\n").unwrap();
        let ended = job.github();
        assert_eq!((ended.status, ended.outputs["status"].as_str()), (2, "failed"), "{program}: {}", ended.log);
    }
}

#[test]
fn inputs_are_values_and_never_commands() {
    let name = "it's $(touch pwned) `touch pwned`; touch pwned & \"x\" *.json";
    let job = Job::scan(&format!("{name}\r\n\n--help\n"));
    for to in [name, "--help"] {
        fs::copy(fixture(FOUND), job.at("work").join(to)).unwrap();
    }
    let ended = job.github();
    assert_eq!((ended.status, ended.outputs["findings"].as_str()), (1, "2"), "{}", ended.log);
    let ended =
        Job::scan(&path(CLEAN)).with("INPUT_ROLE", "$(touch pwned)").with("INPUT_HTML_FILE", "$(touch pwned).html");
    assert_eq!(ended.github().status, 2);
    assert!(!job.at("work/pwned").exists() && !ended.at("work/pwned").exists());
}

#[test]
fn a_report_can_be_the_baseline_of_the_next_and_be_replaced() {
    let job = Job::scan(&path(FOUND)).with("INPUT_JSON_FILE", "report.json");
    assert_eq!(job.github().status, 1);
    let ended = job.with("INPUT_BASELINE", "report.json").github();
    assert_eq!((ended.status, ended.outputs["findings"].as_str()), (0, "1"), "{}", ended.log);
}

#[test]
fn the_text_report_gives_the_runner_no_commands() {
    let ended = Job::scan(&path(FOUND)).with("INPUT_ANNOTATIONS", "false").with("INPUT_SUMMARY", "false").github();
    let mut lines = ended.log.lines();
    let word = lines.next().unwrap().strip_prefix("::stop-commands::").unwrap();
    assert!(word.len() == 32 && lines.next().unwrap().starts_with("PROHIBITED"), "{}", ended.log);
    assert_eq!(lines.next_back().unwrap(), format!("::{word}::"));
    assert!(ended.summary.is_empty());
}

/// A release in a folder: an archive for Linux on x86-64, and its sum. A `curl` in front of the others takes files from there.
fn release(job: Job, sum: Option<&str>) -> Job {
    let name = "unlabel-9.9.9-x86_64-unknown-linux-musl";
    let folder = job.at("release/v9.9.9");
    fs::create_dir_all(folder.join(name)).unwrap();
    fs::write(folder.join(name).join("unlabel"), "#!/bin/sh\necho the released one\n").unwrap();
    fs::set_permissions(folder.join(name).join("unlabel"), fs::Permissions::from_mode(0o755)).unwrap();
    let packed =
        Command::new("tar").args(["-czf", &format!("{name}.tar.gz"), name]).current_dir(&folder).status().unwrap();
    assert!(packed.success());
    let right = {
        use sha2::{Digest as _, Sha256};
        Sha256::digest(fs::read(folder.join(format!("{name}.tar.gz"))).unwrap())
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect::<String>()
    };
    let sum = sum.map_or(right, str::to_owned);
    fs::write(folder.join("SHA256SUMS"), format!("{}  other.tar.gz\n{sum}  {name}.tar.gz\n", "0".repeat(64))).unwrap();
    let here = job.at("release").display().to_string();
    let curl = format!(
        "while [ $# -gt 1 ]; do [ \"$1\" != --output ] || out=$2; shift; done\n\
         case $1 in https://example.invalid/owner/name/releases/download/*) ;; *) exit 7 ;; esac\n\
         from={here}/${{1#*/download/}}; [ -f \"$from\" ] || exit 22; cp \"$from\" \"$out\""
    );
    job.has("curl", &curl)
        .with("ACTION_REPOSITORY", "owner/name")
        .with("RUNNER_OS", "Linux")
        .with("RUNNER_ARCH", "X64")
        .with("INPUT_VERSION", "9.9.9")
        // What builds puts down what it was asked, and a program.
        .has(
            "cargo",
            "printf '%s\\n' \"cargo $*\"; while [ \"$1\" != --root ]; do shift; done; mkdir -p \"$2/bin\"\n\
             printf '#!/bin/sh\\necho the built one\\n' > \"$2/bin/unlabel\"; chmod +x \"$2/bin/unlabel\"",
        )
}

fn install(job: &Job) -> Ended {
    job.script("integrations/github/install.sh")
}

#[test]
fn the_action_runs_what_has_the_sum_of_the_release() {
    let job = release(Job::new(), None);
    let ended = install(&job);
    assert_eq!(ended.status, 0, "{}", ended.log);
    assert!(ended.log.contains("the released one") && ended.log.contains("as in SHA256SUMS"), "{}", ended.log);
    assert!(Path::new(&ended.outputs["program"]).is_file());
    // Where the action comes from is known from its folder as well.
    let folder = job.at("_actions/owner/name/v1");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(root().join("Cargo.toml"), folder.join("Cargo.toml")).unwrap();
    let job = release(job, None).with("ACTION_REPOSITORY", "").with("GITHUB_ACTION_PATH", folder.to_str().unwrap());
    assert!(install(&job).log.contains("the released one"));
}

#[test]
fn a_wrong_sum_is_an_end_and_no_reason_to_build() {
    for wrong in ["1".repeat(64), "not a sum".to_owned()] {
        let ended = install(&release(Job::new(), Some(&wrong)));
        assert_eq!(ended.status, 2, "{}", ended.log);
        assert!(ended.log.contains("::error title=unlabel::") && !ended.log.contains(" one\n"), "{}", ended.log);
        assert!(ended.outputs.is_empty());
    }
    // Neither is a network that is down.
    let ended = install(&release(Job::new(), None).has("curl", "echo no route >&2; exit 7"));
    assert!(ended.status == 2 && ended.log.contains("no route") && !ended.log.contains("cargo"), "{}", ended.log);
}

#[test]
fn the_provenance_is_asked_for_when_wanted() {
    for (gh, status) in [("exit 0", 0), ("exit 1", 2)] {
        let job = release(Job::new(), None).with("INPUT_VERIFY_PROVENANCE", "true");
        let ended = install(&job.has("gh", &format!("echo \"gh $*\"; {gh}")));
        assert_eq!(ended.status, status, "{}", ended.log);
        assert!(
            ended.log.contains("gh attestation verify ") && ended.log.contains("--repo owner/name"),
            "{}",
            ended.log
        );
        assert_eq!(ended.log.contains("the released one"), status == 0);
    }
}

#[test]
fn without_an_archive_the_action_builds_its_own_source() {
    let own = env!("CARGO_PKG_VERSION");
    for (name, value, asks) in [
        ("RUNNER_ARCH", "RISCV64", "--version =9.9.9"),
        ("RUNNER_OS", "macOS", "--version =9.9.9"),
        ("ACTION_REPOSITORY", "", "--version =9.9.9"),
        ("INPUT_VERSION", "v8.0.0", "--version =8.0.0"),
        ("INPUT_VERSION", "", "--path "),
        ("INPUT_VERSION", own, "--path "),
    ] {
        let ended = install(&release(Job::new(), None).with(name, value));
        assert_eq!(ended.status, 0, "{name} {value}: {}", ended.log);
        assert!(ended.log.contains("the built one") && ended.log.contains("cargo install --locked"), "{}", ended.log);
        assert!(ended.log.contains(asks), "{name} {value}: {}", ended.log);
    }
    for version in ["latest", "1.0.0/../x", "$(touch pwned)", "1.0.0\nprogram=/bin/true"] {
        let ended = install(&release(Job::new(), None).with("INPUT_VERSION", version));
        assert!(ended.status == 2 && ended.outputs.is_empty(), "{version}: {}", ended.log);
    }
    let ended = install(&Job::new().with("INPUT_PROGRAM", program().to_str().unwrap()));
    assert_eq!((ended.status, ended.outputs["program"].as_str()), (0, program().to_str().unwrap()), "{}", ended.log);
    assert_eq!(install(&Job::new().with("INPUT_PROGRAM", "no-such-program")).status, 2);
}

/// Status by input, for integrations that get paths, one a line, in a variable.
fn ends_as_it_should(run: impl Fn(&Job) -> Ended, variable: &str, role: &str, forms: &[&str]) {
    for (of, status) in [(FOUND, 1), (CLEAN, 0), (EMPTY, 3)] {
        let job = Job::new().has_unlabel().with(role, "integrator");
        fs::copy(fixture(of), job.at("work/a b * c.json")).unwrap();
        let job = job.with(variable, &format!("{}\na b * c.json", path(CLEAN)));
        let ended = run(&job);
        assert_eq!(ended.status, status, "{of}: {}", ended.log);
        for form in forms {
            let found = ["work", "temp"].iter().any(|at| job.at(at).join("unlabel-report").join(form).is_file());
            assert!(found, "{of}: {form} was not written");
        }
    }
    let ended = run(&Job::new().has_unlabel().with(variable, "no-such.json").with(role, "integrator"));
    assert_eq!(ended.status, 2, "{}", ended.log);
    let ended = run(&Job::new().has_unlabel().with(variable, &path(CLEAN)).with(role, "$(touch pwned)"));
    assert_eq!(ended.status, 2, "{}", ended.log);
}

#[test]
fn the_template_for_gitlab_runs() {
    let shell = block("integrations/gitlab/unlabel.gitlab-ci.yml", "- |");
    let run = |job: &Job| job.run("sh", &["-c", &shell]);
    let forms = ["report.json", "report.html", "junit.xml", "gl-code-quality.json"];
    ends_as_it_should(run, "UNLABEL_PATHS", "UNLABEL_ROLE", &forms);
    let template = source("integrations/gitlab/unlabel.gitlab-ci.yml");
    for report in ["junit: unlabel-report/junit.xml", "codequality: unlabel-report/gl-code-quality.json"] {
        assert!(template.contains(report), "{report}");
    }
}

#[test]
fn the_template_for_azure_runs() {
    let shell = block("integrations/azure/unlabel.azure-pipelines.yml", "- bash: |");
    let more = ["ROLE", "MARKET", "AS_OF", "FAIL_ON", "RELEASE"];
    let run = |job: &Job| {
        let mut given = job.environment.clone();
        more.iter().for_each(|name| {
            given.entry((*name).to_owned()).or_default();
        });
        let names: Vec<String> = given.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut arguments: Vec<&str> = names.iter().map(String::as_str).collect();
        arguments.extend(["bash", "-c", &shell]);
        job.run("env", &arguments)
    };
    let forms = ["report.json", "report.html", "junit.xml", "unlabel.sarif", "summary.md"];
    ends_as_it_should(run, "PATHS", "ROLE", &forms);
    // What a document says gives the agent no commands.
    let job = Job::new().has_unlabel();
    let hostile = r###"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"##vso[task.setvariable variable=x]y ##[add-path]z","supplier":{"name":"AO Kaspersky Lab"}}]}"###;
    fs::write(job.at("work/hostile.json"), hostile).unwrap();
    let ended = run(&job.with("PATHS", "hostile.json"));
    assert_eq!(ended.status, 1, "{}", ended.log);
    let commands: Vec<&str> = ended.log.lines().filter(|line| line.contains("##")).collect();
    assert!(matches!(commands[..], [only] if only.starts_with("##vso[task.uploadsummary]")), "{}", ended.log);
}

#[test]
fn the_example_for_jenkins_runs() {
    let text = source("integrations/jenkins/Jenkinsfile");
    let shell = text.split("'''").nth(1).unwrap();
    assert!(
        !shell.contains('\\') && shell.starts_with("#!/bin/sh\n"),
        "Groovy reads backslashes, Jenkins the first line"
    );
    let run = |job: &Job| job.run("sh", &["-c", shell]);
    ends_as_it_should(run, "SBOM_PATHS", "SBOM_ROLE", &["report.json", "report.html", "junit.xml", "unlabel.sarif"]);
}

#[test]
fn the_script_for_every_other_server_runs() {
    let script = root().join("integrations/shell/unlabel-ci.sh");
    let run = |arguments: &[&str]| {
        let job = Job::new().has_unlabel();
        let mut all = vec![script.to_str().unwrap()];
        all.extend(arguments);
        let ended = job.run("sh", &all);
        (ended.status, job.at("work/out/report.json").is_file(), ended.log)
    };
    let (found, clean, empty) = (path(FOUND), path(CLEAN), path(EMPTY));
    for (arguments, status) in [
        (vec!["out", &found], 1),
        (vec!["out", &clean, &found], 1),
        (vec!["out", &clean], 0),
        (vec!["out", &clean, &empty], 3),
        (vec!["out", &clean, &empty, "--", "--allow-incomplete", "--role", "end-user"], 0),
        (vec!["out", &found, "--", "--as-of", "2020-01-01"], 0),
    ] {
        let (is, report, log) = run(&arguments);
        assert_eq!((is, report), (status, true), "{arguments:?}: {log}");
    }
    for arguments in
        [vec!["out"], vec![], vec!["out", "--", "--role=integrator"], vec!["out", &clean, "--", "--role=nobody"]]
    {
        let (is, report, log) = run(&arguments);
        assert_eq!((is, report), (2, false), "{arguments:?}: {log}");
    }
}

#[test]
fn templates_install_this_version_where_no_program_is() {
    let version = env!("CARGO_PKG_VERSION");
    for of in ["gitlab/unlabel.gitlab-ci.yml", "azure/unlabel.azure-pipelines.yml", "jenkins/Jenkinsfile"] {
        let text = source(&format!("integrations/{of}"));
        assert!(text.contains(version) && text.contains("--only-binary :all: \"unlabel==$"), "{of}");
    }
    let shell = block("integrations/gitlab/unlabel.gitlab-ci.yml", "- |");
    let job = Job::new().with("UNLABEL_PATHS", &path(FOUND)).with("UNLABEL_RELEASE", version);
    let into = job.at("bin/unlabel").display().to_string();
    let ended = job
        .has("pip", &format!("echo \"pip $*\"; ln -s '{}' '{into}'", program().display()))
        .run("sh", &["-c", &shell]);
    assert_eq!(ended.status, 1, "{}", ended.log);
    assert!(ended.log.contains(&format!("unlabel=={version}")), "{}", ended.log);
}

/// `NAME` of every `INPUT_NAME`.
fn inputs(text: &str) -> BTreeSet<&str> {
    text.split("INPUT_")
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_ascii_uppercase() && c != '_').next().unwrap())
        .collect()
}

#[test]
fn every_input_of_the_action_reaches_a_script() {
    let action = source("action.yml");
    let scripts = source("integrations/github/install.sh") + &source("integrations/github/scan.sh");
    // `INPUT_` alone stands where the script puts a name together.
    let (given, read) = (inputs(&action), inputs(&scripts));
    assert_eq!(given, read.into_iter().filter(|name| !name.is_empty()).collect());
    let declared = action.split("\ninputs:\n").nth(1).unwrap().split("\noutputs:\n").next().unwrap();
    for name in declared.lines().filter_map(|l| l.strip_prefix("  ")?.strip_suffix(':')).filter(|n| !n.starts_with(' '))
    {
        assert!(action.contains(&format!("inputs.{name}")), "{name} does nothing");
        assert!(source("docs/pipelines.md").contains(&format!("`{name}`")), "docs/pipelines.md does not tell {name}");
    }
    let declared = action.split("\noutputs:\n").nth(1).unwrap().split("\nruns:\n").next().unwrap();
    for name in declared.lines().filter_map(|l| l.strip_prefix("  ")?.strip_suffix(':')).filter(|n| !n.starts_with(' '))
    {
        assert!(
            scripts.contains(&format!("{name}=%s")) || scripts.contains(&format!("{name}=")),
            "nobody writes {name}"
        );
    }
}

#[test]
fn workflows_are_pinned_and_paste_nothing_into_scripts() {
    for of in ["action.yml", ".github/workflows/ci.yml", ".github/workflows/release.yml"] {
        let text = source(of);
        for line in text.lines().filter(|line| line.contains("uses: ") && !line.contains("uses: ./")) {
            let (_, pin) = line.split_once('@').unwrap_or_else(|| panic!("{of}: {line}"));
            let (commit, version) = pin.split_once(" # v").unwrap_or_else(|| panic!("{of}: {line}"));
            assert!(
                commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()) && !version.is_empty(),
                "{of}: {line}"
            );
        }
        let mut scripts = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.trim_start().trim_start_matches("- ").starts_with("run: "));
        assert!(scripts.clone().count() > 1);
        for (at, line) in scripts.by_ref() {
            let indent = |line: &str| line.len() - line.trim_start().trim_start_matches("- ").len();
            let body =
                text.lines().skip(at + 1).take_while(|next| next.trim().is_empty() || indent(next) > indent(line));
            for script in std::iter::once(line).chain(body.filter(|_| line.ends_with('|'))) {
                assert!(!script.contains("${{"), "{of}: {script}");
            }
        }
    }
}
