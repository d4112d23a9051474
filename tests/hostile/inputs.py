"""Inputs made to hurt. Each is a function that writes one file, with what must come of it. See `run`.

Only the standard library, so that it runs wherever Python does. Documents that need little are in tests/it/hostile.rs;
here stand those that need size, and those that only a whole program can be tried with.
"""

import base64
import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
import zlib

MILLION = 1_000_000
ENGINE = '{"name":"engine","supplier":{"name":"Kaspersky Lab"}}'
HEAD = '{"bomFormat":"CycloneDX","specVersion":"1.6",'
XML = '<bom xmlns="http://cyclonedx.org/schema/bom/1.6">'
XML_ENGINE = "<component><name>engine</name><supplier><name>Kaspersky Lab</name></supplier></component>"
TAGS = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\n"
TAG_ENGINE = "PackageName: engine\nSPDXID: SPDXRef-engine\nPackageSupplier: Organization: Kaspersky Lab\n"
YAML = "bomFormat: CycloneDX\nspecVersion: '1.6'\n"
YAML_ENGINE = "components:\n- name: engine\n  supplier: {name: Kaspersky Lab}\n"

# name -> (writer, what is expected)
INPUTS = {}


def hostile(name, says=None, status=None, findings=None, code=None, args=(), seconds=None):
    """`says`: a text in the messages, the name of a flag where a limit is hit. `status`: the exit status, or several.
    `findings`: at least so many. `code`: the code of a problem. `args`: flags of the scan."""

    def take(writer):
        INPUTS[name] = (writer, dict(says=says, status=status, findings=findings, code=code, args=args))
        return writer

    return take


def text(name, make, **expected):
    @hostile(name, **expected)
    def write(path):
        with open(path, "wb") as out:
            made = make()
            for piece in [made] if isinstance(made, (str, bytes)) else made:
                out.write(piece if isinstance(piece, bytes) else piece.encode())


def components(*inside):
    return [HEAD, '"components":[', *inside, "]}"]


# JSON

