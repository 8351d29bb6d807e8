"""`HTTP_GET` and `SSL_GET`, and their `url` blocks."""

import re
from collections.abc import Iterable

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Entry, Statement
from keepalived_py.config.words import UnmatchedQuoteError, split_command
from keepalived_py.model.checker import DEFAULT_STATUS_CODES, REGEX_OPTIONS, HttpProtocol, Regex, Url
from keepalived_py.schema.arguments import Boolean, Choice, CommandLine, Words
from keepalived_py.schema.lvs.connection import CHECKER, CONNECTED, end_checker, new_connection
from keepalived_py.schema.lvs.draft import HttpDraft, RealServerDraft, UrlDraft
from keepalived_py.schema.lvs.strings import text_row
from keepalived_py.schema.row import Row, Table, table
from keepalived_py.schema.scope import Scope, head_of

DIGEST_OCTETS = 16
STATUS_MIN, STATUS_MAX = 100, 599
_STATUS = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)
_NATURAL = re.compile(r"[+]?\d{1,18}", re.ASCII)
_HEX_OCTET = re.compile(r"[0-9A-Fa-f]{2}")


def begin_http(scope: Scope, head: Statement) -> HttpDraft:
    real: RealServerDraft = scope.block
    return HttpDraft(head, real, new_connection(real), tls=head.keyword == "SSL_GET")


def end_http(scope: Scope, http: HttpDraft) -> None:
    if http.urls:
        end_checker(scope, http)
    else:
        message = "HTTP/SSL_GET checker has no urls specified - ignoring"
        scope.error(http.head, "no-url", message, help="add: url { path / }")


