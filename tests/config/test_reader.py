"""From files to logical lines: includes, definitions, conditions, sequences, braces. Unless said
otherwise, the expected lines are what keepalived 2.4.3 was seen to make of the text."""

import subprocess
import sys
from pathlib import Path

import pytest

from keepalived_py.config import reader
from keepalived_py.config.diagnostic import Consequence, Diagnostic, Findings
from keepalived_py.config.reader import ConfigurationError, Reader


def read(path: Path, text: str | bytes, config_id: str = "here") -> tuple[list[str], tuple[Diagnostic, ...]]:
    main = path / "keepalived.conf"
    main.write_bytes(text if isinstance(text, bytes) else text.encode())
    findings = Findings()
    lines = [line.text for line in Reader(findings, config_id).read(str(main))]
    return lines, findings.in_order()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        # braces
        ("global_defs{\nrouter_id X}", ["global_defs", "{", "router_id X", "}"]),
        ("a { b c } d {}", ["a", "{", "b c", "}", "d", "{", "}"]),
        ('router_id "{X}"', ['router_id "{X}"']),
        ("router_id ${NOPE}", ["router_id $", "{", "NOPE", "}"]),
        # line ends
        ("a b\r\nc\r\n", ["a b", "c"]),
        ("no newline", ["no newline"]),
        ("", []),
        # definitions
        ("$X=abc\nr $X", ["r abc"]),
        ("$X=abc\nr ${X}def", ["r abcdef"]),
        ("$X=abc\nr $Xdef", ["r $Xdef"]),
        ('$X=abc\nr "$X"', ['r "$X"']),
        ('$X=abc\nr "r${X}z"', ['r "rabcz"']),
        ("$X=1\nr $X.$X", ["r $X.1"]),
        ("$X=1\nr $X,$X)", ["r 1,1)"]),
        ("r $NOPE", ["r $NOPE"]),
        ("$X = abc", ["$X = abc"]),
        ("$X=1\n$Y=$X\n$X=2\nr ${Y}", ["r 2"]),
        ("$X=\nr a${X}b", ["r ab"]),
        ("$X=router_id zz\n$X", ["router_id zz"]),
        ("$X={ router_id qq }\nglobal_defs $X", ["global_defs", "{", "router_id qq", "}"]),
        ('$X="a b"\nr $X', ['r "a b"']),
        ('$X=\\# foo\nr "r${X}z"', ['r "rz"']),  # in the copy that the processes read
        ("r a\\#b", ["r a"]),
        ('r "a\\#b"', ['r "a\\#b"']),
        ("$X=1\nr ${X  }", ["r 1", "}"]),
        ("r ${_RANDOM 1 2 3}", ["r $", "{", "_RANDOM 1 2 3", "}"]),
        ("$X=1\nr \\$X", ["r \\1"]),
        ("r ${_HASH}x", ["r"]),
        ('r "r${_HASH}x"', ['r "r#x"']),
        ("r ${_INSTANCE}", ["r here"]),
        ("$_INSTANCE=abc\nr $_INSTANCE", ["r abc"]),
        # definitions of several lines
        ("$B=one \\\n  two\\\n three\n$B", ["one", "two", "three"]),
        ("$B=\\\none\\\n\nx $B", ["x one"]),
        ("$B=one\\\ntwo\nx $B", ["x one", "two"]),
        ("$B=one\\\ntwo\n$B x", ["$B x"]),
        ("$A=a1\\\na2\n$B=b1\\\n$A\\\nb3\n$B", ["b1", "a1", "a2", "b3"]),
        ("$B=addr ${N}\\\nmore ${N}\n$N=1\n$B\n$N=2\n$B", ["addr 1", "more 1", "addr 2", "more 2"]),
        ("$B=one\\\n# ends it, as an empty line does\ntwo\n$B", ["two", "one"]),
        # conditions
        ("@here x\n@there y\n@^here z\n@^there w", ["x", "w"]),
        ("@ x\n@here\n", []),
        ("@here @there x", ["@there x"]),
        ("@here $X=1\nr $X", ["r 1"]),
        ("r x @here y", ["r x @here y"]),
        # sequences
        ("~SEQ(i,3) r $i", ["r 1", "r 2", "r 3"]),
        ("~SEQ(i,2,4) r $i", ["r 2", "r 3", "r 4"]),
        ("~SEQ(i,4,2) r $i", ["r 4", "r 3", "r 2"]),
        ("~SEQ(i,2,3,9) r $i", ["r 2", "r 5", "r 8"]),
        ("~SEQ(i,5,-2,1) r $i", ["r 5", "r 3", "r 1"]),
        ("~SEQ(i,0) r $i", ["r 1", "r 0"]),
        ("~SEQ ( i , 0x10 , 0x11 )r $i", ["r 16", "r 17"]),
        ("~SEQx(i,9,11) r $i", ["r 9", "r a", "r b"]),
        ("$S=2\n~SEQ(i, $S, 3) r $i\nr $i", ["r 2", "r 3", "r 3"]),
        (
            "~SEQ(i,1,2) ~SEQ(j,3,4) 10.9.${i}.$j",
            ["10.9.1.3", "10.9.1.4", "10.9.2.3", "10.9.2.4"],
        ),
        ("$M=a ${N}\\\nb ${N}\n~SEQ(N,21,22) $M", ["a 21", "b 21", "a 22", "b 22"]),
        ("10.9.1.1 ~SEQ(i,2)", ["10.9.1.1 ~SEQ(i,2)"]),
        ("~FOO x", ["~FOO x"]),
        ("~LST(a,1,5,7) r $a", ["r 1", "r 5", "r 7"]),
        ("~LST({a,b},{1,2},{3}) r ${a}-${b}.", ["r 1-2.", "r 3-."]),
    ],
)
def test_text_becomes_logical_lines(tmp_path: Path, text: str, lines: list[str]) -> None:
    assert read(tmp_path, text)[0] == lines


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a\n  ~SEQ(i,1,0,3) x", "bad-sequence", 2, 3),
        ("~SEQ(i,1,3 x", "bad-sequence", 1, 1),
        ("~SEQx(i,-3) x", "bad-sequence", 1, 1),
        ("~LST({a},{1,2}) x", "bad-sequence", 1, 1),
        ("}\n", "extra-close-brace", 1, 1),
        ("a {\n b {\n", "missing-close-brace", 1, 3),
        ('a "b', "unterminated-quote", 1, 3),
        ("x" * 2000, "line-too-long", 1, 1),
        ("$X=$X\nr $X", "bad-substitution", 2, 1),
        ("$A=${B}${B}\n$B=${A}\nr ${A}", "bad-substitution", 3, 1),
        ("r ${_ENV}", "bad-substitution", 1, 1),
        ("$M=x\\\n$M\n$M", "expansion-limit", 3, 1),
        ("~SEQ(i,1,999999999) x", "expansion-limit", 1, 21),
    ],
)
def test_bad_text_is_reported_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: str, line: int, column: int
) -> None:
    monkeypatch.setattr(reader, "EXPANSIONS_MAX", 1000)
    _, diagnostics = read(tmp_path, text)
    first = diagnostics[0]
    assert (first.code, first.span.line, first.span.column) == (code, line, column)


