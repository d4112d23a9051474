#!/usr/bin/env python3
"""Make inputs of any size from real SBOMs, for measuring: python3 benches/inputs.py FOLDER KIND SIZE OUT [--seed N]

FOLDER  real documents in JSON, such as fixtures/clean
KIND    cyclonedx | spdx2 | tag-value, or fleet: a folder of many documents of all three
SIZE    bytes, with k, M or G; for a fleet the number of documents
OUT     the file, or for a fleet the folder

Components are taken in turn from the documents, each under a name, reference and package URL of its own. The same folder,
seed and size give the same bytes. It needs nothing but Python.
"""

import argparse
import gzip
import json
import random
import sys
from pathlib import Path


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


def numbered(component, keys, number):
    """The component under a name of its own: a copy in which texts under these keys end with a number."""
    copy = dict(component)
    for key in keys:
        text = copy.get(key)
        if isinstance(text, str):
            before, at, version = text.partition("@") if key == "purl" else (text, "", "")
            copy[key] = f"{before}-{number}{at}{version}"
    return copy


class CycloneDx:
    @staticmethod
    def belongs(document):
        return document.get("bomFormat") == "CycloneDX" and CycloneDx.components(document)

    @staticmethod
    def components(document):
        return [c for c in document.get("components") or [] if isinstance(c, dict) and isinstance(c.get("name"), str)]

    @staticmethod
    def write(out, components):
        out.write('{\n  "bomFormat": "CycloneDX",\n  "specVersion": "1.6",\n  "version": 1,\n  "metadata": {\n')
        out.write('    "component": {"type": "application", "bom-ref": "product", "name": "product"}\n  },\n  "components": [')
        references = []
        for number, component in enumerate(components):
            component = numbered(component, ("name", "bom-ref", "purl"), number)
            out.write(("," if number else "") + "\n" + json.dumps(component, ensure_ascii=False, indent=2))
            references.append(component.get("bom-ref"))
        references = [r for r in references if isinstance(r, str)]
        entries = [{"ref": "product", "dependsOn": references[:50]}]
        # A tree, as dependencies are: each depends on the next few behind it.
        for at, reference in enumerate(references):
            entries.append({"ref": reference, "dependsOn": references[50 + 2 * at : 52 + 2 * at]})
        out.write("\n  ],\n" + '  "dependencies": ' + json.dumps(entries, ensure_ascii=False, indent=2) + "\n}\n")


class Spdx2:
    @staticmethod
    def belongs(document):
        return str(document.get("spdxVersion", "")).startswith("SPDX-2") and Spdx2.components(document)

    @staticmethod
    def components(document):
        return [p for p in document.get("packages") or [] if isinstance(p, dict) and isinstance(p.get("name"), str)]

    @staticmethod
    def write(out, packages):
        out.write('{\n  "spdxVersion": "SPDX-2.3",\n  "dataLicense": "CC0-1.0",\n  "SPDXID": "SPDXRef-DOCUMENT",\n  "name": "product",\n')
        out.write('  "documentNamespace": "https://example.com/product",\n  "documentDescribes": ["SPDXRef-product"],\n')
        out.write('  "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Organization: Example"]},\n  "packages": [\n')
        out.write('{"SPDXID": "SPDXRef-product", "name": "product", "downloadLocation": "NOASSERTION"}')
        references = []
        for number, package in enumerate(packages):
            package = numbered(package, ("name", "SPDXID"), number)
            out.write(",\n" + json.dumps(package, ensure_ascii=False, indent=2))
            references.append(package.get("SPDXID"))
        relations = [
            {"spdxElementId": "SPDXRef-product", "relationshipType": "CONTAINS", "relatedSpdxElement": r}
            for r in references
            if isinstance(r, str)
        ]
        out.write("\n  ],\n" + '  "relationships": ' + json.dumps(relations, ensure_ascii=False, indent=2) + "\n}\n")


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

    @staticmethod
    def write(out, packages):
        out.write("SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: product\n")
        out.write("DocumentNamespace: https://example.com/product\nCreator: Organization: Example\nCreated: 2026-01-01T00:00:00Z\n")
        for number, package in enumerate(packages):
            package = numbered(package, ("name", "SPDXID"), number)
            out.write(f"\nPackageName: {line(package['name'])}\nSPDXID: {line(package.get('SPDXID', f'SPDXRef-{number}'))}\n")
            for tag, key in TagValue.TAGS:
                if isinstance(package.get(key), str):
                    out.write(f"{tag}: {line(package[key])}\n")
            text = package.get("copyrightText")
            if isinstance(text, str):
                out.write(f"PackageCopyrightText: <text>{text.replace('</text>', '')}</text>\n")
            for reference in package.get("externalRefs") or []:
                if isinstance(reference, dict):
                    keys = ("referenceCategory", "referenceType", "referenceLocator")
                    out.write("ExternalRef: " + " ".join(line(str(reference.get(key, "-"))) for key in keys) + "\n")


def line(text):
    return " ".join(text.split())


KINDS = {"cyclonedx": CycloneDx, "spdx2": Spdx2, "tag-value": TagValue}


def make(sources, kind, size, path, dice):
    """A document of about this many bytes."""
    chosen = []
    written = 0
    while written < size:
        for component in kind.components(dice.choice(sources)):
            chosen.append(component)
            written += len(json.dumps(component, ensure_ascii=False, indent=2).encode())
            if written >= size:
                break
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        kind.write(out, chosen)


def fleet(folder, count, out, dice):
    """Documents as a buyer has them: most small, some large, one in twenty compressed."""
    sources = {name: documents(folder, kind) for name, kind in KINDS.items()}
    endings = {"cyclonedx": "cdx.json", "spdx2": "spdx.json", "tag-value": "spdx"}
    for number in range(count):
        size = int(min(3e6, max(2e3, dice.lognormvariate(11.3, 1.2))))
        name = dice.choices(list(KINDS), [6, 3, 1])[0]
        supplier = Path(out) / f"supplier-{number % 100:02}"
        supplier.mkdir(parents=True, exist_ok=True)
        path = supplier / f"{number:05}.{endings[name]}"
        make(sources[name], KINDS[name], size, path, dice)
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
    given = arguments.parse_args()
    dice = random.Random(given.seed)
    if given.kind == "fleet":
        return fleet(given.folder, given.size, given.out, dice)
    kind = KINDS[given.kind]
    make(documents(given.folder, kind), kind, given.size, given.out, dice)


if __name__ == "__main__":
    main()