def _bind_sni_name(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    http: HttpDraft = scope.block
    name = statement.words[1] if len(statement.words) > 1 else None
    if name is None and http.sni_name is not None:
        message = f"sni_name already specified as {http.sni_name} - ignoring setting to default"
        scope.error(statement, "duplicate", message)
        return
    if name is not None and http.sni_name is not None:
        message = f"Duplicate sni_name - overwriting {http.sni_name} with {name}"
        scope.error(statement, "duplicate", message, word=1)
    http.sni_name = name
    http.enable_sni = True


# url


def _begin_url(scope: Scope, head: Statement) -> UrlDraft:
    return UrlDraft(head, scope.block)


def _bind_digest(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    url: UrlDraft = scope.block
    digest = statement.words[1]
    length = len(digest)
    wrong = next(
        (at for at in range(length - 2, -1, -2) if not _HEX_OCTET.fullmatch(digest[at : at + 2])), None
    )
    if url.digest is not None:
        problem = f"Digest '{digest}' is a duplicate"
    elif length != 2 * DIGEST_OCTETS:
        problem = f"digest '{digest}' character length should be {2 * DIGEST_OCTETS} rather than {length}"
    elif wrong is not None:
        seen = digest[: wrong + 2]
        problem = f"Unable to interpret hex digit in '{seen}' at offset {wrong}/{wrong + 1}"
    else:
        url.digest = bytes.fromhex(digest)
        return
    scope.error(statement, "bad-digest", problem, word=1, help="the MD5 sum of the body, from genhash")


def _bind_status(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    for index, word in enumerate(statement.words[1:], 1):
        match = _STATUS.fullmatch(word)
        first = int(match[1]) if match else 0
        last = int(match[2] or match[1]) if match else 0
        if STATUS_MIN <= first <= last <= STATUS_MAX:
            scope.block.status_codes.update(range(first, last + 1))
        else:
            message = f"Invalid HTTP_GET status code '{word}'"
            advice = f"{STATUS_MIN} to {STATUS_MAX}, or a range of them: 200-299"
            scope.error(statement, "bad-value", message, word=index, help=advice)


def _bind_regex(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    text = statement.text
    lvs = scope.drafts.lvs
    try:
        words = split_command(text, escapes=True)
    except UnmatchedQuoteError as error:
        message = f"String '{text}': missing terminating {error.quote}"
        scope.error(statement, "unmatched-quote", message, word=None, help="close the quote")
        words = []
    if len(words) != 2:
        message = "regex missing or too many fields"
        scope.error(statement, "bad-regex", message, help="one word: quote it")
        return
    if lvs.pending_regex is not None:
        shown = statement.words[1] if len(statement.words) > 1 else ""
        message = f"Duplicate regex specified - replacing {lvs.pending_regex} with {shown}"
        scope.error(statement, "duplicate", message, word=1)
    lvs.pending_regex = words[1]


def _bind_regex_options(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    if len(statement.words) < 2:
        _say(scope, statement, "missing-argument", "regex_options without an option")
    for index, word in enumerate(statement.words[1:], 1):
        if word in REGEX_OPTIONS:
            scope.block.regex_options.add(word)
        else:
            _say(scope, statement, "unknown-option", f"'{word}' is no option of PCRE2", word=index)


def _offset(scope: Scope, statement: Statement) -> int:
    name = statement.keyword
    if len(statement.words) != 2:
        _say(scope, statement, "missing-argument", f"Missing or too may options for {name}")
        return 0
    word = statement.words[1]
    if not _NATURAL.fullmatch(word):
        _say(scope, statement, "bad-number", f"Invalid {name} {word} specified", word=1)
        return 0
    return int(word)


def _bind_min_offset(scope: Scope, row: Row, entry: Entry) -> None:
    scope.block.regex_min_offset = _offset(scope, head_of(entry))


def _bind_max_offset(scope: Scope, row: Row, entry: Entry) -> None:
    scope.block.regex_max_offset = _offset(scope, head_of(entry))


def _bind_stack(scope: Scope, row: Row, entry: Entry) -> None:
    statement = head_of(entry)
    words = statement.words
    if len(words) != 3:
        problem, index = "regex_stack requires start and max values", 0
    elif not _NATURAL.fullmatch(words[1]):
        problem, index = "regex_stack invalid start value", 1
    elif not _NATURAL.fullmatch(words[2]):
        problem, index = "regex_stack invalid max value", 2
    elif int(words[1]) > int(words[2]):
        problem, index = "regex stack start cannot exceed max value", 1
    else:
        scope.block.regex_stack = int(words[1]), int(words[2])
        return
    _say(scope, statement, "bad-number", problem, word=index)


def _say(scope: Scope, statement: Statement, code: str, message: str, *, word: int = 0) -> None:
    """Report what keepalived only logs, or not even that."""
    scope.error(statement, code, message, word=word, consequence=Consequence.SILENT, located=False)


def _end_url(scope: Scope, url: UrlDraft) -> None:
    if url.path is None:
        message = "HTTP/SSL_GET checker url has no path - ignoring"
        scope.error(url.head, "no-path", message, help="add: path /")
        return
    url.http.urls.append(
        Url(
            path=url.path,
            digest=url.digest,
            status_codes=tuple(_ranges(url.status_codes)) or DEFAULT_STATUS_CODES,
            virtualhost=url.virtualhost,
            regex=_regex(scope, url),
            tls_compliant=url.tls_compliant,
        )
    )


def _regex(scope: Scope, url: UrlDraft) -> Regex | None:
    lvs = scope.drafts.lvs
    low, high = url.regex_min_offset, url.regex_max_offset
    if lvs.pending_regex is None:
        if url.regex_options or url.regex_no_match or low or high is not None or url.regex_stack:
            _say(scope, url.head, "no-regex", "regex parameters specified without regex")
        return None
    if high is not None and low > high:
        _say(scope, url.head, "bad-number", f"regex min offset {low} > regex_max_offset {high} - ignoring")
        low, high = 0, None
    pattern, lvs.pending_regex = lvs.pending_regex, None
    return Regex(
        pattern=pattern,
        options=frozenset(url.regex_options),
        no_match=url.regex_no_match,
        min_offset=low,
        max_offset=high,
        stack=url.regex_stack,
    )


def _ranges(codes: Iterable[int]) -> list[tuple[int, int]]:
    """Codes that follow one another, taken together."""
    found: list[tuple[int, int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return found


def _tls_compliant(what: str) -> Row:
    return Row(
        name="tls_compliant",
        doc=f"The server must close the TLS session properly; {what}.",
        argument=Boolean(),
        field="tls_compliant",
        default="off",
        invalid="Invalid tls_compliant option {value}",
        since="2.2.8",
    )


URL = table(
    text_row("path", "What to fetch.", "PATH", default="required"),
    Row(
        name="digest",
        doc="MD5 sum that the body must have.",
        argument=Words("<HEX>", 1),
        default="any body",
        bind=_bind_digest,
    ),
    Row(
        name="status_code",
        doc="Status codes that are good.",
        argument=Words(f"<INT:{STATUS_MIN}..{STATUS_MAX}>[-<INT>]..."),
        default="200-299",
        bind=_bind_status,
    ),
    text_row(
        "virtualhost",
        "Host header.",
        "HOST",
        label="url virtualhost",
        missing="Missing HTTP_GET virtualhost name",
        default="that of the checker",
    ),
    Row(
        name="regex",
        doc="What must be found in the body: a regular expression of PCRE2.",
        argument=CommandLine(whole_line=True),
        bind=_bind_regex,
    ),
    Row(
        name="regex_no_match",
        doc="It must not be found.",
        field="regex_no_match",
        default="off",
    ),
    Row(
        name="regex_options",
        doc="Options of PCRE2.",
        argument=Words("<OPTION>..."),
        bind=_bind_regex_options,
    ),
    Row(
        name="regex_min_offset",
        doc="It must begin there in the body or later.",
        argument=Words("<INT octets>"),
        default="0",
        bind=_bind_min_offset,
    ),
    Row(
        name="regex_max_offset",
        doc="It must begin there in the body or earlier.",
        argument=Words("<INT octets>"),
        default="none",
        bind=_bind_max_offset,
    ),
    Row(
        name="regex_stack",
        doc="Stack of PCRE2's compiler at the start, and at most.",
        argument=Words("<INT octets> <INT octets>"),
        default="PCRE2's own",
        bind=_bind_stack,
    ),
)

_HTTP = CONNECTED | table(
    Row(
        name="nb_get_retry",
        doc="Old name of retry.",
        argument=CHECKER["retry"].argument,
        field="retry",
        renamed_to="retry",
        deprecated="nb_get_retry is deprecated - please use 'retry'",
        invalid="Invalid nb_get_retry value '{value}'",
    ),
    text_row(
        "virtualhost",
        "Host header.",
        "HOST",
        missing="HTTP_GET virtualhost name missing",
        default="that of the real or virtual server, else address and port",
    ),
    Row(
        name="http_protocol",
        doc="Version of HTTP; 1.0C is 1.0 with the header Connection: close.",
        argument=Choice(
            (
                ("1.0", HttpProtocol.HTTP_1_0),
                ("1.1", HttpProtocol.HTTP_1_1),
                ("1.0C", HttpProtocol.HTTP_1_0_CLOSE),
                ("1.0c", HttpProtocol.HTTP_1_0_CLOSE),
            )
        ),
        field="http_protocol",
        default="1.0",
        missing="Missing http_protocol version",
        invalid="Invalid http_protocol version {value}",
    ),
    Row(
        name="enable_sni",
        doc="Say to a TLS server which host is meant.",
        argument=Boolean(),
        field="enable_sni",
        default="off",
        invalid="Invalid enable_sni parameter {value}",
    ),
    Row(
        name="sni_name",
        doc="Which host that is; enables it, too.",
        argument=Words("[<HOST>]"),
        default="virtualhost",
        bind=_bind_sni_name,
        since="2.4.4",
    ),
    Row(
        name="fast_recovery",
        doc="Fetch all URLs at once, one after the other, while the server is coming up.",
        argument=Boolean(),
        field="fast_recovery",
        default="off",
        invalid="Invalid fast_recovery parameter {value}",
    ),
)


def _url(rows: Table) -> Row:
    return Row(
        name="url",
        doc="What to fetch, and what is a good answer.",
        argument=Words("{ ... }"),
        rows=rows,
        begin=_begin_url,
        end=_end_url,
    )


HTTP_GET = _HTTP | table(_url(URL))
SSL_GET = (
    _HTTP | table(_tls_compliant("of every URL")) | table(_url(URL | table(_tls_compliant("of this URL"))))
)
