"""What happens when an input becomes twice as large: the time it takes must become about twice as long, not four times.

Each document is made of N pieces. The program is busy for so long with N and with 4 N; what it needs for an empty
document is taken off.
"""

import os

HEAD = '{"bomFormat":"CycloneDX","specVersion":"1.6",'
ENGINE = '{"bom-ref":"e","name":"engine","supplier":{"name":"Kaspersky Lab"}}'
SPDX2 = '{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","packages":[{"SPDXID":"SPDXRef-e","name":"e","supplier":"Organization: Kaspersky Lab"}'
SPDX3 = '{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"Organization","spdxId":"k","name":"Kaspersky Lab"},{"type":"software_Package","spdxId":"e","name":"e","suppliedBy":"k"}'
XML = '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component><name>engine</name><supplier><name>Kaspersky Lab</name></supplier></component>'
TAGS = "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nPackageName: e\nSPDXID: SPDXRef-e\nPackageSupplier: Organization: Kaspersky Lab\n"
YAML = "bomFormat: CycloneDX\nspecVersion: '1.6'\nmetadata: {component: {name: engine, supplier: {name: Kaspersky Lab}}}\n"

# Four times as many pieces may take so many times as long. Quadratic would be 16.
MOST = 8
# Shorter times cannot be told from noise.
LEAST = 0.2


def cyclonedx(many, piece, behind=lambda n: ""):
    return HEAD + '"components":[' + ENGINE + "".join(piece(n) for n in range(many)) + "]" + behind(many) + "}"


