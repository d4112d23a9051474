#!/usr/bin/env python3
"""Make inputs of any size from real SBOMs, for measuring:
python3 benches/inputs.py FOLDER KIND SIZE OUT [--seed N] [--findings N] [--median BYTES]

FOLDER  real documents in JSON, such as fixtures/clean
KIND    cyclonedx | xml | protobuf (all CycloneDX), spdx2 | tag-value | yaml | rdf (all SPDX 2), jsonld (SPDX 3), or
        fleet: a folder of many documents in CycloneDX JSON, SPDX 2 JSON and tag-value
SIZE    bytes, with k, M or G; for a fleet the number of documents
OUT     the file, or for a fleet the folder

Components are taken in turn from the documents, each under a name, reference and package URL of its own. The same folder,
seed and size give the same bytes. With --findings, so many components that a rule finds stand among them. It needs
nothing but Python.
"""

import argparse
import gzip
import json
import math
import random
import sys
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr


def documents(folder, family):
    """The documents of a family, by file name."""
    found = []
    for path in sorted(Path(folder).rglob("*")):
        if not path.is_file() or path.stat().st_size > 8_000_000:
            continue
        try:
            document = json.loads(path.read_bytes().decode("utf-8-sig"))
        except (UnicodeDecodeError, ValueError, RecursionError):
            continue
        if isinstance(document, dict) and family.belongs(document):
            found.append(document)
    if not found:
        sys.exit(f"no document for this kind in {folder}")
    return found


def marked(component, keys, mark):
    """The component under a name of its own: a copy in which texts under these keys end with a mark for a number."""
    copy = dict(component)
    for key in keys:
        text = copy.get(key)
        if isinstance(text, str):
            before, at, version = text.partition("@") if key == "purl" else (text, "", "")
            copy[key] = f"{before}-{mark}{at}{version}"
    return copy


def pretty(value):
    return json.dumps(value, ensure_ascii=False, indent=2)


def text_of(value, key):
    """A text under a key, on one line."""
    text = value.get(key)
    return " ".join(text.split()) if isinstance(text, str) else ""


def objects(value, key):
    """The objects in a list under a key."""
    return [one for one in value.get(key) or [] if isinstance(one, dict)]


class CycloneDx:
    # Stands for the number of a component where it is written once and used many times.
    MARK = "\ue000"
    NAMED = ("name", "bom-ref", "purl")
    PLANTED = {
        "type": "library",
        "bom-ref": "planted",
        "supplier": {"name": "AO Kaspersky Lab"},
        "name": "kaspersky-anti-virus-sdk",
        "version": "8.9.2",
        "purl": "pkg:generic/kaspersky/anti-virus-sdk@8.9.2",
    }

    @staticmethod
    def belongs(document):
        return document.get("bomFormat") == "CycloneDX" and CycloneDx.components(document)

    @staticmethod
    def components(document):
        return [c for c in document.get("components") or [] if isinstance(c, dict) and isinstance(c.get("name"), str)]

    @classmethod
    def entry(cls, component):
        """The component as it is written, with marks, and its reference."""
        copy = marked(component, cls.NAMED, cls.MARK)
        reference = copy.get("bom-ref")
        return cls.written(copy), reference if isinstance(reference, str) else None

    @staticmethod
    def written(component):
        return pretty(component)

    @staticmethod
    def size(component, _entry):
        return len(pretty(component).encode())

    @classmethod
    def number(cls, entry, number):
        return entry.replace(cls.MARK, str(number))

    @staticmethod
    def write(out, entries):
        out.write('{\n  "bomFormat": "CycloneDX",\n  "specVersion": "1.6",\n  "version": 1,\n  "metadata": {\n')
        out.write('    "component": {"type": "application", "bom-ref": "product", "name": "product"}\n  },\n  "components": [')
        references = []
        for number, (component, reference) in enumerate(entries):
            out.write(("," if number else "") + "\n" + component)
            references.append(reference)
        out.write('\n  ],\n  "dependencies": [')
        for number, (reference, wanted) in enumerate(tree(references)):
            listed = ",\n      ".join(json.dumps(r, ensure_ascii=False) for r in wanted)
            depends = f"[\n      {listed}\n    ]" if wanted else "[]"
            reference = json.dumps(reference, ensure_ascii=False)
            out.write(("," if number else "") + f'\n  {{\n    "ref": {reference},\n    "dependsOn": {depends}\n  }}')
        out.write("\n]\n}\n")


