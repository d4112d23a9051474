"""Scans of an S3 protocol server on loopback, as .ci/objects starts it. Every check says what it saw."""

import http.client
import http.server
import json
import logging
import os
import pathlib
import subprocess
import sys
import threading
import time

import boto3
import duckdb
from moto.server import ThreadedMotoServer

PROGRAM, HERE = sys.argv[1], pathlib.Path(sys.argv[2])
KEY = "AKIAGOODEXAMPLE00000"
SECRET = "hunter2hunter2hunter2"
SAY = ["--as-of", "2026-11-22", "--role", "integrator", "--market", "us", "--no-config"]

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
HOST, PORT = server.get_host_and_port()


class Proxy(http.server.BaseHTTPRequestHandler):
    """Stands before the store: refuses a wrong key, and has bad moments with objects that are called for them."""

    protocol_version = "HTTP/1.1"
    seen = {}
    lock = threading.Lock()
    now = most = 0

    def log_message(self, *_):
        pass

    def do_GET(self):
        with Proxy.lock:
            Proxy.now += 1
            Proxy.most = max(Proxy.most, Proxy.now)
        try:
            self.answer()
        finally:
            with Proxy.lock:
                Proxy.now -= 1

    do_HEAD = do_GET

    def plain(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if self.command == "GET" else b"")

    def answer(self):
        if KEY not in self.headers.get("Authorization", ""):
            return self.plain(403, b"<Error><Code>InvalidAccessKeyId</Code><Message>%s</Message></Error>" % SECRET.encode())
        with Proxy.lock:
            before = Proxy.seen.get((self.command, self.path), 0)
            Proxy.seen[self.command, self.path] = before + 1
        if "busy" in self.path and before < 2:
            return self.plain(503, b"<Error><Code>SlowDown</Code></Error>")
        store = http.client.HTTPConnection(HOST, PORT)
        store.request(self.command, self.path, headers={k: v for k, v in self.headers.items() if k.lower() != "connection"})
        answer = store.getresponse()
        cut = self.command == "GET" and "list-type" not in self.path and ("cut-always" in self.path or ("cut-once" in self.path and "Range" not in self.headers))
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "server", "date", "transfer-encoding"):
                # A store that promises nothing to hold on to: no way to go on where it broke off.
                if not (name.lower() == "etag" and "cut-always" in self.path):
                    self.send_header(name, value)
        self.end_headers()
        left = int(answer.getheader("Content-Length") or 0) // 2 if cut else None
        while self.command == "GET":
            piece = answer.read(min(1 << 16, left) if left is not None else 1 << 16)
            if not piece:
                break
            self.wfile.write(piece)
            left = left - len(piece) if left is not None else None
        store.close()
        if cut:
            self.close_connection = True


proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
proxy.daemon_threads = True
threading.Thread(target=proxy.serve_forever, daemon=True).start()
ENDPOINT = f"http://127.0.0.1:{proxy.server_address[1]}"

store = boto3.client("s3", endpoint_url=f"http://{HOST}:{PORT}", region_name="us-east-1",
                     aws_access_key_id=KEY, aws_secret_access_key=SECRET)
store.create_bucket(Bucket="shop")