GROWTH = {
    "duplicate references": (50_000, lambda n: cyclonedx(n, lambda i: ',{"bom-ref":"a","name":"a"}')),
    "duplicate references in pairs": (50_000, lambda n: cyclonedx(n, lambda i: f',{{"bom-ref":"a{i // 2}","name":"a"}}')),
    "engines": (2_500, lambda n: cyclonedx(n, lambda i: f',{{"bom-ref":"e{i}","name":"engine {i}","supplier":{{"name":"Kaspersky Lab"}}}}')),
    "engines in a chain": (2_500, lambda n: cyclonedx(n, lambda i: f',{{"bom-ref":"e{i}","name":"engine","supplier":{{"name":"Kaspersky Lab"}}}}', lambda n: ',"dependencies":[' + ",".join(f'{{"ref":"e{i}","dependsOn":["e{i + 1}"]}}' for i in range(n)) + "]")),
    "a long chain to one engine": (50_000, lambda n: cyclonedx(n, lambda i: f',{{"bom-ref":"c{i}","name":"c"}}', lambda n: ',"dependencies":[' + "".join(f'{{"ref":"c{i}","dependsOn":["c{i + 1}"]}},' for i in range(n)) + f'{{"ref":"c{n - 1}","dependsOn":["e"]}}]')),
    "evidence in one component": (10_000, lambda n: HEAD + '"components":[{"name":"x","properties":[' + ",".join(f'{{"name":"CompanyName{i}","value":"Kaspersky Lab {i}"}}' for i in range(n)) + "]}]}"),
    "problems": (100_000, lambda n: cyclonedx(n, lambda i: ",null")),
    "nested components": (200, lambda n: HEAD + '"components":[' + '{"name":"x","supplier":{"name":"Kaspersky Lab"},"components":[' * n + "]}" * n + "]}"),
    "dependencies of one": (100_000, lambda n: cyclonedx(n, lambda i: f',{{"bom-ref":"c{i}","name":"c"}}', lambda n: ',"dependencies":[{"ref":"e","dependsOn":[' + ",".join(f'"c{i}"' for i in range(n)) + "]}]")),
    "dependents of an engine": (50_000, lambda n: cyclonedx(n, lambda i: f',{{"bom-ref":"c{i}","name":"c"}}', lambda n: ',"dependencies":[' + ",".join(f'{{"ref":"c{i}","dependsOn":["e"]}}' for i in range(n)) + "]")),
    "long references": (2_000_000, lambda n: cyclonedx(4, lambda i: f',{{"bom-ref":"{"r" * n}{i}","name":"c"}}')),
    "a long name": (2_000_000, lambda n: cyclonedx(1, lambda i: f',{{"name":"{"kasper " * (n // 7)}"}}')),
    "a long name of wide letters": (500_000, lambda n: cyclonedx(1, lambda i: f',{{"name":"{"ｋａ " * (n // 3)}"}}')),
    "a long license": (1_000_000, lambda n: cyclonedx(1, lambda i: f',{{"name":"x","licenses":[{{"expression":"{"LicenseRef-a OR " * (n // 16)}"}}]}}')),
    "a long package URL": (1_000_000, lambda n: cyclonedx(1, lambda i: f',{{"name":"x","purl":"pkg:generic/{"kasperski/" * (n // 10)}x"}}')),
    "a long percent-encoded URL": (1_000_000, lambda n: cyclonedx(1, lambda i: f',{{"name":"x","purl":"pkg:generic/{"%2525" * (n // 5)}x"}}')),
    "a long CPE": (1_000_000, lambda n: cyclonedx(1, lambda i: f',{{"name":"x","cpe":"cpe:2.3:a:{"kasper:" * (n // 7)}x"}}')),
    "relationships": (50_000, lambda n: SPDX2 + "".join(f',{{"SPDXID":"SPDXRef-{i}","name":"a"}}' for i in range(n)) + '],"relationships":[' + ",".join(f'{{"spdxElementId":"SPDXRef-{i}","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-{i * 7 % n}"}}' for i in range(n)) + "]}"),
    "files of a package": (50_000, lambda n: SPDX2 + ',{"SPDXID":"SPDXRef-p","name":"p","hasFiles":[' + ",".join(f'"SPDXRef-{i}"' for i in range(n)) + ']}],"files":[' + ",".join(f'{{"SPDXID":"SPDXRef-{i}","fileName":"a{i}"}}' for i in range(n)) + "]}"),
    "described": (50_000, lambda n: SPDX2 + "".join(f',{{"SPDXID":"SPDXRef-{i}","name":"a"}}' for i in range(n)) + '],"documentDescribes":[' + ",".join(f'"SPDXRef-{i}"' for i in range(n)) + "]}"),
    "agents": (20_000, lambda n: SPDX3 + "".join(f',{{"type":"Organization","spdxId":"o{i}","name":"o"}},{{"type":"software_Package","spdxId":"p{i}","name":"p","suppliedBy":"o{i}"}}' for i in range(n)) + "]}"),
    "agents of engines": (1_500, lambda n: SPDX3 + "".join(f',{{"type":"Organization","spdxId":"o{i}","name":"Kaspersky Lab"}},{{"type":"software_Package","spdxId":"p{i}","name":"p{i}","suppliedBy":"o{i}"}}' for i in range(n)) + "]}"),
    "components of one agent": (20_000, lambda n: SPDX3 + "".join(f',{{"type":"software_Package","spdxId":"p{i}","name":"p","suppliedBy":"o"}}' for i in range(n)) + ',{"type":"Organization","spdxId":"o","name":"o"}]}'),
    "relationship elements": (20_000, lambda n: SPDX3 + "".join(f',{{"type":"software_Package","spdxId":"p{i}","name":"p"}},{{"type":"Relationship","spdxId":"r{i}","relationshipType":"contains","from":"p{i}","to":["e"]}}' for i in range(n)) + "]}"),
    "components of two sorts by turns": (25_000, lambda n: cyclonedx(n, lambda i: ',{"name":"c"},{"name":"c","components":[{"name":"d"}]}')),
    "XML components of two sorts by turns": (25_000, lambda n: XML + "<component><name>c</name></component><component><name>c</name><components><component><name>d</name></component></components></component>" * n + "</components></bom>"),
    "YAML components of two sorts by turns": (12_500, lambda n: YAML + "components:\n" + "- {name: c}\n- {name: c, components: [{name: d}]}\n" * n),
    "XML components": (50_000, lambda n: XML + "".join(f'<component bom-ref="c{i}"><name>c</name></component>' for i in range(n)) + "</components></bom>"),
    "XML attributes": (100_000, lambda n: XML + "<component" + "".join(f' a{i}="b"' for i in range(n)) + "><name>c</name></component></components></bom>"),
    "XML attributes of one name": (100_000, lambda n: XML + "<component" + ' a="b"' * n + "><name>c</name></component></components></bom>"),
    "XML namespaces": (20_000, lambda n: XML + "<component" + "".join(f' xmlns:a{i}="b"' for i in range(n)) + "><name>c</name></component></components></bom>"),
    "XML namespaces, nested": (20_000, lambda n: XML + "".join(f'<a xmlns:a{i}="b">' for i in range(n)) + "</a>" * n + "</components></bom>"),
    "XML depth": (200_000, lambda n: XML + "<a>" * n + "</a>" * n + "</components></bom>"),
    "XML pieces of a text": (200_000, lambda n: XML + "<component><name>" + "a<!---->" * n + "</name></component></components></bom>"),
    "XML characters by number": (200_000, lambda n: XML + "<component><name>" + "&#107;" * n + "</name></component></components></bom>"),
    "YAML entries": (50_000, lambda n: YAML + "components:\n" + "".join(f"- {{bom-ref: c{i}, name: c}}\n" for i in range(n))),
    "YAML lists in lists": (20_000, lambda n: YAML + "x: " + "[" * n + "]" * n + "\n"),
    "YAML dashes": (20_000, lambda n: YAML + "x:\n" + "- " * n + "a\n"),
    "YAML anchors": (50_000, lambda n: YAML + "x:\n" + "".join(f"- &a{i} 1\n" for i in range(n))),
    "YAML lines of a text": (200_000, lambda n: YAML + "x: |\n" + "  a\n" * n),
    "YAML lines of a plain text": (100_000, lambda n: YAML + "x:\n" + "  a\n" * n),
    "YAML blanks": (1_000_000, lambda n: YAML + "x:" + " " * n + "a\n"),
    "YAML escapes": (500_000, lambda n: YAML + 'x: "' + "\\u006b" * n + '"\n'),
    "YAML documents": (20_000, lambda n: YAML + "---\na: 1\n" * n),
    "tag-value packages": (50_000, lambda n: TAGS + "".join(f"PackageName: p\nSPDXID: SPDXRef-{i}\n" for i in range(n))),
    "tag-value relationships": (100_000, lambda n: TAGS + "Relationship: SPDXRef-e CONTAINS SPDXRef-e\n" * n),
    "tag-value without end of text": (200_000, lambda n: TAGS + "PackageComment: <text>" + "x\n" * n),
    "tag-value texts without end": (5_000, lambda n: TAGS + "PackageComment: <text>x\n" * n),
    "wrapped SBOMs": (2_000, lambda n: "[" + ",".join([cyclonedx(0, None)] * n) + "]"),
    "lines": (2_000, lambda n: (cyclonedx(0, None) + "\n") * n),
}


def measure(name, apart, scan, program, folder):
    """Gives whether it is wrong, and a line to show."""
    path = os.path.join(folder, "growth")

    def busy(make, many):
        def write():
            with open(path, "w") as out:
                out.write(make(many))

        apart(write)
        # The quicker of two: noise only ever adds.
        return min((scan(program, [path]) for _ in range(2)), key=lambda s: s.busy)

    many, make = GROWTH[name]
    nothing = busy(lambda n: HEAD + '"components":[]}', 0).busy
    few, more = busy(make, many), busy(make, 4 * many)
    os.remove(path)
    a, b = max(few.busy - nothing, 0.001), max(more.busy - nothing, 0.001)
    wrong = [*few.wrong(), *more.wrong()]
    slow = b > LEAST and b / a > MOST
    shown = f"{a:6.2f} s, then {b:6.2f} s for four times as many ({b / a:.1f}), {more.memory >> 20} MiB: {name}"
    return bool(wrong) or slow, shown + "".join(f"\n     {line}" for line in wrong)