def tree(references):
    """A tree, as dependencies are: each depends on the next few behind it."""
    references = [r for r in references if isinstance(r, str)]
    yield "product", references[:50]
    for at, reference in enumerate(references):
        yield reference, references[50 + 2 * at : 52 + 2 * at]


class Xml(CycloneDx):
    BEFORE = ("publisher", "group", "name", "version", "description", "scope")
    BEHIND = ("copyright", "cpe", "purl")

    @staticmethod
    def size(_component, entry):
        return len(entry.encode())

    @staticmethod
    def written(component):
        reference = component.get("bom-ref")
        named = f" bom-ref={quoteattr(reference)}" if isinstance(reference, str) else ""
        parts = [f'    <component type={quoteattr(text_of(component, "type") or "library")}{named}>']

        def say(depth, key, text, attribute=""):
            # A control character has no place in XML.
            text = escape("".join(c if c >= " " else " " for c in text))
            parts.append(f"{'  ' * depth}<{key}{attribute}>{text}</{key}>")

        def many(key, lines):
            before = len(parts)
            parts.append(f"      <{key}>")
            lines()
            if len(parts) == before + 1:
                parts.pop()
            else:
                parts.append(f"      </{key}>")

        def hashes():
            for one in objects(component, "hashes"):
                say(4, "hash", text_of(one, "content"), f" alg={quoteattr(text_of(one, 'alg'))}")

        def licenses():
            for one in objects(component, "licenses"):
                license = one.get("license")
                if isinstance(license, dict):
                    key = "id" if isinstance(license.get("id"), str) else "name"
                    parts.append(f"        <license><{key}>{escape(text_of(license, key))}</{key}></license>")
                elif isinstance(one.get("expression"), str):
                    say(4, "expression", one["expression"])

        def references():
            for one in objects(component, "externalReferences"):
                kind = quoteattr(text_of(one, "type") or "other")
                parts.append(f"        <reference type={kind}><url>{escape(text_of(one, 'url'))}</url></reference>")

        def properties():
            for one in objects(component, "properties"):
                say(4, "property", text_of(one, "value"), f" name={quoteattr(text_of(one, 'name'))}")

        supplier = component.get("supplier")
        if isinstance(supplier, dict) and isinstance(supplier.get("name"), str):
            many("supplier", lambda: say(4, "name", supplier["name"]))
        for key in Xml.BEFORE:
            if isinstance(component.get(key), str):
                say(3, key, component[key])
        many("hashes", hashes)
        many("licenses", licenses)
        for key in Xml.BEHIND:
            if isinstance(component.get(key), str):
                say(3, key, component[key])
        many("externalReferences", references)
        many("properties", properties)
        parts.append("    </component>\n")
        return "\n".join(parts)

    @staticmethod
    def write(out, entries):
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">\n')
        out.write('  <metadata>\n    <component type="application" bom-ref="product">\n      <name>product</name>\n')
        out.write("    </component>\n  </metadata>\n  <components>\n")
        references = []
        for component, reference in entries:
            out.write(component)
            references.append(reference)
        out.write("  </components>\n  <dependencies>\n")
        for reference, wanted in tree(references):
            inner = "".join(f"      <dependency ref={quoteattr(r)}/>\n" for r in wanted)
            reference = quoteattr(reference)
            out.write(f"    <dependency ref={reference}>\n{inner}    </dependency>\n" if inner else f"    <dependency ref={reference}/>\n")
        out.write("  </dependencies>\n</bom>\n")