text("deep-brackets-skipped.json", lambda: [HEAD, '"x":', "[" * MILLION, "]" * MILLION, f',"components":[{ENGINE}]}}'], status=1, findings=1)
text("deep-objects-skipped.json", lambda: [HEAD, '"x":', '{"a":' * MILLION, "1", "}" * MILLION, f',"components":[{ENGINE}]}}'], status=1, findings=1)
text("deep-components.json", lambda: components('{"name":"x","components":[' * MILLION, "]}" * MILLION, ",", ENGINE), status=1, findings=1, says="--max-depth")
text("deep-lists-of-components.json", lambda: components("[" * MILLION, "]" * MILLION, ",", ENGINE), status=1, findings=1, says="--max-depth")
text("deep-unclosed.json", lambda: [HEAD, f'"components":[{ENGINE}],"x":', "[" * 20 * MILLION], status=1, findings=1, says="16 million")
text("deep-list-at-the-top.json", lambda: "[" * MILLION + "]" * MILLION, status=3)
text("deep-wrappers.json", lambda: '{"sbom":' * 5000 + HEAD[:-1] + "}" * 5001, status=3, says="wrappers stand around")
text("long-name-50MB.json", lambda: components('{"name":"', "x" * 50 * MILLION, '","supplier":{"name":"Kaspersky Lab"}}'), status=1, findings=1)
text("long-supplier-50MB.json", lambda: components('{"name":"x","supplier":{"name":"', "x " * 25 * MILLION, 'Kaspersky Lab"}}'))
text("long-escapes-50MB.json", lambda: components('{"name":"x","supplier":{"name":"', "\\u0078" * 8 * MILLION, '"}},', ENGINE), status=1, findings=1)
text("long-wide-letters-30MB.json", lambda: components('{"name":"x","publisher":"', "ｋａｓｐ " * 2 * MILLION, '"},', ENGINE), status=1, findings=1)
text("long-license-30MB.json", lambda: components('{"name":"x","licenses":[{"expression":"', "(" * 30 * MILLION, '"}]},', ENGINE), status=1, findings=1)
text("long-key-50MB.json", lambda: [HEAD, '"', "k" * 50 * MILLION, f'":1,"components":[{ENGINE}]}}'], status=1, findings=1)
text("long-reference-50MB.json", lambda: components('{"name":"x","bom-ref":"', "r" * 50 * MILLION, '"},', ENGINE), status=1, findings=1)
text("too-long-value.json", lambda: components(ENGINE, ',{"name":"', "x" * 80 * MILLION, '"}'), status=1, findings=1, says="--max-value-size")
text("too-long-number.json", lambda: [HEAD, f'"components":[{ENGINE}],"x":', "9" * 80 * MILLION, "}"], status=1, findings=1)
text("too-large.json", lambda: components(",".join([ENGINE] * 100)), status=3, says="--max-input-size", args=("--max-input-size", "1000"))
text("huge-numbers.json", lambda: [HEAD, '"version":', "9" * 400, ',"x":1e400,"y":-1e-400,"z":', "0." + "1" * 400, f',"components":[{ENGINE}]}}'], status=1, findings=1)
text("million-empty-components.json", lambda: components("{}," * (MILLION - 1), "{}"), status=(0, 3))
text("million-nulls.json", lambda: components("null," * MILLION, ENGINE), status=1, findings=1, code="not-a-component")
text("million-texts.json", lambda: components('"x",' * MILLION, ENGINE), status=1, findings=1, code="not-a-component")
text("million-keys.json", lambda: components('{"name":"x",', '"name":"y",' * MILLION, '"name":"z"},', ENGINE), status=1, findings=1, code="duplicate-key")
text("million-unknown-keys.json", lambda: components("{", "".join(f'"k{n}":1,' for n in range(MILLION)), '"name":"z"},', ENGINE), status=1, findings=1)
text("two-components-lists.json", lambda: [HEAD, f'"components":[{ENGINE}],"components":[{ENGINE}]}}'], status=1, findings=2, code="duplicate-key")
text("nul-bytes.json", lambda: components('{"name":"a\0b\\u0000c"},', ENGINE) + ["\0" * MILLION], findings=1, status=1)
text("only-nul-bytes.json", lambda: b"\0" * 10 * MILLION, status=3)
text("only-blanks.json", lambda: b" \n" * 25 * MILLION, status=3)
text("lone-surrogates.json", lambda: components('{"name":"', "\\ud800" * MILLION, '"},', ENGINE), status=1, findings=1, code="bad-text")
text("mixed-encodings.json", lambda: [b"\xef\xbb\xbf", HEAD, '"components":[{"name":"', b"\xff\xfe\xe9" * MILLION, '"},', ENGINE, "]}"], status=1, findings=1, code="bad-text")
text("half-utf-16.json", lambda: [b"\xff\xfe", "".join(components(ENGINE)).encode("utf-16-le"), b"\0", b"\xd8" * MILLION])
text("no-end-of-text.json", lambda: components(ENGINE, ',{"name":"x'), status=1, findings=1, code="syntax")
text("no-end-of-long-text.json", lambda: components(ENGINE, ',{"name":"', "x" * 40 * MILLION), status=1, findings=1, code="syntax")
text("no-end-after-escape.json", lambda: components(ENGINE, ',{"name":"x\\u00'), status=1, findings=1, code="syntax")
text("million-lines.jsonl", lambda: ['{"a":1}\n' * MILLION], status=3, says="--max-entries")
text("million-values-in-a-list.json", lambda: ["[", "1," * MILLION, "1]"], status=3, says="--max-entries")
text("million-objects-in-a-list.json", lambda: ["[", "{}," * MILLION, "{}]"], status=3, says="--max-entries")
text("circle-of-100000.json", lambda: [HEAD, f'"components":[{ENGINE},', ",".join(f'{{"bom-ref":"{n}","name":"c"}}' for n in range(100_000)), '],"dependencies":[', ",".join(f'{{"ref":"{n}","dependsOn":["{(n + 1) % 100_000}"]}}' for n in range(100_000)), "]}"], status=1, findings=1)
text("circle-around-an-engine.json", lambda: [HEAD, '"metadata":{"component":{"bom-ref":"99999","name":"p"}},"components":[{"bom-ref":"0","name":"engine","supplier":{"name":"Kaspersky Lab"}},', ",".join(f'{{"bom-ref":"{n}","name":"c"}}' for n in range(1, 99_999)), '],"dependencies":[', ",".join(f'{{"ref":"{n}","dependsOn":["{(n - 1) % 100_000}"]}}' for n in range(100_000)), "]}"], status=1, findings=1)
text("many-edges.json", lambda: [HEAD, f'"components":[{ENGINE},', ",".join(f'{{"bom-ref":"{n}","name":"c"}}' for n in range(1000)), '],"dependencies":[', ",".join(f'{{"ref":"{n}","dependsOn":[{",".join(chr(34) + str(m) + chr(34) for m in range(1000))}]}}' for n in range(1000)), "]}"], status=1, findings=1)
text("one-reference-100000-times.json", lambda: components(ENGINE, ',{"bom-ref":"a","name":"a"}' * 100_000), status=1, findings=1, code="duplicate-reference")
text("engines-million.json", lambda: components((ENGINE + ",") * MILLION, ENGINE), status=1, findings=5_000, says="--max-findings")
text("engines-in-a-chain-100000.json", lambda: [HEAD, '"components":[', ",".join(f'{{"bom-ref":"{n}","name":"engine","supplier":{{"name":"Kaspersky Lab"}}}}' for n in range(100_000)), '],"dependencies":[', ",".join(f'{{"ref":"{n}","dependsOn":["{n + 1}"]}}' for n in range(99_999)), "]}"], status=1, findings=5_000, says="--max-findings")
text("mentions-million.json", lambda: components('{"name":"x","externalReferences":[{"type":"advisories","url":"https://securelist.com/a"}]},' * MILLION, ENGINE), status=1)
text("questions-million.json", lambda: components('{"name":"antivirus engine"},' * MILLION, ENGINE), status=(1, 3), says="--max-findings")
text("evidence-100000-in-one.json", lambda: components('{"name":"x","properties":[', '{"name":"CompanyName","value":"Kaspersky Lab"},' * 100_000, '{"name":"a","value":"b"}]}'), status=1, findings=1)
text("million-properties.json", lambda: components('{"name":"x","properties":[', '{"name":"a","value":"b"},' * MILLION, '{"name":"a","value":"b"}]},', ENGINE), status=1, findings=1)
text("million-relationships.spdx.json", lambda: ['{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","packages":[{"SPDXID":"SPDXRef-a","name":"a","supplier":"Organization: Kaspersky Lab"}],"relationships":[', '{"spdxElementId":"SPDXRef-a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-a"},' * MILLION, '{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"}]}'], status=1, findings=1)
text("agents-100000.spdx3.json", lambda: ['{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[', ",".join(f'{{"type":"Organization","spdxId":"o{n}","name":"Kaspersky Lab"}},{{"type":"software_Package","spdxId":"p{n}","name":"p","suppliedBy":"o{n}"}}' for n in range(5_000)), ",", ",".join(f'{{"type":"Organization","spdxId":"x{n}","name":"x"}},{{"type":"software_Package","spdxId":"q{n}","name":"p","suppliedBy":"x{n}"}}' for n in range(95_000)), "]}"], status=1, findings=5_000)
text("one-agent-of-100000.spdx3.json", lambda: ['{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"Organization","spdxId":"o","name":"x"},{"type":"Organization","spdxId":"k","name":"Kaspersky Lab"},{"type":"software_Package","spdxId":"e","name":"e","suppliedBy":"k"}', *(f',{{"type":"software_Package","spdxId":"p{n}","name":"p","suppliedBy":"o"}}' for n in range(100_000)), "]}"], status=1, findings=1)

