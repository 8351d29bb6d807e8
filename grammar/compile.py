"""`make grammar`: the table of the structure grammar, so that reading a file need not wait for Lark."""

from pathlib import Path
from typing import Any

from lark import Lark
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import LALR_Analyzer, Reduce

GRAMMAR = Path(__file__).with_name("keepalived.lark")
TABLE = Path(__file__).parents[1] / "keepalived_py" / "config" / "grammar.py"
START = "configuration"

_MODULE = '''"""The LALR(1) table of grammar/keepalived.lark, as `make grammar` writes it.

What a symbol does in a state: a number goes on to that state, a pair reduces the last so many values
to a symbol. The first state is where reading starts.
"""

TABLE: tuple[dict[str, int | tuple[str, int]], ...] = {table}
'''


class GivenTokens(Lexer):
    """A lexer for what is made of tokens already."""

    def __init__(self, _: object) -> None:
        pass

    def lex(self, data: Any) -> Any:
        return data


def lark_parser() -> Lark:
    """Lark's own parser of the grammar; its input is a list of tokens."""
    return Lark(GRAMMAR.read_text(), start=START, parser="lalr", lexer=GivenTokens)


def table() -> tuple[dict[str, int | tuple[str, int]], ...]:
    """Lark's table with its states in the order in which they are reached; Lark's own varies."""
    analyzer = LALR_Analyzer(lark_parser().parser.parser_conf)
    analyzer.compute_lalr()
    states = analyzer.parse_table.states
    order = [analyzer.parse_table.start_states[START]]
    for state in order:
        for _, (action, target) in sorted(states[state].items()):
            if action is not Reduce and target not in order:
                order.append(target)
    return tuple(
        {
            str(symbol): (str(target.origin.name), len(target.expansion))
            if action is Reduce
            else order.index(target)
            for symbol, (action, target) in sorted(states[state].items())
        }
        for state in order
    )


if __name__ == "__main__":
    TABLE.write_text(_MODULE.format(table=table()))