class Protobuf(CycloneDx):
    """The numbers are those of `schema/bom-1.6.proto` of the repository CycloneDX/specification."""

    # As long as the number: a text states its length.
    MARK = "########"
    TYPES = ("", "application", "framework", "library", "operating-system", "device", "file", "container", "firmware")
    TEXTS = ((3, "bom-ref"), (5, "author"), (6, "publisher"), (7, "group"), (8, "name"), (9, "version"), (10, "description"))
    LATER = ((14, "copyright"), (15, "cpe"), (16, "purl"))
    HASHES = ("", "MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512")

    @staticmethod
    def size(_component, entry):
        return len(entry)

    @classmethod
    def number(cls, entry, number):
        if isinstance(entry, bytes):
            return entry.replace(cls.MARK.encode(), b"%08d" % number)
        return entry.replace(cls.MARK, f"{number:08}")

    @staticmethod
    def variant(number):
        out = bytearray()
        while number > 127:
            out.append(number & 127 | 128)
            number >>= 7
        return bytes([*out, number])

    @staticmethod
    def field(number, value):
        if isinstance(value, int):
            return Protobuf.variant(number << 3) + Protobuf.variant(value)
        value = value.encode() if isinstance(value, str) else value
        return Protobuf.variant(number << 3 | 2) + Protobuf.variant(len(value)) + value

    @staticmethod
    def texts(value, fields):
        return b"".join(Protobuf.field(number, value[key]) for number, key in fields if isinstance(value.get(key), str))

    @staticmethod
    def written(component):
        field, texts = Protobuf.field, Protobuf.texts
        kind = text_of(component, "type")
        out = field(1, Protobuf.TYPES.index(kind) if kind in Protobuf.TYPES else 3)
        supplier = component.get("supplier")
        if isinstance(supplier, dict):
            out += field(4, texts(supplier, ((1, "name"),)))
        out += texts(component, Protobuf.TEXTS)
        for one in objects(component, "hashes"):
            kind = text_of(one, "alg")
            if kind in Protobuf.HASHES:
                out += field(12, field(1, Protobuf.HASHES.index(kind)) + texts(one, ((2, "content"),)))
        for one in objects(component, "licenses"):
            license = one.get("license")
            inner = field(1, texts(license, ((1, "id"), (2, "name")))) if isinstance(license, dict) else texts(one, ((2, "expression"),))
            out += field(13, inner)
        out += texts(component, Protobuf.LATER)
        for one in objects(component, "externalReferences"):
            out += field(20, field(1, 1) + texts(one, ((2, "url"),)))
        for one in objects(component, "properties"):
            out += field(22, texts(one, ((1, "name"), (2, "value"))))
        return field(5, out)

    @staticmethod
    def write(out, entries):
        field = Protobuf.field
        out = out.buffer
        product = field(1, 1) + field(3, "product") + field(8, "product")
        out.write(field(1, "1.6") + field(2, 1) + field(4, field(4, product)))
        references = []
        for component, reference in entries:
            out.write(component)
            references.append(reference)
        for reference, wanted in tree(references):
            out.write(field(8, field(1, reference) + b"".join(field(2, field(1, r)) for r in wanted)))


class Spdx2:
    MARK = "\ue000"
    NAMED = ("name", "SPDXID")
    PLANTED = {
        "SPDXID": "SPDXRef-planted",
        "name": "kaspersky-anti-virus-sdk",
        "versionInfo": "8.9.2",
        "supplier": "Organization: AO Kaspersky Lab",
        "downloadLocation": "NOASSERTION",
    }

    @staticmethod
    def belongs(document):
        return str(document.get("spdxVersion", "")).startswith("SPDX-2") and Spdx2.components(document)

    @staticmethod
    def components(document):
        return [p for p in document.get("packages") or [] if isinstance(p, dict) and isinstance(p.get("name"), str)]

    @classmethod
    def entry(cls, package):
        """The package as it is written, with marks, and its reference."""
        copy = marked(package, cls.NAMED, cls.MARK)
        reference = copy.get("SPDXID")
        return cls.written(copy), reference if isinstance(reference, str) else None

    @staticmethod
    def written(package):
        return pretty(package)

    @staticmethod
    def size(package, _entry):
        return len(pretty(package).encode())

    @classmethod
    def number(cls, entry, number):
        return entry.replace(cls.MARK, str(number))

    @staticmethod
    def write(out, entries):
        out.write('{\n  "spdxVersion": "SPDX-2.3",\n  "dataLicense": "CC0-1.0",\n  "SPDXID": "SPDXRef-DOCUMENT",\n  "name": "product",\n')
        out.write('  "documentNamespace": "https://example.com/product",\n  "documentDescribes": ["SPDXRef-product"],\n')
        out.write('  "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Organization: Example"]},\n  "packages": [\n')
        out.write('{"SPDXID": "SPDXRef-product", "name": "product", "downloadLocation": "NOASSERTION"}')
        references = []
        for package, reference in entries:
            out.write(",\n" + package)
            references.append(reference)
        out.write('\n  ],\n  "relationships": [')
        for number, reference in enumerate(r for r in references if isinstance(r, str)):
            reference = json.dumps(reference, ensure_ascii=False)
            out.write(("," if number else "") + '\n  {\n    "spdxElementId": "SPDXRef-product",\n    "relationshipType": "CONTAINS",\n')
            out.write(f'    "relatedSpdxElement": {reference}\n  }}')
        out.write("\n]\n}\n" if any(isinstance(r, str) for r in references) else "]\n}\n")