def test_expansions_end_by_their_length_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "EXPANDED_CHARACTERS_MAX", 1000)
    lines, (finding,) = read(tmp_path, "a\n~SEQ(i,1,900) " + "x" * 99 + "\nb\n")
    assert lines == ["a", *["x" * 99] * 10]
    assert (finding.code, finding.span.line) == ("expansion-limit", 2)


def test_a_line_with_a_nul_is_left_out(tmp_path: Path) -> None:
    lines, diagnostics = read(tmp_path, b"a\nrouter_id X\0Y\nb\n")
    assert lines == ["a", "b"]
    assert [(one.code, one.span.line) for one in diagnostics] == [("embedded-nul", 2)]


def test_what_does_not_fit_a_line_is_read_as_the_next(tmp_path: Path) -> None:
    lines, diagnostics = read(tmp_path, "x" * 1023 + "rest\nb\n")
    assert lines == ["rest", "b"]
    assert diagnostics[0].message == "line too long - ignoring"


def test_an_expanded_word_stands_where_its_reference_does(tmp_path: Path) -> None:
    (tmp_path / "keepalived.conf").write_text("$X=abc\n  r  ${X}d $X\n")
    findings = Findings()
    (line,) = Reader(findings, "here").read(str(tmp_path / "keepalived.conf"))
    start = line.text.index("abcd")
    span = line.characters(start, start + 4)
    assert (span.line, span.column, span.end_column) == (2, 6, 11)
    assert span.via == (f"$X defined at {tmp_path}/keepalived.conf:1",)
    assert span.quoted == "  r  ${X}d $X"


def test_each_line_of_a_definition_tells_the_definitions_it_came_through(tmp_path: Path) -> None:
    file = tmp_path / "keepalived.conf"
    file.write_text("$DEEP=z\n$M=a ${DEEP}\\\n  b\n\n  q $M\n")
    spans = [line.characters() for line in Reader(Findings(), "here").read(str(file))]
    assert [(span.line, span.column, span.end_column) for span in spans] == [(5, 3, 7), (5, 3, 7)]
    macro = f"$M defined at {file}:2"
    assert [span.via for span in spans] == [(f"$DEEP defined at {file}:1", macro), (macro,)]


# Includes


def test_includes_are_relative_to_their_file_and_sorted(tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "b.conf").write_text("b\n")
    (tmp_path / "conf.d" / "a.conf").write_text("a\ninclude sub/*.x\n$D=defined\n")
    (tmp_path / "conf.d" / "sub").mkdir()
    (tmp_path / "conf.d" / "sub" / "1.x").write_text("one\n")
    lines, diagnostics = read(tmp_path, "first\ninclude conf.d/*.conf # comment\nlast $D\n")
    assert lines == ["first", "a", "one", "b", "last defined"]
    assert diagnostics == ()


