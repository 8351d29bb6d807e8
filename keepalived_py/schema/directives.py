"""What the text pass understands, before there are keywords: for the reference and for people."""

from keepalived_py.schema.arguments import Words
from keepalived_py.schema.row import Row, Table, table


def _directive(name: str, form: str, doc: str, default: str = "", since: str = "") -> Row:
    return Row(name=name, argument=Words(form), doc=doc, default=default, since=since)


_PATTERN = "<PATTERN>"

DIRECTIVES: Table = table(
    _directive("include", _PATTERN, "Read the files that match; what is missing is only reported."),
    _directive("includer", _PATTERN, "As `include`; a match that cannot be read is an error."),
    _directive("includem", _PATTERN, "As `includer`; so is a file that does not exist."),
    _directive("includew", _PATTERN, "As `includem`; so is a wildcard that matches nothing."),
    _directive("includeb", _PATTERN, "As `includer`; so is an alternative in braces that does not exist."),
    _directive("includea", _PATTERN, "As all of these together."),
    _directive("@", "@<ID> <LINE>", "Read the line only if the configuration id (`-i`) is this one."),
    _directive("@^", "@^<ID> <LINE>", "Read the line only if the configuration id (`-i`) is another."),
    _directive(
        "$NAME=",
        "$NAME=<TEXT>[\\]",
        "Let $NAME and ${NAME} stand for the text; a backslash at the end continues it on the next line.",
    ),
    _directive(
        "~SEQ",
        "~SEQ(<VARIABLE>, [<START>, [<STEP>,]] <END>) <TEXT>",
        "Repeat the text for every number.",
        "start and step 1",
    ),
    _directive("~SEQx", "~SEQx(...) <TEXT>", "As `~SEQ`, with hexadecimal numbers."),
    _directive(
        "~LST",
        "~LST(<VARIABLE>, <VALUE>...) <TEXT>",
        "Repeat the text for every value; of several variables and their values each in braces.",
    ),
    _directive("_PWD", "${_PWD}", "Directory of the file that is being read."),
    _directive("_INSTANCE", "${_INSTANCE}", "The configuration id (`-i`).", "host name up to its first dot"),
    _directive(
        "_RANDOM", "${_RANDOM [<MIN> [<MAX>]]}", "A random number, another at each use.", "0 to 32767"
    ),
    _directive(
        "_ENV", "${_ENV <NAME>}", "The value of an environment variable, empty if it is unset.", since="2.4.0"
    ),
    _directive("_HASH", "${_HASH}", "The character #."),
    _directive("_BANG", "${_BANG}", "The character !."),
)
