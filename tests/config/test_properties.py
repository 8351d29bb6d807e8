"""Whatever is in a file: reading ends, raises nothing, and points into the file."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepalived_py.schema.keywords import contexts
from keepalived_py.schema.load import Loaded, load

CORPUS = (
    Path(os.environ.get("KEEPALIVED_PY_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus") / "files"
)
KEYWORDS = sorted({row.name for _, row in contexts()})
ODDITIES = [
    *("{", "}", '"', "'", "\\", "#", "$X", "${X}", "$X=", "~SEQ(X,1,3)", "~LST(X,1,2)", "@a", "@^a"),
    *("10.0.0.1", "fe80::1", "1", "-1", "3.5", "eth0", "weight", "é"),
]
SPACE = ["include x", "\n", "\n", "\n", " ", "\t", "\\\n", "\r\n", "\0"]
PIECES = st.sampled_from([*KEYWORDS, *ODDITIES, *SPACE])
RELAXED = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def load_bytes(path: Path, data: bytes) -> Loaded:
    file = path / "keepalived.conf"
    file.write_bytes(data)
    return load(str(file), config_id="a")


def assert_places_exist(result: Loaded, data: bytes) -> None:
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    for one in result.diagnostics:
        assert 1 <= one.span.line <= len(lines)
        assert 1 <= one.span.column <= one.span.end_column <= len(lines[one.span.line - 1]) + 2


@RELAXED
@given(data=st.binary(max_size=3000))
def test_arbitrary_bytes_never_raise(tmp_path: Path, data: bytes) -> None:
    assert_places_exist(load_bytes(tmp_path, data), data)


@RELAXED
@given(pieces=st.lists(PIECES, max_size=80), glue=st.sampled_from([" ", ""]))
def test_keywords_in_any_order_never_raise(tmp_path: Path, pieces: list[str], glue: str) -> None:
    data = glue.join(pieces).encode()
    assert_places_exist(load_bytes(tmp_path, data), data)


@RELAXED
@given(data=st.data())
def test_a_mutated_file_never_raises(tmp_path: Path, data: st.DataObject) -> None:
    text = (Path(__file__).parents[1] / "schema" / "nginx_pair.conf").read_text()
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(text)))
        removed = data.draw(st.integers(0, 12))
        text = text[:place] + data.draw(PIECES) + text[place + removed :]
    assert_places_exist(load_bytes(tmp_path, text.encode()), text.encode())


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus at {CORPUS}; see KEEPALIVED_PY_CORPUS")
def test_every_file_of_the_corpus_is_read() -> None:
    files = sorted(CORPUS.glob("*.conf"))
    assert files
    for file in files:
        result = load(str(file), config_id="here")
        assert result.files[0] == str(file)