def scan(*paths, key=KEY, more=()):
    """Exit status, JSON report or None, all output, seconds, the most memory in MiB."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "AZURE_", "GOOGLE_"))}
    env = clean | {"AWS_ENDPOINT_URL": ENDPOINT, "AWS_REGION": "us-east-1",
                   "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": SECRET}
    begun = time.time()
    out = HERE / "out.json"
    with open(out, "wb") as to:
        child = subprocess.Popen([PROGRAM, "scan", "--format", "json", *SAY, *more, *map(str, paths)],
                                 stdout=to, stderr=subprocess.STDOUT, env=env)
        # What the system says at the end counts this process too, from which the child was made.
        most = 0
        while child.poll() is None:
            try:
                status = pathlib.Path(f"/proc/{child.pid}/status").read_text()
                most = max([most] + [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")])
            except (FileNotFoundError, ProcessLookupError):
                pass
            time.sleep(0.01)
    text = out.read_text()
    assert SECRET not in text, "a secret is shown"
    return child.returncode, json.loads(text) if text.startswith("{") else None, text, time.time() - begun, most / 1024


def check(what, holds, seen=""):
    print(f"{'ok' if holds else 'FAILED'}  {what}  {seen}".rstrip(), flush=True)
    if not holds:
        sys.exit(1)


def bare(report, prefix):
    """What a report says, whatever the inputs are called."""
    text = json.dumps({k: report[k] for k in ("summary", "inputs", "findings", "set_aside", "questions")})
    return json.loads(text.replace(prefix, ""))


# The same findings from the store as from the folder.
fixtures = pathlib.Path("fixtures")
files = sorted(p for below in ("real", "twins", "wrapped", "bad") for p in (fixtures / below).rglob("*") if p.is_file())
for path in files:
    store.put_object(Bucket="shop", Key=f"mirror/{path.as_posix()}", Body=path.read_bytes())
for below in ("real", "twins", "wrapped", "bad"):
    here = scan(fixtures / below)
    there = scan(f"s3://shop/mirror/fixtures/{below}")
    same = bare(there[1], "s3://shop/mirror/") == bare(here[1], "")
    check(f"fixtures/{below}: the same from the store as from the folder", same and here[0] == there[0],
          f"{len(here[1]['inputs'])} inputs, {len(here[1]['findings'])} findings, status {here[0]}")

# Bad moments.
sbom = (fixtures / "real/mail-gateway.cdx.json").read_bytes()
for name in ("busy", "cut-once", "cut-always"):
    store.put_object(Bucket="shop", Key=f"moments/{name}/mail-gateway.cdx.json", Body=sbom)
truth = scan(fixtures / "real/mail-gateway.cdx.json")[1]
for name in ("busy", "cut-once"):
    status, report, *_ = scan(f"s3://shop/moments/{name}/")
    ids = [f["id"] for f in report["findings"]]
    check(f"{name}: read whole after all", status == 1 and ids == [f["id"] for f in truth["findings"]]
          and report["inputs"][0]["sha256"] == truth["inputs"][0]["sha256"])
status, report, *_ = scan("s3://shop/moments/cut-always/")
message = report["inputs"][0]["problems"][0]["message"]
check("cut-always: unread, and no result", status == 2 and report["inputs"][0]["status"] == "unread"
      and "broke off" in message and not report["findings"], message)

# What is not there, and who may not.
status, report, *_ = scan("s3://no-such-bucket/a/")
message = report["inputs"][0]["problems"][0]["message"]
check("a bucket that is not there", status == 2 and "no such bucket" in message, message)
status, report, *_ = scan("s3://shop/moments/", key="AKIAWRONGEXAMPLE0000")
message = report["inputs"][0]["problems"][0]["message"]
check("wrong credentials", status == 2 and "forbidden" in message and "InvalidAccessKeyId" in message, message)

# More than one page of a listing.
small = (fixtures / "twins/supplier-and-cpe/cyclonedx.json").read_bytes()
for number in range(1200):
    store.put_object(Bucket="shop", Key=f"many/{number:04}.json", Body=small)
Proxy.most = 0
status, report, _, took, _ = scan("s3://shop/many/")
names = [i["path"] for i in report["inputs"]]
check("1,200 objects, in order, none twice", status == 1 and names == [f"s3://shop/many/{n:04}.json" for n in range(1200)],
      f"{took:.1f} s, at most {Proxy.most} requests at once")
check("no more than 16 requests at once", Proxy.most <= 16)

# Memory stays flat.
used = {}
for size in (20, 200):
    one = json.dumps({"type": "library", "name": "part", "version": "1.0", "purl": "pkg:npm/part@1.0", "description": "x" * 800})
    count = size * (1 << 20) // (len(one) + 1)
    body = '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[' + ",".join([one] * count) + "]}"
    store.put_object(Bucket="shop", Key=f"big/{size}.cdx.json", Body=body.encode())
    status, report, _, took, used[size] = scan(f"s3://shop/big/{size}.cdx.json")
    check(f"an object of {size} MiB", status == 0 and report["summary"]["components"] == count, f"{took:.1f} s, {used[size]:.0f} MiB")
check("ten times the object takes no more memory", used[200] < used[20] * 1.5 + 16)

# Parquet, read by another program.
table = HERE / "report.parquet"
status, report, *_ = scan(fixtures / "twins", fixtures / "bad", more=("--output", f"parquet={table}"))
ask = duckdb.connect().execute
got = dict(ask(f"select record, count(*) from '{table}' group by record").fetchall())
check("DuckDB counts what the JSON report has", (got["input"], got["finding"], got.get("set_aside", 0)) ==
      (len(report["inputs"]), len(report["findings"]), len(report["set_aside"])), str(got))
unread = ask(f"select count(*) from '{table}' where record = 'input' and status = 'unread'").fetchone()[0]
check("DuckDB sees what was not read", unread == report["summary"]["unread"] > 0, str(unread))
pieces = ask(f"select e.rule, e.found, e.line from (select unnest(evidence) e from '{table}' where record = 'finding')").fetchall()
wanted = [(e["rule"], e["found"], e["line"]) for f in report["findings"] for e in f["evidence"]]
check("DuckDB reads every piece of evidence", sorted(pieces) == sorted(wanted), f"{len(pieces)} pieces")
page = pathlib.Path("docs/parquet.md").read_text()
for query in page.split("```sql\n")[1:]:
    rows = ask(query.split("```")[0].replace("report.parquet", str(table))).fetchall()
    check("a query of docs/parquet.md", len(rows) > 0, f"{len(rows)} rows")

server.stop()
print("object stores and Parquet: all checks passed")