class TagValue(Spdx2):
    TAGS = (
        ("PackageVersion", "versionInfo"),
        ("PackageFileName", "packageFileName"),
        ("PackageSupplier", "supplier"),
        ("PackageOriginator", "originator"),
        ("PackageDownloadLocation", "downloadLocation"),
        ("PackageHomePage", "homepage"),
        ("PackageLicenseConcluded", "licenseConcluded"),
        ("PackageLicenseDeclared", "licenseDeclared"),
    )
    HEAD = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: product\n"

    @staticmethod
    def size(_package, entry):
        return len(entry.encode())

    @staticmethod
    def written(package):
        reference = line(package.get("SPDXID", f"SPDXRef-{TagValue.MARK}"))
        out = f"\nPackageName: {line(package['name'])}\nSPDXID: {reference}\n"
        for tag, key in TagValue.TAGS:
            if isinstance(package.get(key), str):
                out += f"{tag}: {line(package[key])}\n"
        text = package.get("copyrightText")
        if isinstance(text, str):
            out += f"PackageCopyrightText: <text>{text.replace('</text>', '')}</text>\n"
        for one in objects(package, "externalRefs"):
            keys = ("referenceCategory", "referenceType", "referenceLocator")
            out += "ExternalRef: " + " ".join(line(str(one.get(key, "-"))) for key in keys) + "\n"
        return out

    @staticmethod
    def write(out, entries):
        out.write(TagValue.HEAD)
        out.write("DocumentNamespace: https://example.com/product\nCreator: Organization: Example\nCreated: 2026-01-01T00:00:00Z\n")
        for package, _ in entries:
            out.write(package)


def line(text):
    return " ".join(text.split())


class Yaml(Spdx2):
    size = TagValue.size

    @staticmethod
    def written(package):
        return f"- {Yaml.block(package, 1)[2:]}\n"

    @staticmethod
    def block(value, depth):
        """A value as YAML with texts in double quotes, from which JSON and YAML differ in nothing."""
        space = "  " * depth
        if isinstance(value, dict) and value:
            return "\n".join(f"{space}{key}:{Yaml.below(inner, depth)}" for key, inner in value.items())
        if isinstance(value, list) and value:
            # What stands in a list begins behind its dash.
            return "\n".join(f"{space}- {Yaml.block(inner, depth + 1).lstrip(' ')}" for inner in value)
        return space + json.dumps(value, ensure_ascii=False)

    @staticmethod
    def below(value, depth):
        if isinstance(value, (dict, list)) and value:
            return "\n" + Yaml.block(value, depth + 1)
        return " " + json.dumps(value, ensure_ascii=False)

    @staticmethod
    def write(out, entries):
        out.write('spdxVersion: "SPDX-2.3"\ndataLicense: "CC0-1.0"\nSPDXID: "SPDXRef-DOCUMENT"\nname: "product"\n')
        out.write('documentNamespace: "https://example.com/product"\ndocumentDescribes: ["SPDXRef-product"]\n')
        out.write('creationInfo:\n  created: "2026-01-01T00:00:00Z"\n  creators: ["Organization: Example"]\npackages:\n')
        out.write('- SPDXID: "SPDXRef-product"\n  name: "product"\n  downloadLocation: "NOASSERTION"\n')
        references = []
        for package, reference in entries:
            out.write(package)
            references.append(reference)
        out.write("relationships:\n")
        for reference in filter(None, references):
            out.write(f'- spdxElementId: "SPDXRef-product"\n  relationshipType: "CONTAINS"\n  relatedSpdxElement: {json.dumps(reference)}\n')