# XML

text("deep.xml", lambda: [XML, "<components>", XML_ENGINE, "</components>", "<a>" * MILLION, "</a>" * MILLION, "</bom>"], status=1, findings=1)
text("deep-components.xml", lambda: [XML, "<components>", XML_ENGINE, "<component><name>x</name><components>" * MILLION, "</components></component>" * MILLION, "</components></bom>"], status=1, findings=1, says="--max-depth")
text("deep-unclosed.xml", lambda: [XML, "<components>", XML_ENGINE, "</components>", "<a>" * 5 * MILLION], status=1, findings=1)
text("deep-dependencies.xml", lambda: [XML, "<components>", XML_ENGINE, "</components><dependencies>", '<dependency ref="a">' * MILLION, "</dependency>" * MILLION, "</dependencies></bom>"], status=1, findings=1)
text("namespaces-deep.xml", lambda: [XML, "<components>", XML_ENGINE, "</components>", *(f'<a xmlns:n{n}="urn:{n}">' for n in range(200_000)), "</a>" * 200_000, "</bom>"], status=1, findings=1)
text("namespaces-in-one.xml", lambda: [XML, "<components>", XML_ENGINE, "<component", *(f' xmlns:n{n}="urn:{n}"' for n in range(200_000)), "><name>x</name></component></components></bom>"], status=1, findings=1)
text("attributes-200000.xml", lambda: [XML, "<components>", XML_ENGINE, "<component", *(f' a{n}="x"' for n in range(200_000)), "><name>x</name></component></components></bom>"], status=1, findings=1)
text("one-attribute-200000-times.xml", lambda: [XML, "<components>", XML_ENGINE, "<component", ' a="x"' * 200_000, "><name>x</name></component></components></bom>"], status=(1, 3))
text("entity-bomb.xml", lambda: ["<!DOCTYPE bom [<!ENTITY a0 \"lol\">", *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)), "]>", XML, "<components><component><name>&a9;</name></component>", XML_ENGINE, "</components></bom>"], status=1, findings=1, says="a document type stands here")
text("million-entities.xml", lambda: [XML, "<components><component><name>", "&a;" * MILLION, "</name></component>", XML_ENGINE, "</components></bom>"], status=1, findings=1)
text("external-entity.xml", lambda: ['<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/passwd">]>', XML, "<components><component><name>&x;</name></component>", XML_ENGINE, "</components></bom>"], status=1, findings=1, says="a document type stands here")
text("external-type.xml", lambda: ['<!DOCTYPE bom SYSTEM "http://192.0.2.1/x.dtd">', XML, "<components>", XML_ENGINE, "</components></bom>"], status=1, findings=1)
text("long-type.xml", lambda: ["<!DOCTYPE bom [", "<!ENTITY a 'b'>" * 5 * MILLION, "]>", XML, "<components>", XML_ENGINE, "</components></bom>"])
text("long-text-50MB.xml", lambda: [XML, "<components><component><name>", "x" * 50 * MILLION, "</name></component>", XML_ENGINE, "</components></bom>"], status=1, findings=1)
text("too-long-text.xml", lambda: [XML, "<components>", XML_ENGINE, "<component><name>", "x" * 80 * MILLION, "</name></component></components></bom>"], status=1, findings=1, says="--max-value-size")
text("too-long-tag.xml", lambda: [XML, "<components>", XML_ENGINE, '<component a="', "x" * 80 * MILLION, '"/></components></bom>'], status=1, findings=1, says="--max-value-size")
text("too-long-comment.xml", lambda: [XML, "<components>", XML_ENGINE, "<!--", "x" * 80 * MILLION, "--></components></bom>"], status=1, findings=1)
text("no-end-of-comment.xml", lambda: [XML, "<components>", XML_ENGINE, "</components><!-- ", "x" * 40 * MILLION], status=1, findings=1)
text("no-end-of-cdata.xml", lambda: [XML, "<components>", XML_ENGINE, "<component><name><![CDATA[", "x" * 40 * MILLION], status=1, findings=1)
text("no-end-of-tag.xml", lambda: [XML, "<components>", XML_ENGINE, "<component ", "x" * 40 * MILLION], status=1, findings=1)
text("million-comments-in-a-text.xml", lambda: [XML, "<components><component><name>", "a<!---->" * MILLION, "</name></component>", XML_ENGINE, "</components></bom>"], status=1, findings=1)
text("million-components.xml", lambda: [XML, "<components>", "<component/>" * MILLION, XML_ENGINE, "</components></bom>"], status=1, findings=1)