def test_braces_in_a_pattern_are_alternatives(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.conf").write_text(name)
    assert read(tmp_path, "include {b,a}.conf")[0] == ["b", "a"]


def test_a_line_from_an_include_knows_how_it_was_reached(tmp_path: Path) -> None:
    (tmp_path / "in.conf").write_text("\n inner\n")
    (tmp_path / "keepalived.conf").write_text("include in.conf\n")
    (line,) = Reader(Findings(), "here").read(str(tmp_path / "keepalived.conf"))
    span = line.characters()
    assert (span.file, span.line, span.column) == (f"{tmp_path}/in.conf", 2, 2)
    assert span.via == (f"included from {tmp_path}/keepalived.conf:1",)


_OK, _ERROR = Consequence.SAID, Consequence.INCLUDE


@pytest.mark.parametrize(
    ("pattern", "outcomes"),
    [
        # include, r, m, w, b, a: what keepalived does; None: it says nothing
        ("missing.conf", (_OK, _OK, _ERROR, _ERROR, _OK, _ERROR)),
        ("missing-*.conf", (None, None, None, _ERROR, None, _ERROR)),
        ("missing-*/*.conf", (None, None, None, _ERROR, None, _ERROR)),
        ("missing/*.conf", (_OK, _OK, _ERROR, _ERROR, _OK, _ERROR)),
        ("{a,zz}.conf", (_OK, _OK, _OK, _OK, _ERROR, _ERROR)),
        ("directory", (_OK, _ERROR, _ERROR, _ERROR, _ERROR, _ERROR)),
        ("executable.conf", (_OK, _ERROR, _ERROR, _ERROR, _ERROR, _ERROR)),
    ],
)
def test_each_kind_of_include_has_its_failures(
    tmp_path: Path, pattern: str, outcomes: tuple[Consequence | None, ...]
) -> None:
    (tmp_path / "a.conf").write_text("a\n")
    (tmp_path / "directory").mkdir()
    (tmp_path / "executable.conf").write_text("x\n")
    (tmp_path / "executable.conf").chmod(0o755)
    found = []
    for letter in ("", "r", "m", "w", "b", "a"):
        _, diagnostics = read(tmp_path, f"include{letter} {pattern}\n")
        found.append(diagnostics[0].consequence if diagnostics else None)
    assert tuple(found) == outcomes


def test_quotes_are_part_of_a_pattern_and_other_suffixes_no_include(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("a\n")
    assert read(tmp_path, 'include "a.conf"')[0] == []
    assert read(tmp_path, "includex a.conf\ninclude")[0] == ["includex a.conf", "include"]


def test_an_include_of_itself_ends_in_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("a\ninclude keepalived.conf\n")
    lines, diagnostics = read(tmp_path, "include a.conf\nb\n")
    assert lines == ["a", "b"]
    assert [(one.code, one.span.line) for one in diagnostics] == [("include-loop", 2)]


def test_includes_that_multiply_end_in_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "INCLUDED_FILES_MAX", 200)
    for number in range(20):
        (tmp_path / f"{number}.conf").write_text(f"include {number + 1}.conf\ninclude {number + 1}.conf\n")
    (tmp_path / "20.conf").write_text("x\n")
    _, diagnostics = read(tmp_path, "include 0.conf\n")
    assert diagnostics[0].code == "include-loop"


@pytest.mark.parametrize(
    "make", [lambda path: None, lambda path: path.mkdir(), lambda path: path.touch(0o755)]
)
def test_a_main_file_that_is_none_is_a_typed_error(tmp_path: Path, make: object) -> None:
    path = tmp_path / "x.conf"
    make(path)  # type: ignore[operator]
    with pytest.raises(ConfigurationError) as raised:
        list(Reader(Findings(), "here").read(str(path)))
    assert raised.value.path == str(path)


def test_several_main_files_are_read_and_reported(tmp_path: Path) -> None:
    for name in ("1.conf", "2.conf"):
        (tmp_path / name).write_text(name)
    findings = Findings()
    assert [str(line) for line in Reader(findings, "here").read(f"{tmp_path}/*.conf")] == ["1.conf", "2.conf"]
    assert [one.code for one in findings.in_order()] == ["several-files"]


def test_a_removed_working_directory_matters_only_to_relative_names(tmp_path: Path) -> None:
    file = tmp_path / "keepalived.conf"
    file.write_text("global_defs {\n}\n")
    gone = tmp_path / "gone"
    gone.mkdir()
    program = """if True:
        import os, sys
        from keepalived_py.schema.load import load
        os.rmdir(os.getcwd())
        load(sys.argv[1])
    """
    subprocess.run([sys.executable, "-c", program, file], cwd=gone, check=True)