class Rdf(Spdx2):
    size = TagValue.size
    SPACE = "https://example.com/product#"
    TERMS = "http://spdx.org/rdf/terms#"
    KEYS = ("name", "versionInfo", "packageFileName", "supplier", "originator", "downloadLocation", "copyrightText", "summary", "description")

    @staticmethod
    def written(package):
        space, terms = Rdf.SPACE, Rdf.TERMS
        out = f"  <spdx:Package rdf:about={quoteattr(space + text_of(package, 'SPDXID'))}>\n"
        for key in Rdf.KEYS:
            if isinstance(package.get(key), str):
                out += f"    <spdx:{key}>{escape(text_of(package, key))}</spdx:{key}>\n"
        for one in objects(package, "externalRefs"):
            kind = quoteattr("http://spdx.org/rdf/references/" + text_of(one, "referenceType"))
            category = text_of(one, "referenceCategory").lower().replace("-m", "M").replace("_m", "M")
            out += f'    <spdx:externalRef>\n      <spdx:ExternalRef>\n        <spdx:referenceCategory rdf:resource="{terms}referenceCategory_{category}"/>\n'
            out += f"        <spdx:referenceType rdf:resource={kind}/>\n"
            out += f"        <spdx:referenceLocator>{escape(text_of(one, 'referenceLocator'))}</spdx:referenceLocator>\n"
            out += "      </spdx:ExternalRef>\n    </spdx:externalRef>\n"
        return out + "  </spdx:Package>\n"

    @staticmethod
    def write(out, entries):
        space, terms = Rdf.SPACE, Rdf.TERMS
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#"')
        out.write(' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n')
        references = []
        for package, reference in entries:
            out.write(package)
            references.append(reference)
        out.write(f'  <spdx:SpdxDocument rdf:about="{space}SPDXRef-DOCUMENT">\n    <spdx:specVersion>SPDX-2.3</spdx:specVersion>\n    <spdx:name>product</spdx:name>\n')
        for reference in filter(None, references):
            out.write(f'    <spdx:relationship><spdx:Relationship><spdx:relationshipType rdf:resource="{terms}relationshipType_contains"/>')
            out.write(f"<spdx:relatedSpdxElement rdf:resource={quoteattr(space + reference)}/></spdx:Relationship></spdx:relationship>\n")
        out.write("  </spdx:SpdxDocument>\n</rdf:RDF>\n")