# YAML

text("brackets-100000.yaml", lambda: [YAML, YAML_ENGINE, "x: ", "[" * 100_000, "]" * 100_000, "\n"], status=(1, 3))
text("braces-100000.yaml", lambda: [YAML, YAML_ENGINE, "x: ", "{a: " * 100_000, "}" * 100_000, "\n"], status=(1, 3))
text("brackets-unclosed.yaml", lambda: [YAML, YAML_ENGINE, "x: ", "[" * MILLION], status=(1, 3))
text("dashes-100000.yaml", lambda: [YAML, YAML_ENGINE, "x:\n", "- " * 100_000, "a\n"], status=(1, 3))
text("dashes-million.yaml", lambda: [YAML, YAML_ENGINE, "x:\n", "- " * MILLION, "a\n"], status=(1, 3))
text("questions-100000.yaml", lambda: [YAML, YAML_ENGINE, "x:\n", "? " * 100_000, "a\n"], status=(1, 3))
text("indented-3000.yaml", lambda: [YAML, YAML_ENGINE, "x:\n", *(" " * n + "a:\n" for n in range(1, 3000))], status=1, findings=1)
text("alias-bomb.yaml", lambda: [YAML, YAML_ENGINE, "a0: &a0 [lol]\n", *(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))], status=1, findings=1)
text("alias-bomb-in-components.yaml", lambda: [YAML, "a0: &a0 {name: x}\n", *(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30)), "components:\n- *a29\n- name: engine\n  supplier: {name: Kaspersky Lab}\n"], status=1, findings=1)
text("million-anchors.yaml", lambda: [YAML, YAML_ENGINE, "x:\n", *(f"- &a{n} 1\n" for n in range(MILLION // 2))], status=1, findings=1)
text("million-documents.yaml", lambda: [YAML, YAML_ENGINE, "---\na: 1\n" * (MILLION // 4)], status=1, findings=1)
text("too-long-scalar.yaml", lambda: [YAML, YAML_ENGINE, "x: ", "a" * 80 * MILLION, "\n"], status=1, findings=1, says="--max-value-size")
text("no-end-of-quotes.yaml", lambda: [YAML, YAML_ENGINE, 'x: "', "a\n  " * MILLION], status=1, findings=1)
text("long-blanks.yaml", lambda: [YAML, YAML_ENGINE, "x:", " " * 20 * MILLION, "a\n"], status=(1, 3))
text("many-lines-of-a-scalar.yaml", lambda: [YAML, YAML_ENGINE, "x: |\n", "  a\n" * 2 * MILLION], status=1, findings=1)
text("many-lines-of-a-plain-scalar.yaml", lambda: [YAML, YAML_ENGINE, "x:\n", "  a\n" * MILLION], status=1, findings=1)

# Tag-value

text("no-end-of-text.spdx", lambda: [TAGS, TAG_ENGINE, "PackageComment: <text>", "x\n" * MILLION], status=1, findings=1)
text("too-long-text.spdx", lambda: [TAGS, TAG_ENGINE, "PackageComment: <text>", "x" * 80 * MILLION, "</text>\n"], status=1, findings=1)
text("too-long-line.spdx", lambda: [TAGS, TAG_ENGINE, "PackageName: ", "x" * 80 * MILLION, "\n"], status=1, findings=1, says="--max-value-size")
text("million-packages.spdx", lambda: [TAGS, "PackageName: x\n" * MILLION, TAG_ENGINE], status=1, findings=1)
text("million-relationships.spdx", lambda: [TAGS, TAG_ENGINE, "Relationship: SPDXRef-engine CONTAINS SPDXRef-engine\n" * MILLION], status=1, findings=1)
text("million-empty-lines.spdx", lambda: [TAGS, "\n" * 20 * MILLION, TAG_ENGINE], status=1, findings=1)
text("million-texts.spdx", lambda: [TAGS, TAG_ENGINE, "PackageComment: <text></text>\n" * MILLION], status=1, findings=1)

# Protobuf


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def run(field, inside):
    return varint(field << 3 | 2) + varint(len(inside)) + inside


def nested(field, depth, kernel=b""):
    """A message in itself, from the inside out, without copying it every time."""
    heads, size = [], len(kernel)
    for _ in range(depth):
        head = varint(field << 3 | 2) + varint(size)
        heads.append(head)
        size += len(head)
    return b"".join(reversed(heads)) + kernel


VERSION = run(1, b"1.6")
PB_ENGINE = run(5, run(8, b"engine") + run(4, run(1, b"Kaspersky Lab")))

text("deep-components.cdx.pb", lambda: [VERSION, PB_ENGINE, run(5, nested(21, MILLION))], status=1, findings=1, says="--max-depth")
text("deep-components-3-million.cdx.pb", lambda: [VERSION, PB_ENGINE, run(5, nested(21, 3 * MILLION))], status=1, findings=1, says="stand in each other")
text("deep-dependencies.cdx.pb", lambda: [VERSION, PB_ENGINE, run(8, run(1, b"a") + nested(2, MILLION, run(1, b"b")))], status=(1, 3), findings=1)
text("deep-unknown.cdx.pb", lambda: [VERSION, PB_ENGINE, nested(900, MILLION)], status=1, findings=1)
text("million-components.cdx.pb", lambda: [VERSION, b"\x2a\0" * MILLION, PB_ENGINE], status=1, findings=1)
text("length-past-the-end.cdx.pb", lambda: [VERSION, PB_ENGINE, b"\x2a\xff\xff\xff\xff\x0f"], status=1, findings=1, code="syntax")
text("length-of-64-bits.cdx.pb", lambda: [VERSION, PB_ENGINE, b"\x2a" + b"\xff" * 9 + b"\x01"], status=1, findings=1, code="syntax")
text("length-past-the-message.cdx.pb", lambda: [VERSION, PB_ENGINE, run(5, b"\x42\x7fx"), PB_ENGINE], status=1, findings=1, code="syntax")
text("number-of-11-bytes.cdx.pb", lambda: [VERSION, PB_ENGINE, b"\x10" + b"\xff" * 10 + b"\x01"], status=1, findings=1, code="syntax")
text("groups.cdx.pb", lambda: [VERSION, PB_ENGINE, b"\x2b" * MILLION, b"\x2c" * MILLION], status=1, findings=1, code="syntax")
text("field-zero.cdx.pb", lambda: [VERSION, PB_ENGINE, b"\x02\x00"], status=1, findings=1, code="syntax")
text("too-long-name.cdx.pb", lambda: [VERSION, PB_ENGINE, run(5, run(8, b"x" * 80 * MILLION))], status=1, findings=1, says="--max-value-size")

# Containers

SBOM = "".join(components(ENGINE)).encode()
ZEROS = b"\0" * MILLION


def stream(compressor, megabytes, head=b""):
    """Compressed zeros, piece by piece."""
    yield compressor.compress(head)
    for _ in range(megabytes):
        yield compressor.compress(ZEROS)
    yield compressor.flush()


def zstd(blocks, kernel=b""):
    """A zstd frame by hand: a raw block, then blocks that say "128 KiB of this byte" in four bytes."""
    yield b"\x28\xb5\x2f\xfd\x00\x58"
    yield struct.pack("<I", len(kernel) << 3)[:3] + kernel
    block = struct.pack("<I", 131072 << 3 | 1 << 1)[:3] + b" "
    yield block * blocks
    yield struct.pack("<I", 1)[:3]


def gz_of(data, level=1):
    return gzip.compress(data, level, mtime=0)


def zip_of(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def tar_of(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def times(wrap, data, many):
    for _ in range(many):
        data = wrap(data)
    return data


text("bomb.json.gz", lambda: stream(zlib.compressobj(9, wbits=31), 4000, SBOM), status=(1, 3), says="--max-ratio")
text("bomb.json.bz2", lambda: stream(bz2.BZ2Compressor(), 500, SBOM), status=(1, 3), says="--max-ratio")
text("bomb.json.xz", lambda: stream(lzma.LZMACompressor(preset=0), 1000, SBOM), status=(1, 3), says="--max-ratio")
text("bomb.json.zst", lambda: zstd(100_000, SBOM), status=(1, 3), says="--max-ratio")
text("unpacked-size.json.gz", lambda: gz_of("".join(components(ENGINE, *(f',{{"name":"n{n}"}}' for n in range(100_000)))).encode()), status=(1, 3), says="--max-unpacked-size", args=("--max-unpacked-size", "1000000"))
text("gz-in-gz.gz", lambda: times(gz_of, SBOM, 20), status=3, says="--max-archive-depth")
text("gz-in-gz-bomb.gz", lambda: times(lambda d: gz_of(d, 9), b"".join(stream(zlib.compressobj(9, wbits=31), 1000)), 3), status=3, says="--max-ratio")
text("zip-in-zip.zip", lambda: times(lambda d: zip_of([("a.zip", d)]), zip_of([("sbom.json", SBOM)]), 20), status=3, says="--max-archive-depth")
text("zip-in-zip-many.zip", lambda: times(lambda d: zip_of([(f"{n}.zip", d) for n in range(16)]), zip_of([("sbom.json", SBOM + b" " * MILLION)]), 3), status=(1, 3))
text("tar-in-tar.tar", lambda: times(lambda d: tar_of([("a.tar", d)]), tar_of([("sbom.json", SBOM)]), 20), status=3, says="--max-archive-depth")
text("bomb.zip", lambda: zip_of([("engine.json", SBOM)] + [(f"{n}.json", ZEROS * 50) for n in range(20)]), status=(1, 3), says="--max-ratio")
text("entries-200000.zip", lambda: zip_of([(f"{n}", b"") for n in range(200_000)], zipfile.ZIP_STORED), status=3, says="--max-entries")
text("climbing-names.zip", lambda: zip_of([("../../../tmp/unlabel-climbed/sbom.json", SBOM), ("/tmp/unlabel-climbed/sbom.json", SBOM), ("C:\\unlabel-climbed.json", SBOM), ("\x1b[2J\u202e.json", SBOM)]), status=1, findings=4)
text("climbing-names.tar", lambda: tar_of([("../../../tmp/unlabel-climbed/sbom.json", SBOM), ("/tmp/unlabel-climbed/sbom.json", SBOM)]), status=1, findings=2)
text("cut-off.json.gz", lambda: gz_of(SBOM + b" " * MILLION)[:-20], status=(1, 3))
text("cut-off.zip", lambda: zip_of([("sbom.json", SBOM)])[:-30], status=3)
text("checksum.json.gz", lambda: gz_of(SBOM)[:-8] + b"\0" * 8, status=(1, 3))


@hostile("overlapping.zip", status=(1, 3), says="--max-")
def overlapping(path):
    """A directory whose 60,000 entries all are the same 1 MB of packed bytes (after David Fifield, 2019)."""
    packed = zlib.compressobj(9, wbits=-15)
    data = packed.compress(ZEROS) + packed.flush()
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, zlib.crc32(ZEROS), len(data), MILLION, 1, 0) + b"a"
    entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, zlib.crc32(ZEROS), len(data), MILLION, 1, 0, 0, 0, 0, 0, 0) + b"a"
    many = 60_000
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, many, many, len(entry) * many, len(local) + len(data), 0)
    with open(path, "wb") as out:
        out.write(local + data + entry * many + end)


@hostile("entries-million.tar", status=(1, 3), says="--max-entries")
def million_entries(path):
    info = tarfile.TarInfo("empty")
    with open(path, "wb") as out:
        out.write(tar_of([("sbom.json", SBOM)])[:2 * 512])
        header = info.tobuf()
        for _ in range(MILLION // 1000):
            out.write(header * 1000)
        out.write(b"\0" * 1024)


@hostile("entries-million.tar.gz", status=(1, 3), says="--max-")
def million_packed_entries(path):
    header = tarfile.TarInfo("empty").tobuf()
    with gzip.open(path, "wb", 1) as out:
        out.write(tar_of([("sbom.json", SBOM)])[:2 * 512])
        for _ in range(MILLION // 1000):
            out.write(header * 1000)
        out.write(b"\0" * 1024)


@hostile("sizes.tar", status=(1, 3))
def sizes(path):
    """A member that says to have eight exabytes, behind a good one."""
    info = tarfile.TarInfo("large.json")
    info.size = 2**63 - 1
    with open(path, "wb") as out:
        out.write(tar_of([("sbom.json", SBOM)])[:2 * 512])
        out.write(info.tobuf(format=tarfile.GNU_FORMAT) + SBOM)


@hostile("links.tar", status=1, findings=1)
def links(path):
    with tarfile.open(path, "w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo("sbom-link.json")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("sbom.json")
        info.size = len(SBOM)
        archive.addfile(info, io.BytesIO(SBOM))


def envelope(payload):
    encoded = base64.b64encode(payload)
    return b'{"payloadType":"application/vnd.in-toto+json","payload":"' + encoded + b'","signatures":[{"sig":"MA=="}]}'


text("envelope-of-a-bomb.json", lambda: envelope(b"".join(stream(zlib.compressobj(9, wbits=31), 500))), status=3)
text("envelope-in-envelope.json", lambda: times(envelope, SBOM, 24), status=3, says="wrappers stand around")
text("envelope-50MB.json", lambda: envelope("".join(components(ENGINE, *(f',{{"name":"n{n}"}}' for n in range(1_500_000)))).encode()), status=1, findings=1)
text("envelope-not-base64.json", lambda: envelope(SBOM).replace(b'"payload":"', b'"payload":"' + b"%" * MILLION), status=3)
