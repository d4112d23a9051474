//! Inputs that are not on this machine: a server on loopback that behaves as servers do on bad days.

#[cfg(not(feature = "cloud"))]
mod without {
    use crate::support::unlabel;

    #[test]
    fn a_build_without_the_feature_says_how_to_get_it() {
        for address in ["s3://bucket/folder/", "https://127.0.0.1:9/sbom.json?key=hunter2"] {
            let output = unlabel().args(["scan", address]).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            assert_eq!(output.status.code(), Some(2), "{text}");
            assert!(text.contains("--features cloud") && text.contains("unread"), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
    }
}

#[cfg(feature = "cloud")]
mod with {
    use crate::support::{RULES, options, read, scan_text};
    use std::collections::BTreeMap;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::path::PathBuf;
    use std::sync::{Arc, Mutex};
    use std::time::{Duration, Instant};
    use unlabel::report::{Report, Status};
    use unlabel::scan::scan;
    use unlabel::source::objects::{Settings, collect};

    const SBOM: &str = "twins/supplier-and-cpe/cyclonedx.json";

    /// What a request asks for.
    struct Request {
        target: String,
        /// The first byte that is asked for.
        from: Option<usize>,
        head: bool,
        /// How many requests for the same target came before.
        before: usize,
        authorized: bool,
    }

    type Answer = fn(&Request, &mut TcpStream) -> std::io::Result<()>;

    /// Serves on loopback until the test program ends. Gives the address.
    fn serve(answer: Answer) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let seen: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || one(stream, &seen, answer));
            }
        });
        format!("127.0.0.1:{}", at.port())
    }

    fn one(mut stream: TcpStream, seen: &Mutex<BTreeMap<String, usize>>, answer: Answer) {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let Some(Ok(first)) = lines.next() else { return };
        let mut words = first.split(' ');
        let (method, target) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
        let (mut from, mut authorized) = (None, false);
        for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
            let line = line.to_ascii_lowercase();
            if let Some(range) = line.strip_prefix("range: bytes=") {
                from = range.split('-').next().unwrap().parse().ok();
            }
            authorized |= line.starts_with("authorization:");
        }
        let before = {
            let mut seen = seen.lock().unwrap();
            let count = seen.entry(format!("{method} {target}")).or_default();
            *count += 1;
            *count - 1
        };
        let request = Request { target, from, head: method == "HEAD", before, authorized };
        let _ = answer(&request, &mut stream);
    }

    fn send(to: &mut TcpStream, status: &str, headers: &str, length: usize, body: &[u8]) -> std::io::Result<()> {
        write!(to, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n")?;
        to.write_all(body)?;
        to.flush()
    }

    fn quick(environment: &[(&str, &str)]) -> Settings {
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings {
            retries: 3,
            pause: Duration::from_millis(1),
            silence: Duration::from_millis(500),
            ..Settings::new(environment)
        }
    }

    fn scanned(addresses: &[String], settings: &Settings) -> Report {
        let paths: Vec<PathBuf> = addresses.iter().map(PathBuf::from).collect();
        scan(&collect(&paths, settings), &RULES, &options())
    }

    fn web(request: &Request, to: &mut TcpStream) -> std::io::Result<()> {
        let sbom = read(SBOM);
        let (whole, half) = (sbom.len(), sbom.len() / 2);
        let rest = |etag: &str| {
            let from = request.from.unwrap();
            (format!("ETag: {etag}\r\nContent-Range: bytes {from}-{}/{whole}\r\n", whole - 1), from)
        };
        let path = request.target.split('?').next().unwrap();
        match path {
            "/moved.json" => send(to, "302 Found", "Location: /ok.json\r\n", 0, b""),
            "/circle.json" => send(to, "302 Found", "Location: /circle.json\r\n", 0, b""),
            "/busy.json" if request.before < 2 => send(to, "503 Slow Down", "", 0, b""),
            "/down.json" => send(to, "503 Slow Down", "", 0, b""),
            "/forbidden.json" => send(to, "403 Forbidden", "", 14, b"hunter2 was no"),
            "/login.json" => send(to, "401 Unauthorized", "", 0, b""),
            "/silent.json" => {
                std::thread::sleep(Duration::from_secs(5));
                Ok(())
            }
            "/stalls.json" => {
                send(to, "200 OK", "ETag: \"1\"\r\n", whole, &sbom[..half])?;
                std::thread::sleep(Duration::from_secs(5));
                Ok(())
            }
            "/no-length.json" => {
                write!(to, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
                to.write_all(&sbom)
            }
            // Broken off each time, and no way to go on from there.
            "/cut.json" => send(to, "200 OK", "", whole, &sbom[..half]),
            "/cut-with-etag.json" => send(to, "200 OK", "ETag: \"1\"\r\n", whole, &sbom[..half]),
            // Broken off once; goes on from there.
            "/resumed.json" if request.from.is_some() => {
                let (headers, from) = rest("\"1\"");
                send(to, "206 Partial Content", &headers, whole - from, &sbom[from..])
            }
            "/resumed.json" => send(to, "200 OK", "ETag: \"1\"\r\n", whole, &sbom[..half]),
            // Another version stands there when it is asked for the rest.
            "/changed.json" if request.from.is_some() => {
                let (headers, from) = rest("\"2\"");
                send(to, "206 Partial Content", &headers, whole - from, &vec![b'x'; whole - from])
            }
            "/changed.json" if request.before == 0 => send(to, "200 OK", "ETag: \"1\"\r\n", whole, &sbom[..half]),
            "/ok.json" | "/busy.json" | "/changed.json" => send(to, "200 OK", "ETag: \"2\"\r\n", whole, &sbom),
            _ => send(to, "404 Not Found", "", 0, b""),
        }
    }

    #[test]
    fn what_comes_whole_is_read_as_a_file_is() {
        let at = serve(web);
        let direct = scan_text(&read(SBOM));
        assert!(!direct.findings.is_empty());
        for path in ["ok", "moved", "busy", "resumed", "changed"] {
            let report = scanned(&[format!("http://{at}/{path}.json?key=hunter2")], &quick(&[]));
            let input = &report.inputs[0];
            assert_eq!(input.status, Status::Read, "{path}: {:?}", input.problems);
            assert_eq!(input.sha256, direct.inputs[0].sha256, "{path}");
            assert_eq!(input.path, format!("http://{at}/{path}.json?..."));
            let ids = |report: &Report| report.findings.iter().map(|f| f.id.clone()).collect::<Vec<_>>();
            assert_eq!(ids(&report), ids(&direct), "{path}");
            assert_eq!(report.exit_status(), 1);
        }
    }

    #[test]
    fn what_does_not_come_whole_is_unread_and_says_why() {
        let at = serve(web);
        for (path, words) in [
            ("nothing", "there is no such object"),
            ("forbidden", "access is forbidden"),
            ("login", "the server asks for credentials"),
            ("down", "the server answered with status 503"),
            ("circle", "the server sends on to another address"),
            ("silent", "the server did not answer in time"),
            ("stalls", "the transfer broke off after 713 of 1426 bytes"),
            ("no-length", "the server does not say how long it is"),
            ("cut", "the transfer broke off after"),
            ("cut-with-etag", "the transfer broke off after"),
        ] {
            let report = scanned(&[format!("http://{at}/{path}.json?key=hunter2")], &quick(&[]));
            let input = &report.inputs[0];
            assert_eq!((input.status, input.level), (Status::Unread, None), "{path}");
            let message = &input.problems[0].message;
            assert!(message.contains(words), "{path}: {message}");
            assert_eq!(report.exit_status(), 2, "{path}");
            let shown = crate::support::rendered(&report, "json") + &crate::support::rendered(&report, "text");
            assert!(!shown.contains("hunter2"), "{path}: {shown}");
            // Beside something that could be read it is no result either.
            let both = scanned(&[format!("http://{at}/{path}.json"), clean()], &quick(&[]));
            assert_eq!(both.exit_status(), 3, "{path}");
        }
    }

    fn clean() -> String {
        let folder = crate::support::fixture("clean/cdx12-vdm-editor-bom.json");
        folder.to_string_lossy().into_owned()
    }

    #[test]
    fn an_address_with_a_password_is_not_used() {
        let at = serve(web);
        let report = scanned(&[format!("http://user:hunter2@{at}/ok.json")], &quick(&[]));
        assert_eq!((report.inputs[0].status, report.exit_status()), (Status::Unread, 2));
        assert_eq!(report.inputs[0].path, format!("http://...@{at}/ok.json"));
        assert!(report.inputs[0].problems[0].message.contains("in the environment"));
    }

    #[test]
    fn no_server_is_told_at_once() {
        let begun = Instant::now();
        let report = scanned(&["http://127.0.0.1:9/sbom.json".to_owned()], &quick(&[]));
        assert!(report.inputs[0].problems[0].message.contains("no connection to the server"), "{:?}", report.inputs);
        assert_eq!(report.exit_status(), 2);
        assert!(begun.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn an_input_that_is_too_large_is_not_fetched() {
        let at = serve(web);
        let mut small = options();
        small.read.unpack.input = Some(100);
        let inputs = collect(&[format!("http://{at}/ok.json").into()], &quick(&[]));
        let report = scan(&inputs, &RULES, &small);
        assert!(report.inputs[0].problems[0].message.contains("--max-input-size"));
        assert_eq!(report.inputs[0].status, Status::Unread);
    }

    /// A bucket of two pages, as S3 lists it: a folder that somebody marked, an SBOM, a text, and one with a strange name.
    fn bucket(request: &Request, to: &mut TcpStream) -> std::io::Result<()> {
        let item = |key: &str, size: usize| {
            format!(
                "<Contents><Key>{key}</Key><Size>{size}</Size><ETag>\"1\"</ETag>\
                 <LastModified>2026-11-22T00:00:00.000Z</LastModified></Contents>"
            )
        };
        let page = |items: String, next: &str| {
            format!("<ListBucketResult><IsTruncated>{}</IsTruncated>{items}{next}</ListBucketResult>", !next.is_empty())
        };
        let sbom = read(SBOM);
        let xml = |to: &mut TcpStream, status: &str, text: &str| send(to, status, "", text.len(), text.as_bytes());
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        if !request.authorized {
            return xml(to, "403 Forbidden", "<Error><Code>AccessDenied</Code></Error>");
        }
        match path {
            "/shop" | "/shop/" if query.contains("prefix=nothing") => xml(to, "200 OK", &page(String::new(), "")),
            "/shop" | "/shop/" if query.contains("continuation-token") => {
                let items = item("in/marked/", 0) + &item("in/a &amp; b/sbom.json", sbom.len());
                xml(to, "200 OK", &page(items, ""))
            }
            "/shop" | "/shop/" => {
                let items = item("in/z.json", sbom.len()) + &item("in/notes.txt", 5);
                xml(to, "200 OK", &page(items, "<NextContinuationToken>more</NextContinuationToken>"))
            }
            "/broken" | "/broken/" if query.contains("continuation-token") => {
                xml(to, "403 Forbidden", "<Error><Code>ExpiredToken</Code></Error>")
            }
            "/broken" | "/broken/" => {
                let items = item("in/z.json", sbom.len());
                xml(to, "200 OK", &page(items, "<NextContinuationToken>more</NextContinuationToken>"))
            }
            "/keyless" | "/keyless/" => {
                xml(to, "403 Forbidden", "<Error><Code>InvalidAccessKeyId</Code><Message>hunter2</Message></Error>")
            }
            _ if path.ends_with(".json") && !path.contains("nothing") && !path.starts_with("/keyless") => {
                let headers = "ETag: \"1\"\r\nLast-Modified: Sun, 22 Nov 2026 00:00:00 GMT\r\n";
                send(to, "200 OK", headers, sbom.len(), if request.head { b"" } else { &sbom })
            }
            "/shop/in/notes.txt" => {
                let headers = "ETag: \"1\"\r\nLast-Modified: Sun, 22 Nov 2026 00:00:00 GMT\r\n";
                send(to, "200 OK", headers, 5, b"hello")
            }
            _ if request.head => send(to, "404 Not Found", "", 0, b""),
            _ => xml(to, "404 Not Found", "<Error><Code>NoSuchBucket</Code></Error>"),
        }
    }

    fn in_bucket(address: &str) -> Report {
        let at = serve(bucket);
        let endpoint = format!("http://{at}");
        let environment = [
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "hunter2"),
            ("AWS_REGION", "us-east-1"),
        ];
        scanned(&[address.to_owned()], &quick(&environment))
    }

    #[test]
    fn a_prefix_is_a_folder_in_the_order_of_its_names() {
        for address in ["s3://shop/in", "s3://shop/in/", "s3://shop", "S3://shop/"] {
            let report = in_bucket(address);
            let names: Vec<&str> = report.inputs.iter().map(|input| input.path.as_str()).collect();
            assert_eq!(names, ["s3://shop/in/a & b/sbom.json", "s3://shop/in/z.json"], "{address}");
            assert!(report.inputs.iter().all(|input| input.status == Status::Read), "{:?}", report.inputs);
            assert_eq!(report.skipped, 2, "a text and what marks a folder are no SBOMs");
            assert_eq!(report.exit_status(), 1);
        }
        let single = in_bucket("s3://shop/in/z.json");
        assert_eq!(single.inputs.len(), 1);
        assert_eq!(single.inputs[0].path, "s3://shop/in/z.json");
    }

    #[test]
    fn a_store_that_gives_nothing_is_no_all_clear() {
        for (address, words, status) in [
            ("s3://absent/in/", "there is no such bucket", 2),
            ("s3://absent", "there is no such bucket", 2),
            ("s3://keyless/", "InvalidAccessKeyId", 2),
            ("s3://shop/nothing", "there is no object and no folder of that name", 2),
            ("s3://shop/nothing/", "there is no file in this folder", 3),
            ("s3://shop/a//b", "cannot be asked for", 2),
        ] {
            let report = in_bucket(address);
            assert_eq!(report.inputs.len(), 1, "{address}");
            assert_eq!(report.inputs[0].status, Status::Unread, "{address}");
            let message = &report.inputs[0].problems[0].message;
            assert!(message.contains(words), "{address}: {message}");
            assert!(!message.contains("hunter2"), "{message}");
            assert_eq!(report.exit_status(), status, "{address}");
        }
    }

    #[test]
    fn a_list_that_breaks_off_is_told_and_what_was_listed_is_read() {
        let report = in_bucket("s3://broken/");
        let told: Vec<(&str, Status)> = report.inputs.iter().map(|i| (i.path.as_str(), i.status)).collect();
        assert_eq!(told, [("s3://broken/in/z.json", Status::Read), ("s3://broken/", Status::Unread)]);
        assert!(report.inputs[1].problems[0].message.contains("breaks off after 1 object"), "{:?}", report.inputs[1]);
        assert!(report.incomplete());
    }

    #[test]
    fn the_command_line_reads_addresses_and_shows_no_secret() {
        let at = serve(web);
        let address = format!("http://{at}/ok.json?key=hunter2");
        let run = |arguments: &[&str]| {
            let output = crate::support::unlabel().args(arguments).output().unwrap();
            let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(!text.contains("hunter2"), "{text}");
            (output.status.code().unwrap(), text)
        };
        let (status, text) = run(&["scan", &address]);
        assert_eq!(status, 1, "{text}");
        assert!(text.contains("ok.json?...") && text.starts_with("PROHIBITED"), "{text}");
        let (status, text) = run(&["inspect", &address]);
        assert_eq!(status, 0, "{text}");
        let (status, text) = run(&["diff", &address, &address]);
        assert_eq!(status, 0, "{text}");
        let (status, text) = run(&["scan", "--format", "annotated", &address]);
        assert_eq!(status, 2, "{text}");
        assert!(text.contains("cannot be read a second time"), "{text}");
    }

    #[test]
    fn what_is_larger_than_the_memory_kept_for_it_is_read_too() {
        fn big(request: &Request, to: &mut TcpStream) -> std::io::Result<()> {
            let text = large();
            let _ = request;
            send(to, "200 OK", "", text.len(), &text)
        }
        fn large() -> Vec<u8> {
            let text = String::from_utf8(read(SBOM)).unwrap();
            let (start, rest) = text.split_once('{').unwrap();
            format!("{start}{{{}{rest}", " ".repeat(9 << 20)).into_bytes()
        }
        let at = serve(big);
        let report = scanned(&[format!("http://{at}/big.json")], &quick(&[]));
        let direct = scan_text(&large());
        assert_eq!(report.inputs[0].sha256, direct.inputs[0].sha256);
        assert_eq!(report.findings.len(), direct.findings.len());
        let mut text = Vec::new();
        large().as_slice().read_to_end(&mut text).unwrap();
        assert_eq!(report.inputs[0].bytes, text.len() as u64);
    }
}