class JsonLd(Spdx2):
    """SPDX 2 packages as SPDX 3 writes them: an element each, with an agent, a license expression and relationships."""

    size = TagValue.size
    SPACE = "https://example.com/product/"
    TEXTS = (
        ("name", "name"),
        ("software_packageVersion", "versionInfo"),
        ("software_downloadLocation", "downloadLocation"),
        ("software_homePage", "homepage"),
        ("software_copyrightText", "copyrightText"),
        ("software_sourceInfo", "sourceInfo"),
        ("summary", "summary"),
        ("description", "description"),
    )

    @staticmethod
    def written(package):
        space = JsonLd.SPACE
        reference = space + package.get("SPDXID", f"SPDXRef-{JsonLd.MARK}")
        element = {"type": "software_Package", "spdxId": reference, "creationInfo": "_:creation"}
        for key, old in JsonLd.TEXTS:
            if isinstance(package.get(old), str):
                element[key] = package[old]
        sums = [c for c in objects(package, "checksums") if isinstance(c.get("checksumValue"), str)]
        if sums:
            of = lambda c: text_of(c, "algorithm").lower().replace("-", "_")
            element["verifiedUsing"] = [{"type": "Hash", "algorithm": of(c), "hashValue": c["checksumValue"]} for c in sums]
        known = {"purl": "packageUrl", "cpe22Type": "cpe22", "cpe23Type": "cpe23"}
        identifiers = [
            {"type": "ExternalIdentifier", "externalIdentifierType": known.get(text_of(r, "referenceType"), "other"), "identifier": r["referenceLocator"]}
            for r in objects(package, "externalRefs")
            if isinstance(r.get("referenceLocator"), str)
        ]
        if identifiers:
            element["externalIdentifier"] = identifiers
        elements = [element]
        kind, _, name = text_of(package, "supplier").partition(": ")
        if name:
            agent = {"type": kind, "spdxId": reference + "-supplier", "creationInfo": "_:creation", "name": name}
            element["suppliedBy"] = agent["spdxId"]
            elements.append(agent)
        license = text_of(package, "licenseDeclared")
        if license and license not in ("NONE", "NOASSERTION"):
            expression = {"type": "simplelicensing_LicenseExpression", "spdxId": reference + "-license", "creationInfo": "_:creation", "simplelicensing_licenseExpression": license}
            relation = {"type": "Relationship", "spdxId": reference + "-licensed", "creationInfo": "_:creation", "from": reference, "relationshipType": "hasDeclaredLicense", "to": [expression["spdxId"]]}
            elements += [expression, relation]
        elements.append({"type": "Relationship", "spdxId": reference + "-contained", "creationInfo": "_:creation", "from": space + "product", "relationshipType": "contains", "to": [reference]})
        return "".join(",\n" + pretty(e) for e in elements)

    @staticmethod
    def write(out, entries):
        space = JsonLd.SPACE
        head = (
            {"type": "CreationInfo", "@id": "_:creation", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z", "createdBy": [space + "maker"]},
            {"type": "Organization", "spdxId": space + "maker", "creationInfo": "_:creation", "name": "Example"},
            {"type": "SpdxDocument", "spdxId": space + "document", "creationInfo": "_:creation", "rootElement": [space + "product"]},
            {"type": "software_Package", "spdxId": space + "product", "creationInfo": "_:creation", "name": "product"},
        )
        out.write('{\n  "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",\n  "@graph": [\n')
        out.write(",\n".join(pretty(e) for e in head))
        for package, _ in entries:
            out.write(package)
        out.write("\n  ]\n}\n")


KINDS = {
    "cyclonedx": CycloneDx,
    "xml": Xml,
    "protobuf": Protobuf,
    "spdx2": Spdx2,
    "tag-value": TagValue,
    "yaml": Yaml,
    "rdf": Rdf,
    "jsonld": JsonLd,
}


class Maker:
    """Makes documents of a kind; what a component looks like is worked out once."""

    def __init__(self, sources, kind):
        self.sources = [kind.components(document) for document in sources]
        self.kind = kind
        self.known = {}

    def entry(self, component):
        known = self.known.get(id(component))
        if known is None:
            entry = self.kind.entry(component)
            known = self.known[id(component)] = (entry, self.kind.size(component, entry[0]))
        return known

    def make(self, size, path, dice, findings=0):
        """A document of about this many bytes."""
        chosen = []
        written = 0
        while written < size:
            for component in dice.choice(self.sources):
                entry, length = self.entry(component)
                chosen.append(entry)
                written += length
                if written >= size:
                    break
        planted = self.kind.entry(self.kind.PLANTED)
        for at in range(findings):
            chosen.insert(at * len(chosen) // findings, planted)

        def numbered():
            for number, (entry, reference) in enumerate(chosen):
                yield self.kind.number(entry, number), reference and self.kind.number(reference, number)

        with open(path, "w", encoding="utf-8", newline="\n") as out:
            self.kind.write(out, numbered())


def fleet(folder, count, out, dice, median):
    """Documents as a buyer has them: most small, some large, one in twenty compressed."""
    endings = {"cyclonedx": "cdx.json", "spdx2": "spdx.json", "tag-value": "spdx"}
    makers = {name: Maker(documents(folder, KINDS[name]), KINDS[name]) for name in endings}
    for number in range(count):
        size = int(min(3e6, max(2e3, dice.lognormvariate(math.log(median), 1.2))))
        name = dice.choices(list(endings), [6, 3, 1])[0]
        supplier = Path(out) / f"supplier-{number % 100:02}"
        supplier.mkdir(parents=True, exist_ok=True)
        path = supplier / f"{number:05}.{endings[name]}"
        makers[name].make(size, path, dice)
        if number % 20 == 0:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
            path.unlink()


def amount(text):
    units = {"k": 1_000, "M": 1_000_000, "G": 1_000_000_000}
    return int(float(text[:-1]) * units[text[-1]]) if text[-1:] in units else int(text)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder")
    arguments.add_argument("kind", choices=[*KINDS, "fleet"])
    arguments.add_argument("size", type=amount)
    arguments.add_argument("out")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--findings", type=int, default=0, help="so many components that a rule finds")
    arguments.add_argument("--median", type=amount, default="80k", help="of a fleet: half its documents are smaller")
    given = arguments.parse_args()
    dice = random.Random(given.seed)
    if given.kind == "fleet":
        return fleet(given.folder, given.size, given.out, dice, given.median)
    kind = KINDS[given.kind]
    Maker(documents(given.folder, kind), kind).make(given.size, given.out, dice, given.findings)


if __name__ == "__main__":
    main()
